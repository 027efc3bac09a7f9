// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/frame/dock_pane.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

namespace faultline::views {

namespace {

/// What QTabBar keeps for each tab: its key, title, icon and state.
enum Part { KeyPart, TitlePart, IconPart, StatePart };

QString part(const QTabBar &tabs, int index, Part wanted)
{
    return tabs.tabData(index).toStringList().value(wanted);
}

} // namespace

DockPane::DockPane(const Theme &theme, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_tabs(new QTabBar(this))
    , m_bar(new QHBoxLayout)
    , m_contents(new QStackedWidget(this))
{
    m_tabs->setTabsClosable(true);
    m_tabs->setDocumentMode(true);
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->setElideMode(Qt::ElideMiddle);
    m_tabs->setMovable(false);
    m_tabs->setContextMenuPolicy(Qt::CustomContextMenu);
    m_bar->setContentsMargins(0, 2, 8, 0);
    m_bar->addWidget(m_tabs, 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(m_bar);
    layout->addWidget(m_contents, 1);
    connect(m_tabs, &QTabBar::tabCloseRequested, this, &DockPane::closeAt);
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int index) {
        if (index >= 0 && index < m_contents->count())
            m_contents->setCurrentIndex(index);
        update();
    });
    connect(m_tabs, &QWidget::customContextMenuRequested, this, [this](const QPoint &point) {
        if (const int index = m_tabs->tabAt(point); index >= 0)
            Q_EMIT menuWanted(part(*m_tabs, index, KeyPart), m_tabs->mapToGlobal(point));
    });
}

void DockPane::add(const Moved &moved)
{
    m_contents->addWidget(moved.content);
    const int index
        = m_tabs->addTab(m_theme.icon(moved.tab.icon, Token::Muted, Token::Text), moved.tab.title);
    m_tabs->setTabData(
        index, QStringList{ moved.tab.key, moved.tab.title, moved.tab.icon, moved.state });
    showState(index);
    m_tabs->setCurrentIndex(index);
    m_contents->setCurrentIndex(index);
}

DockPane::Moved DockPane::take(const QString &key)
{
    const int index = indexOf(key);
    const QStringList parts = m_tabs->tabData(index).toStringList();
    Moved moved{ { key, parts.value(TitlePart), parts.value(IconPart) }, parts.value(StatePart),
        removeAt(index) };
    return moved;
}

void DockPane::close(const QString &key)
{
    closeAt(indexOf(key));
}

void DockPane::activate(const QString &key)
{
    m_tabs->setCurrentIndex(indexOf(key));
}

void DockPane::setState(const QString &key, const QString &state)
{
    const int index = indexOf(key);
    if (index < 0)
        return;
    QStringList parts = m_tabs->tabData(index).toStringList();
    parts[StatePart] = state;
    m_tabs->setTabData(index, parts);
    showState(index);
}

QStringList DockPane::keys() const
{
    QStringList out;
    for (int index = 0; index < m_tabs->count(); ++index)
        out.append(part(*m_tabs, index, KeyPart));
    return out;
}

QString DockPane::currentKey() const
{
    return part(*m_tabs, m_tabs->currentIndex(), KeyPart);
}

QString DockPane::titleOf(const QString &key) const
{
    return part(*m_tabs, indexOf(key), TitlePart);
}

QWidget *DockPane::currentContent() const
{
    return m_contents->currentWidget();
}

void DockPane::setColour(const QColor &colour)
{
    m_colour = colour;
    update();
}

void DockPane::addButton(QWidget *button)
{
    m_bar->addWidget(button);
}

int DockPane::indexOf(const QString &key) const
{
    for (int index = 0; index < m_tabs->count(); ++index) {
        if (part(*m_tabs, index, KeyPart) == key)
            return index;
    }
    return -1;
}

QWidget *DockPane::removeAt(int index)
{
    QWidget *content = m_contents->widget(index);
    m_contents->removeWidget(content);
    m_tabs->removeTab(index);
    m_contents->setCurrentIndex(m_tabs->currentIndex());
    if (m_tabs->count() == 0)
        Q_EMIT emptied();
    return content;
}

void DockPane::closeAt(int index)
{
    if (index < 0 || index >= m_tabs->count())
        return;
    const QString key = part(*m_tabs, index, KeyPart);
    removeAt(index)->deleteLater();
    Q_EMIT closed(key);
}

void DockPane::showState(int index)
{
    const QString title = part(*m_tabs, index, TitlePart);
    const QString state = part(*m_tabs, index, StatePart);
    m_tabs->setTabText(
        index, state.isEmpty() ? title : QStringLiteral("%1   %2").arg(title, state));
}

void DockPane::paintEvent(QPaintEvent *event)
{
    QWidget::paintEvent(event);
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
