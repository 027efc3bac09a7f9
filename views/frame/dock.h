// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/frame/dock_pane.h"

#include <QFrame>
#include <QList>

class QMenu;
class QSplitter;

namespace faultline::views {

class DockWindow;

/// Logs and terminals below the page. Tabs survive page changes, can stand side by side in two
/// halves, or in windows of their own; the dock hides itself when the last one leaves it.
class Dock : public QFrame
{
    Q_OBJECT

public:
    explicit Dock(const Theme &theme, QWidget *parent = nullptr);

    /// Brings the tab with this key to the front, wherever it is; false when there is none.
    bool activate(const QString &key);
    /// Adds a tab, takes the content, brings it to the front. A tab with the same key is replaced.
    void open(const DockTab &tab, QWidget *content);
    /// A word behind the title ("following", "ended"); nothing when the tab is gone.
    void setState(const QString &key, const QString &state);
    void close(const QString &key);
    void closeAll();
    /// Moves a tab to the other half; the dock is split while both halves have tabs.
    void moveToOtherHalf(const QString &key);
    /// Puts a tab into a window of its own.
    void detach(const QString &key);
    /// Brings it back out of its window.
    void attach(const QString &key);
    /// Of all tabs, those in windows of their own included.
    [[nodiscard]] QStringList keys() const;
    /// True while there is a tab in the dock itself.
    [[nodiscard]] bool hasTabs() const;
    [[nodiscard]] bool isSplit() const;
    [[nodiscard]] bool isDetached(const QString &key) const;

    /// The workspace's colour, shown on the current tab.
    void setColour(const QColor &colour);

Q_SIGNALS:
    void opened(const QString &key);
    void closed(const QString &key);
    /// True when there is something to show.
    void wanted(bool visible);

private:
    [[nodiscard]] QList<DockPane *> panes() const;
    [[nodiscard]] DockPane *paneOf(const QString &key) const;
    [[nodiscard]] DockPane &activePane() const;
    [[nodiscard]] DockWindow *windowOf(const QString &key) const;
    void watch(DockPane &pane);
    void addHideButton();
    void addCloseAction();
    void tidy();
    void showMenu(const QString &key, const QPoint &globalPosition);

    const Theme &m_theme;
    QSplitter *m_halves;
    DockPane *m_left;
    DockPane *m_right;
    QList<DockWindow *> m_windows;
    QColor m_colour;
};

} // namespace faultline::views
