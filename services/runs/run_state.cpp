// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/run_state.h"

#include "services/runs/record/plain_file.h"
#include "services/runs/text.h"

#include <QDate>
#include <QFile>

namespace faultline::runs {

namespace {

constexpr std::chrono::seconds beatGap{ 5 };

} // namespace

void RunState::add(Finding finding)
{
    if (phasesStart && finding.atMs == 0)
        finding.atMs
            = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - *phasesStart)
                  .count();
    excuse(finding, request.caseFile.metadata.knownIssues,
        QDate::currentDate().toString(Qt::ISODate).toStdString());
    const std::string sentence = std::string(nameOf(finding.kind)) + " (" + finding.check
        + "): " + finding.message
        + (finding.knownIssue.empty() ? "" : " [known: " + finding.knownIssue + ']');
    events.write("finding",
        { { "kind", nameOf(finding.kind) }, { "check", finding.check },
            { "anomaly", finding.anomaly }, { "message", finding.message },
            { "knownIssue", finding.knownIssue }, { "atMs", finding.atMs } },
        sentence);
    findings.push_back(std::move(finding));
}

void RunState::keep(const QString &name, const std::string &bytes)
{
    const QString path = request.bundle + u'/' + name;
    if (const auto problem = replaceFile(QFile::encodeName(path).toStdString(), bytes))
        fail(Text::tr("The bundle can't be written: %1.").arg(QString::fromStdString(*problem)));
}

void RunState::fail(const QString &why)
{
    if (ending.lostInfrastructure)
        return;
    ending.lostInfrastructure = true;
    trouble = why;
    events.write("infrastructure", { { "message", why.toStdString() } },
        Text::tr("infrastructure: %1").arg(why).toStdString());
}

void RunState::beat()
{
    const auto now = Clock::now();
    if (request.recordFolder.isEmpty() || now < nextBeat)
        return;
    nextBeat = now + beatGap;
    RunRecord record = request.record;
    record.beatMicros = Moment::now().wallMicros;
    const auto problem
        = writeRunRecord(QFile::encodeName(request.recordFolder).toStdString(), record);
    if (problem && !std::exchange(recordProblemTold, true))
        events.write("record.problem", { { "message", *problem } },
            Text::tr(
                "should this process be killed, nobody on this machine will know of the run: %1")
                .arg(QString::fromStdString(*problem))
                .toStdString());
}

bool RunState::mayGoOn()
{
    beat();
    if (isDone())
        return false;
    if (abort.isCancelled()) {
        ending.wasAborted = true;
        events.write("abort", Json::object(), Text::tr("aborted: cleaning up").toStdString());
        return false;
    }
    if (stack.silence() > longestSilence) {
        fail(Text::tr("No sign of life for %1 s. %2")
                 .arg(longestSilence.count())
                 .arg(stack.silenceReason()));
        return false;
    }
    const auto full = events.problem() ? events.problem() : faults.problem();
    if (full) {
        fail(Text::tr("The bundle can't be written: %1.").arg(QString::fromStdString(*full)));
        return false;
    }
    return true;
}

} // namespace faultline::runs
