// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/banner.h"

#include "views/widgets/icon_label.h"
#include "views/widgets/plain_label.h"

#include <QGridLayout>
#include <QStyle>
#include <QToolButton>

namespace faultline::views {

Banner::Banner(const Theme &theme, QWidget *parent)
    : QFrame(parent)
    , m_icon(new IconLabel(theme, 18, this))
    , m_message(new PlainLabel({}, "strong", this))
    , m_where(new PlainLabel({}, "muted", this))
    , m_words(new PlainLabel({}, "mono", this))
{
    auto *layout = new QGridLayout(this);
    layout->setContentsMargins(12, 8, 8, 8);
    layout->setHorizontalSpacing(8);
    layout->setVerticalSpacing(2);
    layout->addWidget(m_icon, 0, 0, Qt::AlignTop);
    int row = 0;
    for (PlainLabel *label : { m_message, m_where, m_words }) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        layout->addWidget(label, row++, 1);
    }
    auto *close = new QToolButton(this);
    close->setIcon(theme.icon(QStringLiteral("close")));
    close->setToolTip(tr("Dismiss"));
    close->setAccessibleName(tr("Dismiss"));
    connect(close, &QToolButton::clicked, this, &Banner::dismiss);
    layout->addWidget(close, 0, 2, Qt::AlignTop);
    layout->setColumnStretch(1, 1);
    hide();
}

void Banner::showError(const domain::Error &error)
{
    m_message->setText(error.message);
    m_where->setText(error.where);
    m_where->setVisible(!error.where.isEmpty());
    m_words->setText(error.serverWords);
    m_words->setVisible(!error.serverWords.isEmpty());
    show("error", "failed", QStringLiteral("warning"), Token::Failed);
}

void Banner::showNotice(const QString &text)
{
    m_message->setText(text);
    m_where->hide();
    m_words->hide();
    show("notice", "", QStringLiteral("info"), Token::Accent);
}

void Banner::show(const char *surface, const char *tone, const QString &icon, Token token)
{
    setProperty("surface", QString::fromLatin1(surface));
    m_message->setTone(tone);
    m_icon->setIcon(icon, token);
    style()->unpolish(this);
    style()->polish(this);
    setVisible(true);
}

QString Banner::text() const
{
    QStringList parts{ m_message->text() };
    for (const PlainLabel *label : { m_where, m_words }) {
        if (!label->isHidden())
            parts.append(label->text());
    }
    return parts.join(QLatin1Char('\n'));
}

} // namespace faultline::views
