// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/frame/dock.h"

#include <QAction>
#include <QHBoxLayout>
#include <QPainter>
#include <QStackedWidget>
#include <QTabBar>
#include <QToolButton>
#include <QVBoxLayout>

namespace faultline::views {

Dock::Dock(const Theme &theme, QWidget *parent)
    : QFrame(parent)
    , m_theme(theme)
    , m_tabs(new QTabBar(this))
    , m_contents(new QStackedWidget(this))
{
    setProperty("surface", QStringLiteral("panel"));
    setMinimumHeight(140);
    m_tabs->setTabsClosable(true);
    m_tabs->setDocumentMode(true);
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->setElideMode(Qt::ElideMiddle);
    m_tabs->setMovable(false);
    auto *hide = new QToolButton(this);
    hide->setIcon(theme.icon(QStringLiteral("chevron-down")));
    hide->setToolTip(tr("Hide the dock (Ctrl+J)"));
    hide->setAccessibleName(tr("Hide the dock"));
    connect(hide, &QToolButton::clicked, this, [this] { Q_EMIT wanted(false); });
    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(0, 2, 8, 0);
    bar->addWidget(m_tabs, 1);
    bar->addWidget(hide);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(bar);
    layout->addWidget(m_contents, 1);

    auto *closeTab = new QAction(tr("Close tab"), this);
    closeTab->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_W));
    closeTab->setShortcutContext(Qt::WindowShortcut);
    connect(closeTab, &QAction::triggered, this, [this] { closeAt(m_tabs->currentIndex()); });
    addAction(closeTab);
    connect(m_tabs, &QTabBar::tabCloseRequested, this, &Dock::closeAt);
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int index) {
        if (index >= 0 && index < m_contents->count())
            m_contents->setCurrentIndex(index);
        update();
    });
}

int Dock::indexOf(const QString &key) const
{
    for (int index = 0; index < m_tabs->count(); ++index) {
        if (m_tabs->tabData(index).toStringList().value(0) == key)
            return index;
    }
    return -1;
}

bool Dock::activate(const QString &key)
{
    const int index = indexOf(key);
    if (index < 0)
        return false;
    m_tabs->setCurrentIndex(index);
    Q_EMIT wanted(true);
    return true;
}

void Dock::open(const DockTab &tab, QWidget *content)
{
    closeAt(indexOf(tab.key));
    m_contents->addWidget(content);
    const int index = m_tabs->addTab(m_theme.icon(tab.icon, Token::Muted, Token::Text), tab.title);
    m_tabs->setTabData(index, QStringList{ tab.key, tab.title });
    m_tabs->setCurrentIndex(index);
    m_contents->setCurrentIndex(index);
    Q_EMIT wanted(true);
    Q_EMIT opened(tab.key);
}

void Dock::setState(const QString &key, const QString &state)
{
    const int index = indexOf(key);
    if (index < 0)
        return;
    const QString title = m_tabs->tabData(index).toStringList().value(1);
    m_tabs->setTabText(
        index, state.isEmpty() ? title : QStringLiteral("%1   %2").arg(title, state));
}

void Dock::close(const QString &key)
{
    closeAt(indexOf(key));
}

void Dock::closeAll()
{
    while (m_tabs->count() > 0)
        closeAt(0);
}

void Dock::closeAt(int index)
{
    if (index < 0 || index >= m_tabs->count())
        return;
    const QString key = m_tabs->tabData(index).toStringList().value(0);
    QWidget *content = m_contents->widget(index);
    m_contents->removeWidget(content);
    m_tabs->removeTab(index);
    m_contents->setCurrentIndex(m_tabs->currentIndex());
    content->deleteLater();
    Q_EMIT closed(key);
    if (m_tabs->count() == 0)
        Q_EMIT wanted(false);
}

QStringList Dock::keys() const
{
    QStringList out;
    for (int index = 0; index < m_tabs->count(); ++index)
        out.append(m_tabs->tabData(index).toStringList().value(0));
    return out;
}

QWidget *Dock::current() const
{
    return m_contents->currentWidget();
}

void Dock::setColour(const QColor &colour)
{
    m_colour = colour;
    update();
}

void Dock::paintEvent(QPaintEvent *event)
{
    QFrame::paintEvent(event);
    if (m_tabs->currentIndex() < 0)
        return;
    // The bar over the current tab says which workspace it belongs to; the tab bar leaves 2 px for
    // it.
    QPainter painter(this);
    const QRect tab = m_tabs->tabRect(m_tabs->currentIndex()).translated(m_tabs->pos());
    painter.fillRect(QRect(tab.left(), 0, tab.width(), 2),
        m_colour.isValid() ? m_colour : m_theme.color(Token::Accent));
}

} // namespace faultline::views
