// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/frame/dock_pane.h"

#include <QFrame>

namespace faultline::views {

/// A tab of the dock in a window of its own, for a second screen. Closing the window brings the tab
/// back, so that a terminal is never lost by it.
class DockWindow : public QFrame
{
    Q_OBJECT

public:
    /// Goes with `owner`'s window. Shows itself.
    DockWindow(const Theme &theme, const DockPane::Moved &moved, QWidget *owner);

    [[nodiscard]] DockPane &pane() { return *m_pane; }

Q_SIGNALS:
    void dockWanted();

protected:
    void closeEvent(QCloseEvent *event) override;

private:
    DockPane *m_pane;
};

} // namespace faultline::views
