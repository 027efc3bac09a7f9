// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/frame/dock_window.h"

#include <QCloseEvent>
#include <QToolButton>
#include <QVBoxLayout>

namespace faultline::views {

DockWindow::DockWindow(const Theme &theme, const DockPane::Moved &moved, QWidget *owner)
    : QFrame(owner, Qt::Window)
    , m_pane(new DockPane(theme, this))
{
    setProperty("surface", QStringLiteral("panel"));
    setWindowTitle(moved.tab.title);
    resize(900, 520);
    auto *back = new QToolButton(this);
    back->setIcon(theme.icon(QStringLiteral("dock")));
    back->setToolTip(tr("Back into the dock"));
    back->setAccessibleName(back->toolTip());
    connect(back, &QToolButton::clicked, this, &DockWindow::dockWanted);
    m_pane->addButton(back);
    m_pane->add(moved);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_pane);
    show();
}

void DockWindow::closeEvent(QCloseEvent *event)
{
    event->ignore(); // the dock takes the tab and then ends this
    Q_EMIT dockWanted();
}

} // namespace faultline::views
