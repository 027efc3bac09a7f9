// SPDX-License-Identifier: GPL-3.0-or-later
// Painting of LogView, one function per layer.
#include "views/logs/log_colours.h"
#include "views/logs/log_view.h"

#include <QDateTime>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>

namespace faultline::views {

namespace {

constexpr int padding = 8;
constexpr qsizetype maxPainted = 16 * 1024; // columns that can be reached by scrolling sideways

QString durationText(qint64 seconds)
{
    const QLatin1Char zero('0');
    const QString rest = QStringLiteral("%1:%2")
                             .arg(seconds / 60 % 60, 2, 10, zero)
                             .arg(seconds % 60, 2, 10, zero);
    return seconds < 3600 ? rest
                          : QStringLiteral("%1:%2").arg(seconds / 3600, 2, 10, zero).arg(rest);
}

} // namespace

struct LogView::Row
{
    int index = 0;
    int y = 0;
    logs::LogLine line;
    ShownLine shown;
    const models::LogSection *section = nullptr; // when this is its header
};

void LogView::paintEvent(QPaintEvent *)
{
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), m_theme.color(Token::Window));
    painter.setFont(m_font);
    const int rows = viewport()->height() / m_lineHeight + 1;
    const int first = firstVisibleLine();
    int widest = m_widest;
    for (int i = 0; i < rows && first + i < m_document.lineCount(); ++i) {
        Row row;
        row.index = first + i;
        row.y = i * m_lineHeight;
        row.line = m_document.line(row.index);
        row.line.text = row.line.text.substr(0, logs::JobLogParser::pieceSize);
        row.shown = ShownLine::from(row.line);
        row.shown.text.truncate(maxPainted);
        row.section = row.line.isSectionHeader ? m_document.sectionAt(row.index) : nullptr;
        widest = std::max(widest, static_cast<int>(row.shown.text.size()) * m_charWidth);
        paintRow(painter, row);
    }
    if (widest > m_widest) {
        m_widest = widest;
        QMetaObject::invokeMethod(this, &LogView::updateBars, Qt::QueuedConnection);
    }
}

void LogView::paintRow(QPainter &painter, const Row &row) const
{
    paintBackground(painter, row);
    painter.save();
    painter.setClipRect(QRect(m_gutter - 2, row.y, viewport()->width(), m_lineHeight));
    paintHits(painter, row);
    paintText(painter, row);
    painter.restore();
    paintGutter(painter, row);
    paintDuration(painter, row);
}

void LogView::paintBackground(QPainter &painter, const Row &row) const
{
    if (row.line.isSectionHeader)
        painter.fillRect(0, row.y, viewport()->width(), m_lineHeight, m_theme.color(Token::Raised));
    const auto [from, to] = selection();
    if (!(from < to) || row.index < from.line || row.index > to.line)
        return;
    const int left = row.index == from.line ? xOf(row.shown, from.column) : m_gutter - 2;
    const int right = row.index == to.line ? xOf(row.shown, to.column) : viewport()->width();
    painter.fillRect(QRect(QPoint(std::max(left, m_gutter - 2), row.y),
                         QPoint(right - 1, row.y + m_lineHeight - 1)),
        m_theme.color(Token::Selection));
}

void LogView::paintHits(QPainter &painter, const Row &row) const
{
    const auto &hits = m_search.hits();
    for (std::size_t i = m_search.firstFrom(row.index, 0);
         i < hits.size() && hits[i].line == row.index; ++i) {
        const qsizetype from = columnOfByte(row.line.text, hits[i].byte);
        const qsizetype to = columnOfByte(row.line.text, hits[i].byte + m_search.length());
        QColor colour = m_theme.color(Token::Warning);
        colour.setAlpha(i == m_currentHit ? 130 : 60);
        const int x = xOf(row.shown, from);
        painter.fillRect(QRect(x, row.y, xOf(row.shown, to) - x, m_lineHeight), colour);
    }
}

QString LogView::shownTime(const Row &row) const
{
    if (row.line.continues)
        return {};
    if (row.line.timeUs != logs::LogLine::noTime)
        return QDateTime::fromMSecsSinceEpoch(row.line.timeUs / 1000)
            .toString(QStringLiteral("HH:mm:ss.zzz"));
    return m_document.hasTimes() ? QString() : QString::number(row.index + 1);
}

void LogView::paintGutter(QPainter &painter, const Row &row) const
{
    const QRect place(0, row.y, m_gutter - 2 * padding, m_lineHeight);
    painter.setFont(m_font);
    painter.setPen(m_theme.color(Token::Muted));
    const QString text = shownTime(row);
    painter.drawText(
        place.right() + 1 - painter.fontMetrics().horizontalAdvance(text), row.y + m_ascent, text);
    if (row.line.isError && !row.line.isFromRunner)
        painter.fillRect(
            m_gutter - padding - 3, row.y + 2, 2, m_lineHeight - 4, m_theme.color(Token::Failed));
}

/// The sentence for people stands out, the marker and the JSON for programs don't.
void LogView::paintEventLine(QPainter &painter, const Row &row) const
{
    constexpr std::size_t markerSize = 12;
    const qsizetype sentence = columnOfByte(row.line.text, row.line.eventAt - markerSize);
    painter.setFont(m_font);
    painter.setPen(m_theme.color(Token::Warning));
    painter.drawText(xOf(row.shown, 0), row.y + m_ascent, row.shown.text.left(sentence));
    painter.setPen(m_theme.color(Token::Faint));
    painter.drawText(xOf(row.shown, sentence), row.y + m_ascent, row.shown.text.mid(sentence));
}

QColor LogView::plainColour(const Row &row) const
{
    return m_theme.color(row.line.isFromRunner ? Token::Muted : Token::Text);
}

void LogView::paintText(QPainter &painter, const Row &row) const
{
    if (row.line.eventAt != logs::LogLine::noEvent) {
        paintEventLine(painter, row);
        return;
    }
    qsizetype done = 0;
    for (const ShownLine::Run &run : row.shown.runs) {
        paintRun(painter, row, done, run.from - done, {});
        paintRun(painter, row, run.from, run.length, run.style);
        done = run.from + run.length;
    }
    paintRun(painter, row, done, row.shown.text.size() - done, {});
}

void LogView::paintRun(QPainter &painter, const Row &row, qsizetype from, qsizetype length,
    const logs::TextStyle &style) const
{
    length = std::min(length, row.shown.text.size() - from);
    if (length <= 0)
        return;
    const int x = xOf(row.shown, from);
    if (x > viewport()->width())
        return;
    const QString text = row.shown.text.mid(from, length);
    QFont font = m_font;
    using Style = logs::TextStyle;
    font.setBold((style.flags & Style::Bold) != 0 || row.line.isSectionHeader);
    font.setItalic((style.flags & Style::Italic) != 0);
    font.setUnderline((style.flags & Style::Underline) != 0);
    font.setStrikeOut((style.flags & Style::Strike) != 0);
    painter.setFont(font);
    if (style.background != Style::defaultColour) {
        const int width = xOf(row.shown, from + length) - x;
        painter.fillRect(
            x, row.y, width, m_lineHeight, logBackColour(m_theme.scheme(), style.background));
    }
    if ((style.flags & Style::Conceal) != 0)
        return;
    painter.setPen(style.foreground == Style::defaultColour
            ? plainColour(row)
            : logTextColour(m_theme.scheme(), style.foreground));
    painter.drawText(x, row.y + m_ascent, text);
}

void LogView::paintDuration(QPainter &painter, const Row &row) const
{
    if (row.section == nullptr || row.section->hidesDuration)
        return;
    const bool isOpen = row.section->endLine < 0;
    if (isOpen && m_document.isFinished())
        return; // it was never closed: nobody knows how long it took
    const QString text
        = isOpen ? tr("running") : durationText(row.section->endedAt - row.section->startedAt);
    const int width = painter.fontMetrics().horizontalAdvance(text) + 2 * padding;
    const QRect place(viewport()->width() - width, row.y, width, m_lineHeight);
    painter.fillRect(place, m_theme.color(Token::Raised));
    painter.setFont(m_font);
    painter.setPen(m_theme.color(isOpen ? Token::Accent : Token::Muted));
    painter.drawText(place, Qt::AlignCenter, text);
}

} // namespace faultline::views
