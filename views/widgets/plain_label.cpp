// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/plain_label.h"

#include "views/widgets/plain_tool_tip.h"

#include <QHelpEvent>
#include <QPainter>
#include <QStyle>
#include <QStyleOption>
#include <QToolTip>

namespace faultline::views {

PlainLabel::PlainLabel(const QString &text, const char *role, QWidget *parent)
    : QLabel(parent)
{
    setTextFormat(Qt::PlainText);
    setProperty("role", QString::fromLatin1(role));
    setText(text);
}

void PlainLabel::setTone(const char *tone)
{
    const QString name = QString::fromLatin1(tone);
    if (property("tone").toString() == name)
        return;
    setProperty("tone", name);
    style()->unpolish(this);
    style()->polish(this);
}

void PlainLabel::setPlainText(const QString &text)
{
    if (text != this->text())
        setText(text);
}

void PlainLabel::setElided(bool elided)
{
    m_elided = elided;
    setSizePolicy(
        elided ? QSizePolicy::Ignored : QSizePolicy::Preferred, sizePolicy().verticalPolicy());
}

QSize PlainLabel::minimumSizeHint() const
{
    return m_elided ? QSize(fontMetrics().averageCharWidth() * 4, QLabel::sizeHint().height())
                    : QLabel::minimumSizeHint();
}

bool PlainLabel::isCut() const
{
    return m_elided && fontMetrics().horizontalAdvance(text()) > contentsRect().width();
}

bool PlainLabel::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip && toolTip().isEmpty() && isCut()) {
        // Tooltips guess rich text; escaped text in a paragraph can't be anything else than what it
        // says.
        QToolTip::showText(
            static_cast<QHelpEvent *>(event)->globalPos(), plainToolTip(text()), this);
        return true;
    }
    return QLabel::event(event);
}

void PlainLabel::paintEvent(QPaintEvent *event)
{
    if (!isCut()) {
        QLabel::paintEvent(event);
        return;
    }
    QPainter painter(this);
    QStyleOption option;
    option.initFrom(this);
    style()->drawItemText(&painter, contentsRect(),
        QStyle::visualAlignment(layoutDirection(), alignment()), palette(), isEnabled(),
        fontMetrics().elidedText(text(), Qt::ElideRight, contentsRect().width()),
        QPalette::WindowText);
}

} // namespace faultline::views
