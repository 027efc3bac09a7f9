// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/frame/dock.h"

#include "views/frame/dock_window.h"

#include <QAction>
#include <QMenu>
#include <QSplitter>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace faultline::views {

Dock::Dock(const Theme &theme, QWidget *parent)
    : QFrame(parent)
    , m_theme(theme)
    , m_halves(new QSplitter(Qt::Horizontal, this))
    , m_left(new DockPane(theme, this))
    , m_right(new DockPane(theme, this))
{
    setProperty("surface", QStringLiteral("panel"));
    setMinimumHeight(140);
    m_halves->addWidget(m_left);
    m_halves->addWidget(m_right);
    m_halves->setChildrenCollapsible(false);
    m_right->hide();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_halves);
    addHideButton();
    addCloseAction();
    watch(*m_left);
    watch(*m_right);
}

void Dock::addHideButton()
{
    for (DockPane *pane : { m_left, m_right }) {
        auto *hide = new QToolButton(pane);
        hide->setIcon(m_theme.icon(QStringLiteral("chevron-down")));
        hide->setToolTip(tr("Hide the dock (Ctrl+J)"));
        hide->setAccessibleName(tr("Hide the dock"));
        connect(hide, &QToolButton::clicked, this, [this] { Q_EMIT wanted(false); });
        pane->addButton(hide);
    }
}

void Dock::addCloseAction()
{
    auto *closeTab = new QAction(tr("Close tab"), this);
    closeTab->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_W));
    closeTab->setShortcutContext(Qt::WindowShortcut);
    connect(closeTab, &QAction::triggered, this, [this] { close(activePane().currentKey()); });
    addAction(closeTab);
}

void Dock::watch(DockPane &pane)
{
    connect(&pane, &DockPane::closed, this, &Dock::closed);
    connect(&pane, &DockPane::menuWanted, this, &Dock::showMenu);
    // The tab that left may be shown elsewhere first.
    connect(&pane, &DockPane::emptied, this, &Dock::tidy, Qt::QueuedConnection);
    connect(&pane, &DockPane::closed, this, &Dock::tidy);
}

QList<DockPane *> Dock::panes() const
{
    QList<DockPane *> out{ m_left, m_right };
    for (DockWindow *window : m_windows)
        out.append(&window->pane());
    return out;
}

DockPane *Dock::paneOf(const QString &key) const
{
    const QList<DockPane *> all = panes();
    const auto found = std::find_if(
        all.begin(), all.end(), [&key](const DockPane *pane) { return pane->holds(key); });
    return found == all.end() ? nullptr : *found;
}

DockPane &Dock::activePane() const
{
    const QWidget *focus = m_right->window()->focusWidget();
    const bool inRight = focus != nullptr && m_right->isAncestorOf(focus);
    const bool onlyRight = m_left->keys().isEmpty();
    return (inRight || onlyRight) && !m_right->keys().isEmpty() ? *m_right : *m_left;
}

DockWindow *Dock::windowOf(const QString &key) const
{
    const auto found = std::find_if(m_windows.begin(), m_windows.end(),
        [&key](DockWindow *window) { return window->pane().holds(key); });
    return found == m_windows.end() ? nullptr : *found;
}

/// Shows the halves that have tabs, ends windows that have none.
void Dock::tidy()
{
    m_left->setVisible(!m_left->keys().isEmpty() || m_right->keys().isEmpty());
    m_right->setVisible(!m_right->keys().isEmpty());
    m_windows.removeIf([](DockWindow *window) {
        const bool isEmpty = window->pane().keys().isEmpty();
        if (isEmpty) {
            window->hide();
            window->deleteLater();
        }
        return isEmpty;
    });
    if (!hasTabs())
        Q_EMIT wanted(false);
}

bool Dock::activate(const QString &key)
{
    DockPane *pane = paneOf(key);
    if (pane == nullptr)
        return false;
    pane->activate(key);
    if (DockWindow *window = windowOf(key)) {
        window->raise();
        window->activateWindow();
    } else {
        Q_EMIT wanted(true);
    }
    return true;
}

void Dock::open(const DockTab &tab, QWidget *content)
{
    close(tab.key);
    DockPane &pane = activePane();
    pane.add({ tab, {}, content });
    tidy();
    Q_EMIT wanted(true);
    Q_EMIT opened(tab.key);
}

void Dock::setState(const QString &key, const QString &state)
{
    if (DockPane *pane = paneOf(key))
        pane->setState(key, state);
}

void Dock::close(const QString &key)
{
    if (DockPane *pane = paneOf(key))
        pane->close(key);
}

void Dock::closeAll()
{
    for (const QString &key : keys())
        close(key);
}

void Dock::moveToOtherHalf(const QString &key)
{
    DockPane *pane = paneOf(key);
    if (pane == nullptr || windowOf(key) != nullptr)
        return;
    DockPane &other = pane == m_left ? *m_right : *m_left;
    other.add(pane->take(key));
    tidy();
    m_halves->setSizes({ width() / 2, width() / 2 });
}

void Dock::detach(const QString &key)
{
    DockPane *pane = paneOf(key);
    if (pane == nullptr || windowOf(key) != nullptr)
        return;
    auto *window = new DockWindow(m_theme, pane->take(key), this);
    window->pane().setColour(m_colour);
    watch(window->pane());
    connect(window, &DockWindow::dockWanted, this, [this, key] { attach(key); });
    m_windows.append(window);
    tidy();
}

void Dock::attach(const QString &key)
{
    DockWindow *window = windowOf(key);
    if (window == nullptr)
        return;
    activePane().add(window->pane().take(key));
    tidy();
    Q_EMIT wanted(true);
}

QStringList Dock::keys() const
{
    QStringList out;
    for (const DockPane *pane : panes())
        out += pane->keys();
    return out;
}

bool Dock::hasTabs() const
{
    return !m_left->keys().isEmpty() || !m_right->keys().isEmpty();
}

bool Dock::isSplit() const
{
    return !m_left->keys().isEmpty() && !m_right->keys().isEmpty();
}

bool Dock::isDetached(const QString &key) const
{
    return windowOf(key) != nullptr;
}

void Dock::setColour(const QColor &colour)
{
    m_colour = colour;
    for (DockPane *pane : panes())
        pane->setColour(colour);
}

void Dock::showMenu(const QString &key, const QPoint &globalPosition)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (isDetached(key)) {
        menu->addAction(tr("Back into the dock"), this, [this, key] { attach(key); });
    } else {
        const bool isAlone = paneOf(key)->keys().size() == 1 && !isSplit();
        menu->addAction(
                m_left->holds(key) ? tr("Move to the right half") : tr("Move to the left half"),
                this, [this, key] { moveToOtherHalf(key); })
            ->setEnabled(!isAlone);
        menu->addAction(tr("Open in a window of its own"), this, [this, key] { detach(key); });
    }
    menu->addSeparator();
    menu->addAction(tr("Close"), this, [this, key] { close(key); });
    menu->addAction(tr("Close the others"), this, [this, key] {
        for (const QString &other : keys()) {
            if (other != key)
                close(other);
        }
    });
    menu->popup(globalPosition);
}

} // namespace faultline::views
