// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/laid_out_texts.h"

#include <QFontMetrics>
#include <QPainter>

namespace faultline::views {

namespace {

constexpr qsizetype mostLines = 4096;
constexpr qsizetype mostCharacters = 512; // of one line; texts of servers have no bound

} // namespace

int LaidOutTexts::widthOf(const QString &text, TextRole role)
{
    return QFontMetrics(Theme::font(role)).horizontalAdvance(text);
}

LaidOutTexts::Line LaidOutTexts::layOut(const Key &key)
{
    const QFont font = Theme::font(key.role);
    const QFontMetrics metrics(font);
    QString shown = key.text.left(mostCharacters);
    for (const char16_t end : { u'\n', u'\r', u'\u2028', u'\u2029' })
        shown.replace(QChar(end), QLatin1Char(' ')); // it stays one line
    shown = metrics.elidedText(shown, key.elide, key.width);
    Line line;
    line.text.setText(shown);
    line.text.setTextFormat(Qt::PlainText);
    line.text.setPerformanceHint(QStaticText::AggressiveCaching);
    line.text.prepare({}, font);
    line.width = metrics.horizontalAdvance(shown);
    line.height = metrics.height();
    return line;
}

int LaidOutTexts::draw(QPainter &painter, const QRect &place, const QString &text, TextRole role,
    Qt::Alignment horizontal, Qt::TextElideMode elide)
{
    if (text.isEmpty() || place.width() <= 0)
        return 0;
    const Key key{ text, place.width(), role, elide };
    auto found = m_lines.constFind(key);
    if (found == m_lines.cend()) {
        if (m_lines.size() >= mostLines)
            m_lines.clear();
        found = m_lines.insert(key, layOut(key));
    }
    int x = place.left();
    if (horizontal.testFlag(Qt::AlignRight))
        x = place.right() + 1 - found->width;
    else if (horizontal.testFlag(Qt::AlignHCenter))
        x = place.left() + (place.width() - found->width) / 2;
    painter.setFont(Theme::font(role));
    painter.drawStaticText(x, place.top() + (place.height() - found->height) / 2, found->text);
    return found->width;
}

} // namespace faultline::views
