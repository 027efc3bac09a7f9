// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/runs/run_painter.h"

#include "models/runs_model.h"
#include "views/runs/verdict_look.h"

#include <QIcon>
#include <QPainter>

namespace faultline::views {

using models::RunRow;
using models::RunsModel;
using models::Verdict;

namespace {

constexpr int cellMargin = 8;
constexpr int barWidth = 84;
constexpr int barHeight = 5;
constexpr int mostDots = 7;

int countOf(const RunRow &row, Verdict verdict)
{
    return row.counts.at(static_cast<size_t>(verdict));
}

} // namespace

RunPainter::RunPainter(
    const Theme &theme, LaidOutTexts &texts, QPainter &painter, QDateTime now, bool selected)
    : m_theme(theme)
    , m_texts(texts)
    , m_painter(painter)
    , m_now(std::move(now))
    , m_selected(selected)
{
}

int RunPainter::paintText(const QString &text, const QRect &place, TextRole role, Token token,
    Qt::TextElideMode elide) const
{
    // Muted words lose too much contrast on the selection.
    m_painter.setPen(m_theme.color(m_selected && token == Token::Muted ? Token::Text : token));
    return m_texts.draw(m_painter, place, text, role, Qt::AlignLeft, elide);
}

void RunPainter::paintPipeline(const RunRow &row, const QRect &rect, bool expanded) const
{
    m_painter.fillRect(rect, m_theme.color(m_selected ? Token::Selection : Token::Raised));
    m_painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, m_theme.color(Token::Border));
    const QIcon chevron = m_theme.icon(
        expanded ? QStringLiteral("chevron-down") : QStringLiteral("chevron-right"), Token::Muted);
    chevron.paint(&m_painter, QRect(rect.left() + 6, rect.center().y() - 6, 13, 13));

    const QString summary = summaryText(row);
    constexpr TextRole body = TextRole::Body;
    const int summaryWidth = LaidOutTexts::widthOf(summary, body);
    QRect place = rect.adjusted(26, 0, -summaryWidth - 3 * cellMargin, 0);
    const QString number
        = tr("pipeline #%1")
              .arg(row.pipelineNumber == 0 ? row.pipelineId.value() : row.pipelineNumber);
    const auto put = [&](const QString &text, TextRole role, Token token) {
        if (text.isEmpty())
            return;
        place.setLeft(place.left() + paintText(text, place, role, token) + 14);
    };
    put(row.name, TextRole::Strong, Token::Text);
    put(number, row.name.isEmpty() ? TextRole::Strong : body, Token::Text);
    put(row.shortSha.isEmpty() ? row.ref : QStringLiteral("%1@%2").arg(row.ref, row.shortSha),
        TextRole::Mono, Token::Muted);
    put(row.trigger, body, Token::Muted);
    put(row.commitTitle, body, Token::Muted);
    paintText(summary, rect.adjusted(rect.width() - summaryWidth - cellMargin, 0, 0, 0), body,
        Token::Muted);
}

QString RunPainter::summaryText(const RunRow &row)
{
    QStringList parts{ row.jobCount() == 1 ? tr("1 case") : tr("%1 cases").arg(row.jobCount()) };
    const auto add = [&parts](int count, const char *words) {
        if (count > 0)
            parts.append(tr(words).arg(count));
    };
    add(countOf(row, Verdict::Running), QT_TRANSLATE_NOOP("RunPainter", "%1 running"));
    add(countOf(row, Verdict::Queued), QT_TRANSLATE_NOOP("RunPainter", "%1 queued"));
    add(countOf(row, Verdict::Fail), QT_TRANSLATE_NOOP("RunPainter", "%1 failed"));
    add(countOf(row, Verdict::Infrastructure), QT_TRANSLATE_NOOP("RunPainter", "%1 infra"));
    if (row.jobCount() > 0 && countOf(row, Verdict::Pass) == row.jobCount())
        parts.append(tr("all passed"));
    else
        add(countOf(row, Verdict::Pass), QT_TRANSLATE_NOOP("RunPainter", "%1 passed"));
    return parts.join(QStringLiteral(" · "));
}

void RunPainter::paintCell(const RunRow &row, int column, const QRect &cell) const
{
    const QRect place = cell.adjusted(cellMargin, 0, -cellMargin, 0);
    constexpr TextRole body = TextRole::Body;
    switch (column) {
    case RunsModel::VerdictColumn:
        paintVerdict(row, place);
        break;
    case RunsModel::CaseColumn:
        paintText(row.name, place, body, row.isSuperseded ? Token::Muted : Token::Text);
        break;
    case RunsModel::VersionsColumn:
        paintText(
            row.shortSha.isEmpty() ? row.ref : QStringLiteral("%1@%2").arg(row.ref, row.shortSha),
            place, TextRole::Mono, Token::Muted);
        break;
    case RunsModel::StagesColumn:
        paintStages(row, place);
        break;
    case RunsModel::TimeColumn:
        paintTime(row, place);
        break;
    case RunsModel::RunnerColumn:
        paintText(row.runnerName, place, body, Token::Muted);
        break;
    case RunsModel::StackColumn:
        // The end of a stack's name tells runs of one case apart.
        paintText(row.stackName, place, TextRole::Mono, Token::Muted, Qt::ElideMiddle);
        break;
    case RunsModel::TriggerColumn:
        paintText(row.trigger, place, body, Token::Muted);
        break;
    default:
        break;
    }
}

void RunPainter::paintVerdict(const RunRow &row, const QRect &cell) const
{
    const Token token = row.isSuperseded ? Token::Muted : tokenFor(row.verdict);
    m_theme.icon(iconFor(row.verdict), token)
        .paint(&m_painter, QRect(cell.left() - 1, cell.center().y() - 6, 14, 14));
    paintText(row.verdictText, cell.adjusted(20, 0, cellMargin, 0), TextRole::Medium, token);
}

void RunPainter::paintStages(const RunRow &row, const QRect &cell) const
{
    m_painter.setRenderHint(QPainter::Antialiasing);
    m_painter.setPen(Qt::NoPen);
    const qsizetype count = qMin<qsizetype>(row.stages.size(), mostDots);
    for (qsizetype index = 0; index < count; ++index) {
        const bool own = index == row.stageIndex;
        const Verdict verdict = row.stages.at(index).verdict;
        const bool waits = verdict == Verdict::Queued || verdict == Verdict::Skipped
            || verdict == Verdict::Manual;
        const QRectF dot(cell.left() + static_cast<int>(index) * 12, cell.center().y() - 4, 9, 9);
        m_painter.setBrush(waits ? m_theme.color(Token::Border) : m_theme.color(tokenFor(verdict)));
        m_painter.setOpacity(own || waits ? 1.0 : 0.55);
        m_painter.drawEllipse(dot);
    }
    m_painter.setOpacity(1.0);
}

QString RunPainter::timeText(const RunRow &row, const QDateTime &now)
{
    const qint64 elapsed = row.elapsedMs(now);
    switch (row.verdict) {
    case Verdict::Running:
        if (elapsed < 0)
            return tr("starting");
        if (row.expectedMs > 0)
            return QStringLiteral("%1 / %2").arg(
                durationText(elapsed), durationText(row.expectedMs));
        return durationText(elapsed);
    case Verdict::Queued:
        return row.createdAt.isValid()
            ? tr("waits %1").arg(durationText(qMax<qint64>(0, row.createdAt.msecsTo(now))))
            : tr("waits");
    case Verdict::Fail:
    case Verdict::Infrastructure:
        return elapsed < 0 ? row.failure : tr("failed at %1").arg(durationText(elapsed));
    case Verdict::Cancelled:
        return elapsed < 0 ? tr("never started") : tr("stopped at %1").arg(durationText(elapsed));
    default:
        return elapsed < 0 ? QString() : durationText(elapsed);
    }
}

void RunPainter::paintBar(const QRect &track, double fraction, Token token) const
{
    m_painter.setRenderHint(QPainter::Antialiasing);
    m_painter.setPen(Qt::NoPen);
    m_painter.setBrush(m_theme.color(m_selected ? Token::Border : Token::Pressed));
    m_painter.drawRoundedRect(track, barHeight / 2.0, barHeight / 2.0);
    if (fraction <= 0)
        return;
    QRectF filled(track);
    filled.setWidth(qMax(static_cast<double>(barHeight), track.width() * qMin(1.0, fraction)));
    m_painter.setBrush(m_theme.color(token));
    m_painter.drawRoundedRect(filled, barHeight / 2.0, barHeight / 2.0);
}

void RunPainter::paintTime(const RunRow &row, const QRect &cell) const
{
    double fraction = 0;
    if (row.verdict == Verdict::Running)
        fraction = row.progress(m_now);
    else if (row.verdict == Verdict::Pass)
        fraction = 1;
    else if (row.startedAt.isValid() && row.expectedMs > 0)
        fraction = static_cast<double>(row.elapsedMs(m_now)) / static_cast<double>(row.expectedMs);
    else if (row.startedAt.isValid())
        fraction = 1;
    const QRect track(cell.left(), cell.center().y() - barHeight / 2, barWidth, barHeight);
    paintBar(track, fraction, tokenFor(row.verdict));
    paintText(timeText(row, m_now), cell.adjusted(barWidth + 10, 0, cellMargin, 0), TextRole::Mono,
        row.verdict == Verdict::Running ? Token::Text : Token::Muted);
}

} // namespace faultline::views
