// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/frame/top_bar.h"

#include "views/frame/health_pill.h"
#include "views/frame/notices.h"
#include "views/widgets/plain_label.h"

#include <QHBoxLayout>
#include <QMenu>
#include <QPainter>
#include <QPixmap>
#include <QPushButton>
#include <QToolButton>

namespace faultline::views {

namespace {

QIcon dotIcon(const QColor &colour)
{
    QPixmap image(32, 32);
    image.fill(Qt::transparent);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawEllipse(QRectF(8, 8, 16, 16));
    return QIcon(image);
}

} // namespace

TopBar::TopBar(const Theme &theme, QWidget *parent)
    : QFrame(parent)
    , m_theme(theme)
    , m_workspace(new QPushButton(this))
    , m_menu(new QMenu(m_workspace))
    , m_pillArea(new QHBoxLayout)
    , m_bell(new NoticeBell(theme, this))
    , m_dockSwitch(makeSwitch(
          QStringLiteral("dock"), tr("Show or hide the dock"), QKeySequence(Qt::CTRL | Qt::Key_J)))
    , m_inspectorSwitch(makeSwitch(QStringLiteral("sidebar"), tr("Show or hide the inspector"),
          QKeySequence(Qt::CTRL | Qt::Key_I)))
{
    setProperty("surface", QStringLiteral("panel"));
    setFixedHeight(metrics::topBar);
    auto *logo = new QPushButton(tr("Faultline"), this);
    logo->setFlat(true);
    logo->setProperty("kind", QStringLiteral("logo"));
    logo->setIcon(theme.icon(QStringLiteral("logo"), Token::Accent));
    logo->setIconSize(QSize(20, 20));
    logo->setFocusPolicy(Qt::NoFocus);
    logo->setAttribute(Qt::WA_TransparentForMouseEvents);
    m_workspace->setMenu(m_menu);
    m_workspace->setProperty("kind", QStringLiteral("workspace"));
    m_workspace->setToolTip(tr("Switch the workspace"));
    m_pillArea->setSpacing(4);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(10, 0, 10, 0);
    layout->setSpacing(8);
    layout->addWidget(logo);
    layout->addSpacing(16);
    layout->addWidget(m_workspace);
    layout->addLayout(m_pillArea);
    layout->addStretch(1);
    layout->addWidget(m_bell);
    layout->addWidget(m_dockSwitch);
    layout->addWidget(m_inspectorSwitch);
    setWorkspace({}, {});
}

QToolButton *TopBar::makeSwitch(
    const QString &icon, const QString &toolTip, const QKeySequence &keys)
{
    auto *button = new QToolButton(this);
    button->setIcon(m_theme.icon(icon, Token::Muted, Token::Text));
    button->setCheckable(true);
    button->setFixedSize(metrics::control, metrics::control);
    button->setShortcut(keys);
    button->setToolTip(
        QStringLiteral("%1  %2").arg(toolTip, keys.toString(QKeySequence::NativeText)));
    button->setAccessibleName(toolTip);
    return button;
}

void TopBar::setWorkspace(const QString &name, const QColor &colour)
{
    const QString shown = name.isEmpty() ? tr("No workspace") : name;
    m_workspace->setText(fontMetrics().elidedText(shown, Qt::ElideRight, 220));
    m_workspace->setIcon(dotIcon(colour.isValid() ? colour : m_theme.color(Token::Faint)));
}

HealthPill *TopBar::addPill(const QString &name)
{
    auto *pill = new HealthPill(m_theme, name, this);
    m_pillArea->addWidget(pill);
    m_pills.append(pill);
    return pill;
}

void TopBar::clearPills()
{
    qDeleteAll(m_pills);
    m_pills.clear();
}

} // namespace faultline::views
