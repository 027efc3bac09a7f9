// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/empty_state.h"

#include "views/widgets/plain_label.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

namespace faultline::views {

EmptyState::EmptyState(const Theme &theme, const QString &icon, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_iconName(icon)
    , m_icon(new QLabel(this))
    , m_title(new PlainLabel({}, "heading", this))
    , m_explanation(new PlainLabel({}, "muted", this))
    , m_actions(new QWidget(this))
{
    m_explanation->setWordWrap(true);
    m_explanation->setAlignment(Qt::AlignHCenter);
    m_explanation->setFixedWidth(460);
    auto *buttons = new QHBoxLayout(m_actions);
    buttons->setContentsMargins(0, 12, 0, 0);
    buttons->setSpacing(8);
    m_actions->hide();
    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(8);
    layout->addStretch(2);
    for (QWidget *widget :
        std::initializer_list<QWidget *>{ m_icon, m_title, m_explanation, m_actions })
        layout->addWidget(widget, 0, Qt::AlignHCenter);
    layout->addStretch(3);
    connect(&theme, &Theme::changed, this, &EmptyState::paintIcon);
    paintIcon();
}

void EmptyState::paintIcon()
{
    m_icon->setPixmap(
        m_theme.icon(m_iconName, Token::Faint).pixmap(QSize(40, 40), devicePixelRatioF()));
}

void EmptyState::setText(const QString &title, const QString &explanation)
{
    m_title->setPlainText(title);
    m_explanation->setPlainText(explanation);
}

QPushButton *EmptyState::addAction(const QString &text, const QString &icon, bool primary)
{
    auto *button = new QPushButton(text, m_actions);
    if (!icon.isEmpty())
        button->setIcon(m_theme.icon(icon, primary ? Token::OnAccent : Token::Muted));
    if (primary)
        button->setProperty("kind", QStringLiteral("primary"));
    m_actions->layout()->addWidget(button);
    m_actions->show();
    return button;
}

} // namespace faultline::views
