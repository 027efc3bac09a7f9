// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/phase_loop.h"

#include "services/cases/schema/quantities.h"
#include "services/runs/pause.h"
#include "services/runs/stack_setup.h"
#include "services/runs/text.h"

#include <QFile>

#include <algorithm>

namespace faultline::runs {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

constexpr auto lookGap = 50ms;
constexpr auto progressGap = 30s;
constexpr auto lastChecksGrace = 30s; // a workload may verify its own work once its time is over
constexpr auto abortGrace = 5s;
constexpr auto scriptAbortGrace = 30s; // it may remove its own stack
constexpr auto healLimit = 60s;
constexpr milliseconds hostLossMargin = 30s;
constexpr auto hurriedHealLimit = 20s;
constexpr auto lostHealLimit = 10s;

const char *severityName(cases::Severity severity)
{
    switch (severity) {
    case cases::Severity::Blocker:
        return "blocker";
    case cases::Severity::Major:
        return "major";
    case cases::Severity::Minor:
        return "minor";
    case cases::Severity::Experimental:
        break;
    }
    return "experimental";
}

} // namespace

PhaseLoop::PhaseLoop(RunState &state, WorkloadRun &workload, LiveChecks &live)
    : m_state(state)
    , m_workload(workload)
    , m_live(live)
    , m_acts(QFile::encodeName(state.request.bundle).toStdString())
{
    for (const cases::Check &check : effectiveChecks(state.request.caseFile)) {
        if (check.kind == "exitCode")
            m_exitCode = check;
        if (check.kind == "containers.noneUnexpectedlyDead")
            m_deaths = check;
    }
    if (!m_deaths)
        return;
    for (const std::string &role : argumentsOf(*m_deaths, "roles")) {
        for (const cases::Role &known : state.request.caseFile.topology.roles) {
            if (known.name == role)
                m_watchedServices.push_back(QString::fromStdString(known.service));
        }
    }
}

milliseconds PhaseLoop::sinceStart() const
{
    return std::chrono::duration_cast<milliseconds>(Clock::now() - *m_state.phasesStart);
}

bool PhaseLoop::isPastLastPhase() const
{
    const auto &phases = m_state.request.plan.phases;
    if (phases.empty())
        return m_workload.wasStarted() && !m_workload.isRunning();
    return sinceStart() >= m_state.request.plan.duration;
}

void PhaseLoop::run()
{
    (void)m_state.stack.takeDeaths(); // of the setup
    m_state.phasesStart = Clock::now();
    m_nextProgress = *m_state.phasesStart + progressGap;
    if (m_state.request.plan.phases.empty()) {
        if (const auto started = m_workload.start(); !started)
            m_state.fail(started.error().text());
    }
    while (m_state.mayGoOn() && tick())
        pauseFor(lookGap);
    m_state.faults.stopStarting();
    leavePhase();
    m_isEnding = true;
    stopWorkload();
    heal();
    lookAtDeaths();
    lookAtHosts();
}

bool PhaseLoop::tick()
{
    lookAtDeaths(); // before a fault that explains one is over
    lookAtHosts();
    m_state.faults.tick(sinceStart());
    refreshEndpoints(m_state, m_endpoints);
    lookAtWorkload();
    lookAtChecks();
    const auto &phases = m_state.request.plan.phases;
    const std::size_t next = m_phase ? *m_phase + 1 : 0;
    if (next < phases.size() && sinceStart() >= phases[next].begin) {
        leavePhase();
        if (m_stopsAfterPhase)
            return false;
        enterPhase(next);
    }
    if (m_stopsNow || isPastLastPhase())
        return false;
    if (Clock::now() >= m_state.deadline) {
        timedOut();
        return false;
    }
    if (Clock::now() >= m_nextProgress) {
        m_nextProgress += progressGap;
        const auto left = m_state.request.plan.duration - sinceStart();
        if (left > 0ms)
            m_state.events.write("progress", { { "leftMs", left.count() } },
                Text::tr("%1 s left").arg(left.count() / 1'000).toStdString());
    }
    return true;
}

void PhaseLoop::timedOut()
{
    Finding finding;
    finding.check = "timeout";
    finding.anomaly = "availability";
    finding.message = "The case did not end within its timeout of "
        + cases::durationText(m_state.request.caseFile.timeout) + '.';
    m_state.add(std::move(finding));
}

void PhaseLoop::enterPhase(std::size_t index)
{
    const cases::PlannedPhase &phase = m_state.request.plan.phases[index];
    m_phase = index;
    m_isOver = false;
    m_state.events.write("phase.begin",
        { { "phase", phase.name }, { "durationMs", phase.duration.count() } },
        Text::tr("phase %1 (%2)")
            .arg(QString::fromStdString(phase.name),
                QString::fromStdString(cases::durationText(phase.duration)))
            .toStdString());
    if (phase.healsAll)
        m_state.faults.undoAll();
    if (!m_state.request.caseFile.workload.isPresent)
        return;
    if (!phase.runsWorkload) {
        stopWorkload();
    } else if (const auto started = m_workload.start(); !started) {
        m_state.fail(started.error().text());
    }
}

void PhaseLoop::leavePhase()
{
    if (!m_phase || m_isOver)
        return;
    const cases::PlannedPhase &phase = m_state.request.plan.phases[*m_phase];
    m_state.events.write("phase.end", { { "phase", phase.name } });
    m_isOver = true;
}

void PhaseLoop::lookAtWorkload()
{
    const bool hasEnded = m_workload.tick();
    if (auto silence = m_workload.takeSilence())
        noticed(std::move(*silence));
    if (!hasEnded || !m_exitCode)
        return;
    if (auto finding = checkExitCode(*m_exitCode, *m_workload.end(), false, false))
        noticed(std::move(*finding));
}

void PhaseLoop::lookAtChecks()
{
    for (Finding &finding : m_live.look())
        noticed(std::move(finding));
}

void PhaseLoop::lookAtDeaths()
{
    for (const Death &death : m_state.stack.takeDeaths()) {
        const bool isFault = m_state.faults.explains(death);
        const bool isExplained = isFault || isWanted(death);
        const QString sentence = isExplained
            ? (isFault ? Text::tr("%1 ended (%2), as the fault wanted")
                       : Text::tr("%1 ended (%2), as a command of the run wanted"))
                  .arg(death.name, death.how)
            : Text::tr("%1 ended (%2), and no fault explains it").arg(death.name, death.how);
        m_state.events.write("container.death",
            { { "container", death.name.toStdString() }, { "how", death.how.toStdString() },
                { "explained", isExplained } },
            sentence.toStdString());
        if (isExplained)
            continue;
        m_unexplained.push_back(death);
        if (!m_deaths)
            continue;
        bool isWatched = m_watchedServices.empty();
        for (const QString &name : m_watchedServices) {
            const auto service = m_state.stack.service(name);
            isWatched = isWatched || (service && service->id == death.service);
        }
        if (isWatched)
            noticed(findingOf(*m_deaths, Finding::Kind::Anomaly,
                Text::tr("The container %1 died (%2), and no fault explains it.")
                    .arg(death.name, death.how)
                    .toStdString()));
    }
}

bool PhaseLoop::isWanted(const Death &death)
{
    // A script takes its stack away itself; a crash does not look like that.
    const bool isRemoval
        = death.how == QLatin1StringView("removing") || death.how == QLatin1StringView("removed");
    if (isRemoval && !m_state.request.makesStack)
        return true;
    const auto stack = m_state.stack.stack();
    return m_acts.explain(
        { death.container.value().toStdString(), death.service.value().toStdString(),
            stack ? stack->id.value().toStdString() : std::string() },
        Moment::now().wallMicros);
}

void PhaseLoop::lookAtHosts()
{
    // What an engine takes down with it says nothing of the system under test.
    for (const Death &death : m_unexplained) {
        if (m_state.stack.wasLost(death.host, death.at, hostLossMargin))
            m_state.fail(Text::tr("The engine of the host %1 was lost, and %2 ended with it.")
                             .arg(m_state.stack.hostName(death.host), death.name));
    }
    std::erase_if(
        m_unexplained, [](const Death &death) { return Clock::now() - death.at > hostLossMargin; });
}

void PhaseLoop::noticed(Finding finding)
{
    m_state.add(std::move(finding));
    if (!countsAsAnomaly(m_state.findings.back()))
        return;
    const auto &rules = m_state.request.caseFile.onFinding;
    const auto rule = rules.find(severityName(m_state.request.caseFile.metadata.severity));
    if (rule == rules.end() || rule->second == cases::OnFinding::Continue)
        return;
    m_stopsAfterPhase = true;
    m_stopsNow = m_stopsNow || rule->second == cases::OnFinding::StopNow;
}

/// Of a run that fails its scene may want the workload as it was.
bool PhaseLoop::leavesWorkload() const
{
    const auto &retention = m_state.request.caseFile.retention;
    const auto verdict = judge(m_state.ending, m_state.findings);
    const auto rule = retention.find(std::string(nameOf(verdict)));
    return rule != retention.end() && rule->second.pausesWorkload
        && (rule->second.keep || m_state.request.keepsAlways);
}

void PhaseLoop::stopWorkload()
{
    if (!m_workload.isRunning() || (m_isEnding && leavesWorkload() && m_workload.freeze()))
        return;
    const bool isOrderly = !m_state.isDone() && !m_stopsNow && Clock::now() < m_state.deadline;
    m_workload.stop(isOrderly            ? milliseconds(lastChecksGrace)
            : m_state.request.makesStack ? milliseconds(abortGrace)
                                         : milliseconds(scriptAbortGrace),
        isOrderly ? m_state.abort : m_state.hurry);
    if (!isOrderly || m_state.abort.isCancelled() || !m_exitCode)
        return;
    if (auto finding
        = checkExitCode(*m_exitCode, *m_workload.end(), true, m_workload.hadToBeKilled()))
        noticed(std::move(*finding));
}

/// How long what is in force stays in with the scene; nothing when it is to be healed.
std::optional<milliseconds> PhaseLoop::holdTime() const
{
    const auto &retention = m_state.request.caseFile.retention;
    const auto failed = retention.find("fail");
    const bool hasFailed = std::any_of(m_state.findings.begin(), m_state.findings.end(),
        [](const Finding &finding) { return countsAsAnomaly(finding); });
    const bool isWanted = failed != retention.end() && failed->second.holdsFaults
        && failed->second.keep && hasFailed && !m_state.isDone();
    return isWanted ? std::optional(failed->second.ttl) : std::nullopt;
}

void PhaseLoop::heal()
{
    if (const auto time = holdTime())
        m_state.faults.holdAll(*time);
    m_state.faults.undoAll();
    const auto begin = Clock::now();
    bool hasTold = false;
    for (;;) {
        lookAtDeaths();
        m_state.faults.tick(milliseconds::max());
        if (m_state.faults.isQuiet())
            break;
        if (!std::exchange(hasTold, true))
            m_state.events.write("heal", Json::object(), Text::tr("undoing faults").toStdString());
        const milliseconds limit = m_state.ending.lostInfrastructure ? milliseconds(lostHealLimit)
            : m_state.hurry.isCancelled() ? milliseconds(hurriedHealLimit)
                                          : milliseconds(healLimit);
        if (Clock::now() - begin > limit)
            break; // whether they are leaked is told once the stack is removed, or can't be
        pauseFor(lookGap);
    }
}

} // namespace faultline::runs
