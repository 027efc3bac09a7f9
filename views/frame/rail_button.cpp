// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/frame/rail_button.h"

#include <QPainter>

namespace faultline::views {

RailButton::RailButton(
    const Theme &theme, const QString &title, const QString &icon, QWidget *parent)
    : QAbstractButton(parent)
    , m_theme(theme)
{
    setText(title);
    setIcon(theme.icon(icon, Token::Muted, Token::Text));
    setCheckable(true);
    setAutoExclusive(true);
    setFocusPolicy(Qt::TabFocus);
    setAccessibleName(title);
    setFixedSize(metrics::rail, 56);
    setFont(Theme::font(TextRole::Caption));
}

void RailButton::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool hovered = underMouse() && !isChecked();
    if (hovered || hasFocus()) {
        painter.setPen(hasFocus() ? QPen(m_theme.color(Token::Accent)) : QPen(Qt::NoPen));
        painter.setBrush(hovered ? m_theme.color(Token::Raised) : QColor(Qt::transparent));
        painter.drawRoundedRect(
            QRectF(rect()).adjusted(6.5, 3.5, -6.5, -3.5), metrics::radius, metrics::radius);
    }
    if (isChecked()) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(m_theme.color(Token::Accent));
        painter.drawRoundedRect(QRectF(-2, 10, 5, height() - 20), 2, 2);
    }
    const QRect iconPlace((width() - 20) / 2, 9, 20, 20);
    icon().paint(
        &painter, iconPlace, Qt::AlignCenter, QIcon::Normal, isChecked() ? QIcon::On : QIcon::Off);
    painter.setPen(m_theme.color(isChecked() ? Token::Text : Token::Muted));
    const QRect textPlace(2, 32, width() - 4, 18);
    painter.drawText(textPlace, Qt::AlignCenter,
        fontMetrics().elidedText(text(), Qt::ElideRight, textPlace.width()));
}

void RailButton::enterEvent(QEnterEvent *event)
{
    QAbstractButton::enterEvent(event);
    update();
}

void RailButton::leaveEvent(QEvent *event)
{
    QAbstractButton::leaveEvent(event);
    update();
}

} // namespace faultline::views
