// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/theme/theme.h"

#include <QWidget>

class QHBoxLayout;
class QStackedWidget;
class QTabBar;

namespace faultline::views {

/// What a tab of the dock is.
struct DockTab
{
    QString key; ///< the same key is opened once ("job/17")
    QString title; ///< "case / stack / container"
    QString icon; ///< file name in resources/icons
};

/// One row of tabs with the content of the chosen one: the dock's only one, one of its halves, or
/// what a window of its own holds.
class DockPane : public QWidget
{
    Q_OBJECT

public:
    /// A tab that is on its way to another pane.
    struct Moved
    {
        DockTab tab;
        QString state;
        QWidget *content = nullptr; ///< nobody's until add() takes it
    };

    explicit DockPane(const Theme &theme, QWidget *parent = nullptr);

    /// Takes the content and brings it to the front.
    void add(const Moved &moved);
    /// Gives a tab away; its content lives on. `key` must be one of keys().
    [[nodiscard]] Moved take(const QString &key);
    /// Ends a tab and its content.
    void close(const QString &key);
    [[nodiscard]] bool holds(const QString &key) const { return indexOf(key) >= 0; }
    void activate(const QString &key);
    void setState(const QString &key, const QString &state);
    [[nodiscard]] QStringList keys() const;
    /// Empty when there is no tab.
    [[nodiscard]] QString currentKey() const;
    [[nodiscard]] QString titleOf(const QString &key) const;
    [[nodiscard]] QWidget *currentContent() const;

    /// Shown over the current tab.
    void setColour(const QColor &colour);
    /// A button at the right end of the tabs, from the left to the right.
    void addButton(QWidget *button);

Q_SIGNALS:
    void closed(const QString &key);
    void emptied();
    void menuWanted(const QString &key, const QPoint &globalPosition);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    [[nodiscard]] int indexOf(const QString &key) const;
    [[nodiscard]] QWidget *removeAt(int index);
    void closeAt(int index);
    void showState(int index);

    const Theme &m_theme;
    QTabBar *m_tabs;
    QHBoxLayout *m_bar;
    QStackedWidget *m_contents;
    QColor m_colour;
};

} // namespace faultline::views
