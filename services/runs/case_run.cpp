// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/case_run.h"

#include "services/cases/schema/quantities.h"
#include "services/runs/agent_fault.h"
#include "services/runs/evidence.h"
#include "services/runs/final_checks.h"
#include "services/runs/phase_loop.h"
#include "services/runs/probe_clock.h"
#include "services/runs/queue_gate.h"
#include "services/runs/record/series_csv.h"
#include "services/runs/role_exec.h"
#include "services/runs/run_processes.h"
#include "services/runs/scene_note.h"
#include "services/runs/stack_setup.h"
#include "services/runs/text.h"

#include <QDir>
#include <QFile>

#include <cstdio>

namespace faultline::runs {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using Clock = RunState::Clock;

namespace {

constexpr auto evidenceLimit = 60s;
constexpr auto abortedEvidenceLimit = 10s;
constexpr auto lostEvidenceLimit = 5s;
constexpr auto removeLimit = 120s;
constexpr auto hurriedRemoveLimit = 45s;
constexpr auto lostRemoveLimit = 45s;
constexpr auto leaderLimit = 5s;

Resolve resolverFor(const RunState &state)
{
    return [&state, services = servicesByRole(state.request.caseFile)](
               const std::string &role, int port) {
        const auto found = services.find(role);
        return state.stack.endpoints(
            QString::fromStdString(found == services.end() ? role : found->second), port);
    };
}

/// The last line that the leader's command of a fault prints.
domain::Result<QString> askLeader(RunState &state, const std::string &faultId)
{
    const auto &faults = state.request.caseFile.faults;
    const auto fault = std::find_if(faults.begin(), faults.end(),
        [&](const cases::FaultEntry &entry) { return entry.id == faultId; });
    if (fault == faults.end())
        return QString();
    const QString logName = QStringLiteral("leader-%1.log").arg(QString::fromStdString(faultId));
    QFile log(state.request.bundle + QStringLiteral("/logs/") + logName);
    const qint64 before = log.size();
    const auto end = runCommand(state, QString::fromStdString(fault->target.leaderCommand), logName,
        Clock::now() + leaderLimit);
    if (!end)
        return domain::failure(end.error());
    const bool isWell = *end && (*end)->signal == 0 && (*end)->exitCode == 0;
    if (!isWell || !log.open(QIODevice::ReadOnly) || !log.seek(before))
        return domain::failure(domain::ErrorKind::Local,
            Text::tr("The leader's command failed; logs/%1 has its output.").arg(logName));
    return QString::fromUtf8(log.read(64 << 10)).trimmed().section(u'\n', -1).trimmed();
}

/// Quiet seconds go into the file; the job's log hears of the others, and of every tenth.
ProbeClock::OnSecond tellSeconds(EventLog &events)
{
    return [&events](const std::string &probe, const ProbeSecond &second) {
        char text[160];
        std::snprintf(text, sizeof text, ": %d of %d answered, p99 %.1f ms", second.ok,
            second.ok + second.failed, second.p99);
        const bool isTold = second.failed > 0 || second.second % 10 == 0;
        Json payload{ { "probe", probe }, { "second", second.second }, { "ok", second.ok },
            { "failed", second.failed }, { "p50Ms", second.p50 }, { "p99Ms", second.p99 },
            { "maxMs", second.most } };
        if (!second.why.empty())
            payload["why"] = second.why;
        events.write("probe.second", payload,
            isTold ? "probe " + probe + text + (second.why.empty() ? "" : "; " + second.why)
                   : std::string());
    };
}

/// The middle of a run: from a stack that is ready to its findings.
void perform(RunState &state, const RunControl &control)
{
    ProbeClock probes(state.request.caseFile.probes, resolverFor(state), tellSeconds(state.events),
        execInside(state), state.request.passwords);
    probes.start();
    WorkloadRun workload(state, control.say);
    LiveChecks live(state, probes);
    live.start();
    PhaseLoop loop(state, workload, live);
    loop.run();
    live.stop();
    loop.lookAtChecks();
    probes.stop();
    Measured measured;
    measured.series = probes.series();
    measured.probesStart = probes.startedAt();
    measured.faults = state.faults.spans();
    for (const auto &[id, series] : measured.series) {
        state.keep(
            QStringLiteral("series/") + QString::fromStdString(seriesFileName(id)), series.csv());
    }
    if (!workload.metricsCsv().empty())
        state.keep(QString::fromLatin1(metricsFile), workload.metricsCsv());
    for (const Finding &finding : state.faults.findings())
        state.add(finding);
    if (!state.faults.isQuiet() && !state.ending.lostInfrastructure) {
        Finding finding;
        finding.check = "heal";
        finding.anomaly = "recovery";
        finding.message = "Not every fault was out in time after it was undone.";
        state.add(std::move(finding));
    }
    if (state.hurry.isCancelled())
        return;
    measured.logs = collectEvidence(state,
        state.ending.lostInfrastructure ? milliseconds(lostEvidenceLimit)
            : state.ending.wasAborted   ? milliseconds(abortedEvidenceLimit)
                                        : milliseconds(evidenceLimit));
    if (state.mayGoOn())
        makeFinalChecks(state, measured, live);
    loop.lookAtDeaths();
    (void)state.mayGoOn(); // an abort during the checks counts, too
}

/// The names of the stacks to remove: the run's own, and others that its script made.
QStringList stacksToRemove(RunState &state)
{
    QStringList out{ state.request.stackName };
    if (state.request.makesStack)
        return out;
    for (const QString &name : stacksOfRun(state)) {
        if (!out.contains(name))
            out += name;
    }
    return out;
}

void removeAll(RunState &state, const RunControl &control)
{
    const auto limit = state.ending.lostInfrastructure ? milliseconds(lostRemoveLimit)
        : state.hurry.isCancelled()                    ? milliseconds(hurriedRemoveLimit)
                                                       : milliseconds(removeLimit);
    state.isStackGone = true;
    state.faults.releaseHeld(state.backend, QString::fromStdString(state.request.record.server));
    for (const QString &name : stacksToRemove(state)) {
        state.events.write("stack.remove", { { "stack", name.toStdString() } },
            Text::tr("removing the stack %1").arg(name).toStdString());
        QString why;
        if (removeStack(state, name, limit, why)) {
            state.events.write("stack.gone", { { "stack", name.toStdString() } },
                Text::tr("the stack is gone").toStdString());
            continue;
        }
        state.isStackGone = false;
        state.fail(
            Text::tr("The stack %1 could not be removed (%2). Remove it with: faultlinectl rm %1")
                .arg(name, why));
    }
    if (state.isStackGone)
        return state.faults.setMoot();
    state.faults.giveUp();
    state.ending.leakedFaults = state.faults.leaked();
    const QStringList commands = state.faults.undoCommands();
    for (const QString &command : commands)
        control.say(Text::tr("undo by hand: %1").arg(command));
}

/// Keeps or removes the stack; true when it is kept.
bool endStack(RunState &state, const RunControl &control)
{
    if (!state.askedForStack)
        return false;
    const Verdict verdict = judge(state.ending, state.findings);
    if (const auto note
        = state.faults.isQuiet() ? keepScene(state, verdict) : std::optional<SceneNote>()) {
        state.keep(QStringLiteral("scene.json"),
            note->json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n');
        state.events.write("stack.kept", note->json, note->headline.toStdString());
        for (const QString &line : note->lines)
            control.say(line);
        return true;
    }
    removeAll(state, control);
    return false;
}

/// Kinds of faults that the machines here lack are told before anything is started.
void refuseWhatCannotBe(RunState &state)
{
    const auto lacking = lackingKinds(state.backend, state.request.plan, state.abort);
    if (!lacking)
        return state.fail(lacking.error().text());
    for (const QString &sentence : *lacking)
        state.fail(sentence);
}

std::vector<std::string> checkIds(const cases::CaseFile &caseFile)
{
    std::vector<std::string> out;
    for (const cases::Check &check : effectiveChecks(caseFile))
        out.push_back(idOf(check));
    return out;
}

RunSummary summarise(RunState &state, const Moment &begin, bool keptStack)
{
    RunSummary out;
    out.caseName = state.request.caseFile.metadata.name;
    out.run = state.request.run.toStdString();
    out.stack = state.request.stackName.toStdString();
    out.seed = state.request.plan.seed;
    out.verdict = judge(state.ending, state.findings);
    out.trouble = state.trouble.toStdString();
    out.seconds = double(Moment::now().monoNanos - begin.monoNanos) / 1e9;
    out.startedMicros = begin.wallMicros;
    out.keptStack = keptStack;
    out.checks = checkIds(state.request.caseFile);
    out.findings = state.findings;
    return out;
}

} // namespace

RunSummary runCase(
    const RunRequest &request, stacks::StackBackend &backend, const RunControl &control)
{
    const Moment begin = Moment::now();
    EventLog events(request.run.toStdString(), control.event);
    const QString eventFile = request.bundle + QStringLiteral("/events.jsonl");
    const auto closed = events.open(QFile::encodeName(eventFile).toStdString());
    QDir(request.bundle).mkpath(QStringLiteral("logs"));
    LiveStack stack(backend, request.stackName);
    RunState *running = nullptr;
    FaultEngine faults(request, backend, stack, events,
        [&running](const std::string &fault) { return askLeader(*running, fault); });
    RunState state{ request, backend, events, stack, faults, control.abort, control.hurry,
        std::min(control.deadline, Clock::now() + request.caseFile.timeout) };
    running = &state;
    if (closed)
        state.fail(
            Text::tr("The bundle can't be written: %1.").arg(QString::fromStdString(*closed)));
    state.keep(QStringLiteral("case.yaml"), request.resolvedCase.toStdString());
    state.keep(QStringLiteral("plan.json"), cases::planJson(request.plan));
    state.keep(QStringLiteral("ci.json"), request.ci.dump(2) + '\n');
    events.write("run.begin",
        { { "case", request.caseFile.metadata.name }, { "stack", request.stackName.toStdString() },
            { "seed", std::to_string(request.plan.seed) }, { "runner", request.record.runner },
            { "expires", timeText(request.record.expiresMicros) },
            { "started", timeText(begin.wallMicros) }, { "checks", checkIds(request.caseFile) },
            { "timeoutMs", request.caseFile.timeout.count() },
            { "phasesMs", request.plan.duration.count() },
            { "faults", request.plan.faults.size() } },
        Text::tr("run %1 of %2, seed %3")
            .arg(request.run, QString::fromStdString(request.caseFile.metadata.name))
            .arg(request.plan.seed)
            .toStdString());
    if (!state.isDone())
        refuseWhatCannotBe(state);
    const auto setUp = request.makesStack ? setUpStack : awaitServer;
    state.askedForStack = !request.makesStack; // from now on there may be one
    if (!state.isDone() && awaitRoom(state) && setUp(state))
        perform(state, control);
    else if (!state.hurry.isCancelled() && stack.stack())
        (void)collectEvidence(state, lostEvidenceLimit);
    if (const int left = endProcessesOf(request.run); left > 0)
        events.write("processes.ended", { { "count", left } },
            Text::tr("ended %1 processes that the run's commands had left behind")
                .arg(left)
                .toStdString());
    const bool isKept = endStack(state, control);
    // What could not be removed stays on record: a reaper tries again.
    if (isKept || !state.askedForStack || state.isStackGone)
        removeRunRecord(
            QFile::encodeName(request.recordFolder).toStdString(), request.run.toStdString());
    RunSummary summary = summarise(state, begin, isKept);
    state.keep(QStringLiteral("findings.json"),
        findingsJson(summary).dump(2, ' ', false, Json::error_handler_t::replace) + '\n');
    state.keep(QStringLiteral("junit.xml"), junitXml(summary));
    summary.verdict = judge(state.ending, state.findings); // the files may have failed
    events.write("run.end",
        { { "verdict", nameOf(summary.verdict) }, { "exitCode", exitCodeOf(summary.verdict) },
            { "findings", summary.findings.size() }, { "seconds", summary.seconds } },
        Text::tr("verdict: %1")
            .arg(QString::fromUtf8(nameOf(summary.verdict).data()))
            .toStdString());
    return summary;
}

} // namespace faultline::runs
