// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/runs/run_inspector.h"

#include "views/runs/run_painter.h"
#include "views/runs/verdict_look.h"
#include "views/widgets/fact_list.h"
#include "views/widgets/icon_label.h"
#include "views/widgets/plain_label.h"

#include <QDesktopServices>
#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QUrl>
#include <QVBoxLayout>

namespace faultline::views {

using models::RunRow;
using models::Verdict;

namespace {

QFrame *separator(QWidget *parent)
{
    auto *line = new QFrame(parent);
    line->setProperty("surface", QStringLiteral("line"));
    line->setFixedHeight(1);
    return line;
}

QString exact(const QDateTime &utc)
{
    return utc.isValid() ? utc.toLocalTime().toString(Qt::ISODateWithMs) : QString();
}

QString shownTime(const QDateTime &utc)
{
    return utc.isValid()
        ? QStringLiteral("%1 · %2").arg(utc.toLocalTime().toString(QStringLiteral("HH:mm:ss")),
            agoText(utc, QDateTime::currentDateTimeUtc()))
        : QString();
}

} // namespace

RunInspector::RunInspector(const Theme &theme, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_content(new QWidget(this))
    , m_nothing(new PlainLabel(tr("Select a run to see why it is as it is."), "muted", this))
    , m_source(new FactList(tr("Trigger"), m_content))
    , m_times(new FactList(tr("Times"), m_content))
    , m_place(new FactList(tr("Where"), m_content))
{
    auto *column = new QVBoxLayout(m_content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeHeader());
    column->addWidget(makeActions());
    for (FactList *facts : { m_times, m_place, m_source }) {
        column->addWidget(separator(m_content));
        column->addWidget(facts);
    }
    column->addWidget(separator(m_content));
    column->addStretch();

    auto *scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(m_content);
    scroll->viewport()->setAutoFillBackground(false);
    m_content->setAutoFillBackground(false);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    m_nothing->setContentsMargins(16, 16, 16, 0);
    layout->addWidget(m_nothing, 0, Qt::AlignTop);
    layout->addWidget(scroll, 1);
    showNothing();
}

QWidget *RunInspector::makeHeader()
{
    auto *header = new QWidget(m_content);
    auto *layout = new QVBoxLayout(header);
    layout->setContentsMargins(16, 14, 16, 8);
    layout->setSpacing(6);
    auto *line = new QHBoxLayout;
    line->setSpacing(6);
    m_verdictIcon = new IconLabel(m_theme, 14, header);
    m_verdict = new PlainLabel({}, "strong", header);
    line->addWidget(m_verdictIcon);
    line->addWidget(m_verdict, 1);
    m_name = new PlainLabel({}, "heading", header);
    m_name->setWordWrap(true);
    m_name->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_why = new PlainLabel({}, "muted", header);
    m_why->setWordWrap(true);
    layout->addLayout(line);
    layout->addWidget(m_name);
    layout->addWidget(m_why);
    return header;
}

QWidget *RunInspector::makeActions()
{
    auto *box = new QWidget(m_content);
    auto *layout = new QHBoxLayout(box);
    layout->setContentsMargins(16, 0, 16, 14);
    layout->setSpacing(8);
    const auto add = [&](const QString &text, const QString &icon, const QString &toolTip) {
        auto *button = new QPushButton(text.isEmpty() ? text : QLatin1Char(' ') + text, box);
        button->setIcon(m_theme.icon(icon, Token::Muted));
        button->setToolTip(toolTip);
        layout->addWidget(button);
        return button;
    };
    m_log = add(tr("Log"), QStringLiteral("log"), tr("Open the log in the dock (Enter)"));
    m_stop = add(tr("Stop…"), QStringLiteral("stop"), tr("Stop this run (S)"));
    m_retry = add(tr("Re-run"), QStringLiteral("retry"), tr("Run it again (R)"));
    m_stack = add(tr("Stack"), QStringLiteral("stacks"), tr("Show its cluster on the Stacks page"));
    m_web = add({}, QStringLiteral("open"), tr("Open in the browser"));
    m_web->setAccessibleName(tr("Open in the browser"));
    m_web->setProperty("kind", QStringLiteral("quiet"));
    m_web->setFixedWidth(metrics::control);
    layout->addStretch();
    connect(m_log, &QPushButton::clicked, this, &RunInspector::logRequested);
    connect(m_stop, &QPushButton::clicked, this, &RunInspector::stopRequested);
    connect(m_retry, &QPushButton::clicked, this, &RunInspector::retryRequested);
    connect(m_stack, &QPushButton::clicked, this, &RunInspector::stackRequested);
    connect(m_web, &QPushButton::clicked, this,
        [this] { QDesktopServices::openUrl(QUrl(m_row.webUrl)); });
    return box;
}

void RunInspector::showNothing()
{
    m_row = {};
    m_content->hide();
    m_nothing->show();
}

void RunInspector::showRow(const RunRow &row, bool canStop, bool canRetry)
{
    m_row = row;
    const bool isJob = row.kind == RunRow::Kind::Job;
    showVerdict(row);
    showFacts(row);
    m_log->setVisible(isJob);
    m_stop->setVisible(canStop);
    m_retry->setVisible(canRetry);
    m_stack->setVisible(!row.stackId.isEmpty());
    const QString scheme = QUrl(row.webUrl).scheme();
    m_web->setVisible(scheme == QLatin1StringView("https") || scheme == QLatin1StringView("http"));
    m_nothing->hide();
    m_content->show();
}

void RunInspector::showVerdict(const RunRow &row)
{
    m_verdictIcon->setIcon(iconFor(row.verdict), tokenFor(row.verdict));
    m_verdict->setPlainText(row.verdictText);
    m_verdict->setTone(toneName(row.verdict));
    const qint64 number = row.pipelineNumber == 0 ? row.pipelineId.value() : row.pipelineNumber;
    m_name->setPlainText(row.kind == RunRow::Kind::Job ? row.name : tr("Pipeline #%1").arg(number));
    QString why;
    if (row.kind == RunRow::Kind::Pipeline)
        why = RunPainter::summaryText(row);
    else if (!row.failure.isEmpty())
        why = tr("Failed: %1.").arg(row.failure);
    else if (row.verdict == Verdict::Running && row.expectedMs > 0)
        why = tr("Its last pass took %1.").arg(durationText(row.expectedMs));
    else if (row.verdict == Verdict::Queued)
        why = tr("Waits for a runner, or for an earlier stage.");
    if (row.isSuperseded)
        why += (why.isEmpty() ? QString() : QStringLiteral(" "))
            + tr("A newer run of this case replaced it.");
    m_why->setPlainText(why);
    m_why->setVisible(!why.isEmpty());
}

void RunInspector::showFacts(const RunRow &row)
{
    const QDateTime now = QDateTime::currentDateTimeUtc();
    const qint64 number = row.pipelineNumber == 0 ? row.pipelineId.value() : row.pipelineNumber;
    const qint64 elapsed = row.elapsedMs(now);
    m_times->setFacts({
        { tr("Created"), shownTime(row.createdAt), false, "", exact(row.createdAt) },
        { tr("Started"), shownTime(row.startedAt), false, "", exact(row.startedAt) },
        { tr("Finished"), shownTime(row.finishedAt), false, "", exact(row.finishedAt) },
        { tr("Took"),
            row.finishedAt.isValid() && elapsed >= 0 ? durationText(elapsed) : QString() },
    });
    m_place->setFacts({
        { tr("Pipeline"), QStringLiteral("#%1").arg(number) },
        { tr("Job"), row.jobId.isEmpty() ? QString() : QString::number(row.jobId.value()) },
        { tr("Stage"), row.stage },
        { tr("Runner"), row.runnerName },
        { tr("Stack"), row.stackName, true },
    });
    m_source->setFacts({
        { tr("Source"), row.trigger },
        { tr("Ref"), row.ref, true },
        { tr("Commit"), row.shortSha, true },
        { tr("Subject"), row.commitTitle },
    });
}

} // namespace faultline::views
