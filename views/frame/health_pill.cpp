// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/frame/health_pill.h"

#include "views/frame/health_popup.h"
#include "views/frame/health_text.h"

#include <QDateTime>
#include <QPainter>

namespace faultline::views {

namespace {
constexpr int margin = 8;
constexpr int dot = 8;
constexpr int gap = 7;
constexpr int widestWords = 340;
} // namespace

HealthPill::HealthPill(const Theme &theme, const QString &name, QWidget *parent)
    : QAbstractButton(parent)
    , m_theme(theme)
    , m_name(name)
{
    setFocusPolicy(Qt::TabFocus);
    setCursor(Qt::PointingHandCursor);
    setFixedHeight(metrics::control);
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    connect(this, &QAbstractButton::clicked, this, &HealthPill::showDetails);
    setHealth({});
}

void HealthPill::setHealth(const domain::FeedHealth &health)
{
    m_health = health;
    setAccessibleName(m_name + QLatin1Char(' ') + words());
    setToolTip(tr("%1: details and retry").arg(m_name));
    updateGeometry();
    update();
    Q_EMIT healthChanged();
}

QString HealthPill::words() const
{
    const QString words = healthWords(m_health, QDateTime::currentDateTimeUtc());
    return m_acceptedCertificate.isEmpty() ? words : tr("certificate not verified, %1").arg(words);
}

void HealthPill::setAcceptedCertificate(const QString &fingerprint)
{
    m_acceptedCertificate = fingerprint;
    setHealth(m_health);
}

QList<Fact> HealthPill::facts() const
{
    QList<Fact> out = healthFacts(m_health, QDateTime::currentDateTimeUtc());
    if (!m_acceptedCertificate.isEmpty()) {
        out.append({ tr("Certificate"),
            tr("Not verified. The workspace accepts the one with this fingerprint, for this server "
               "only."),
            false, "warning" });
        out.append({ tr("SHA-256"), m_acceptedCertificate, true });
    }
    return out;
}

QSize HealthPill::sizeHint() const
{
    const QFontMetrics text(Theme::font(TextRole::Body));
    const int wordsWidth = qMin(widestWords, text.horizontalAdvance(words()) + 2);
    return { 2 * margin + dot + gap + text.horizontalAdvance(m_name) + gap + wordsWidth,
        metrics::control };
}

QSize HealthPill::minimumSizeHint() const
{
    const QFontMetrics text(Theme::font(TextRole::Body));
    return { 2 * margin + dot + gap + text.horizontalAdvance(m_name) + gap
            + text.averageCharWidth() * 6,
        metrics::control };
}

void HealthPill::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (underMouse() || isDown() || hasFocus()) {
        painter.setPen(hasFocus() ? QPen(m_theme.color(Token::Accent)) : Qt::NoPen);
        painter.setBrush(m_theme.color(Token::Pressed));
        painter.drawRoundedRect(
            QRectF(rect()).adjusted(0.5, 2.5, -0.5, -2.5), metrics::radius, metrics::radius);
    }
    const Token token = healthToken(m_health);
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_theme.color(token));
    painter.drawEllipse(QRectF(margin, (height() - dot) / 2.0, dot, dot));
    const QFontMetrics text(font());
    QRect place = rect().adjusted(margin + dot + gap, 0, -margin, 0);
    const bool well = isWell(m_health);
    painter.setPen(m_theme.color(well ? Token::Text : token));
    painter.drawText(place, Qt::AlignVCenter | Qt::AlignLeft, m_name);
    place.setLeft(place.left() + text.horizontalAdvance(m_name) + gap);
    const Token calm = m_acceptedCertificate.isEmpty() ? Token::Muted : Token::Warning;
    painter.setPen(m_theme.color(well ? calm : token));
    painter.drawText(place, Qt::AlignVCenter | Qt::AlignLeft,
        text.elidedText(words(), Qt::ElideRight, place.width()));
}

void HealthPill::enterEvent(QEnterEvent *event)
{
    QAbstractButton::enterEvent(event);
    update();
}

void HealthPill::leaveEvent(QEvent *event)
{
    QAbstractButton::leaveEvent(event);
    update();
}

void HealthPill::showDetails()
{
    auto *popup = new HealthPopup(*this);
    popup->setAttribute(Qt::WA_DeleteOnClose);
    popup->showBelow(*this);
}

} // namespace faultline::views
