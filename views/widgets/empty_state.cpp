// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/empty_state.h"

#include "views/widgets/icon_label.h"
#include "views/widgets/plain_label.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

namespace faultline::views {

EmptyState::EmptyState(const Theme &theme, const QString &icon, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_icon(new IconLabel(theme, 40, this))
    , m_title(new PlainLabel({}, "heading", this))
    , m_explanation(new PlainLabel({}, "muted", this))
    , m_actions(new QWidget(this))
{
    m_explanation->setWordWrap(true);
    m_explanation->setAlignment(Qt::AlignHCenter);
    auto *buttons = new QHBoxLayout(m_actions);
    buttons->setContentsMargins(0, 12, 0, 0);
    buttons->setSpacing(8);
    m_actions->hide();
    m_icon->setIcon(icon, Token::Faint);
    // One column of fixed width: a wrapped label gets its height only from a layout that stretches
    // it.
    auto *column = new QWidget(this);
    column->setFixedWidth(460);
    auto *inner = new QVBoxLayout(column);
    inner->setContentsMargins(0, 0, 0, 0);
    inner->setSpacing(8);
    inner->addWidget(m_icon, 0, Qt::AlignHCenter);
    inner->addWidget(m_title, 0, Qt::AlignHCenter);
    inner->addWidget(m_explanation);
    inner->addWidget(m_actions, 0, Qt::AlignHCenter);
    auto *layout = new QVBoxLayout(this);
    layout->addStretch(2);
    auto *middle = new QHBoxLayout;
    middle->addStretch();
    middle->addWidget(column);
    middle->addStretch();
    layout->addLayout(middle);
    layout->addStretch(3);
}

void EmptyState::setText(const QString &title, const QString &explanation)
{
    m_title->setPlainText(title);
    m_explanation->setPlainText(explanation);
}

QPushButton *EmptyState::addAction(const QString &text, const QString &icon, bool primary)
{
    auto *button = new QPushButton(icon.isEmpty() ? text : QLatin1Char(' ') + text, m_actions);
    if (!icon.isEmpty())
        button->setIcon(m_theme.icon(icon, primary ? Token::OnAccent : Token::Muted));
    if (primary)
        button->setProperty("kind", QStringLiteral("primary"));
    m_actions->layout()->addWidget(button);
    m_actions->show();
    return button;
}

} // namespace faultline::views
