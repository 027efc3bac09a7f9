// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/theme/theme.h"

#include <QFrame>

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

/// Logs and terminals below the page. Tabs survive page changes; the dock hides itself when the
/// last one closes.
class Dock : public QFrame
{
    Q_OBJECT

public:
    explicit Dock(const Theme &theme, QWidget *parent = nullptr);

    /// Brings the tab with this key to the front; false when there is none.
    bool activate(const QString &key);
    /// Adds a tab, takes the content, brings it to the front. A tab with the same key is replaced.
    void open(const DockTab &tab, QWidget *content);
    /// A word behind the title ("following", "ended"); nothing when the tab is gone.
    void setState(const QString &key, const QString &state);
    void close(const QString &key);
    void closeAll();
    [[nodiscard]] QStringList keys() const;
    [[nodiscard]] QWidget *current() const;

    /// The workspace's colour, shown on the current tab.
    void setColour(const QColor &colour);

Q_SIGNALS:
    void opened(const QString &key);
    void closed(const QString &key);
    /// True when there is something to show.
    void wanted(bool visible);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    [[nodiscard]] int indexOf(const QString &key) const;
    void closeAt(int index);

    const Theme &m_theme;
    QTabBar *m_tabs;
    QStackedWidget *m_contents;
    QColor m_colour;
};

} // namespace faultline::views
