// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/log_document.h"
#include "models/log_search.h"
#include "views/logs/shown_line.h"
#include "views/theme/theme.h"

#include <QAbstractScrollArea>
#include <QBasicTimer>

namespace faultline::views {

/// The lines of a log, of which only those that can be seen are laid out and painted. It follows
/// the end; scrolling up stops that, reaching the end (or the End key) resumes it.
class LogView : public QAbstractScrollArea
{
    Q_OBJECT

public:
    LogView(const Theme &theme, const models::LogDocument &document,
        const models::LogSearch &search, QWidget *parent = nullptr);

    [[nodiscard]] bool isFollowing() const { return m_follows; }
    void follow();
    /// Brings a search hit into view and marks it as the current one.
    void showHit(std::size_t index);
    [[nodiscard]] QString selectedText() const;
    void copy() const;
    void selectAll();
    [[nodiscard]] int firstVisibleLine() const;

Q_SIGNALS:
    void followingChanged(bool follows);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void timerEvent(QTimerEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    struct Place
    {
        int line = 0;
        qsizetype column = 0;
        friend auto operator<=>(const Place &, const Place &) = default;
    };
    struct Row;

    void measure();
    void updateBars();
    void setFollows(bool follows);
    void scrolled();
    void paintRow(QPainter &painter, const Row &row) const;
    void paintBackground(QPainter &painter, const Row &row) const;
    void paintHits(QPainter &painter, const Row &row) const;
    void paintGutter(QPainter &painter, const Row &row) const;
    void paintText(QPainter &painter, const Row &row) const;
    void paintEventLine(QPainter &painter, const Row &row) const;
    void paintDuration(QPainter &painter, const Row &row) const;
    void paintRun(QPainter &painter, const Row &row, qsizetype from, qsizetype length,
        const logs::TextStyle &style) const;
    [[nodiscard]] QColor plainColour(const Row &row) const;
    [[nodiscard]] int xOf(const ShownLine &line, qsizetype column) const;
    [[nodiscard]] qsizetype columnAt(const ShownLine &line, int x) const;
    [[nodiscard]] Place placeAt(QPoint point) const;
    [[nodiscard]] std::pair<Place, Place> selection() const;
    [[nodiscard]] QString shownTime(const Row &row) const;

    const Theme &m_theme;
    const models::LogDocument &m_document;
    const models::LogSearch &m_search;
    QFont m_font;
    int m_lineHeight = 18;
    int m_charWidth = 7;
    int m_ascent = 13;
    int m_gutter = 0;
    int m_widest = 0; // columns of the widest line that was seen
    bool m_follows = true;
    bool m_isAdjusting = false;
    Place m_anchor;
    Place m_head;
    std::size_t m_currentHit = std::size_t(-1);
    QPoint m_dragAt;
    QBasicTimer m_dragTimer; // scrolls while a selection is dragged outside
};

} // namespace faultline::views
