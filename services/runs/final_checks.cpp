// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/final_checks.h"

#include "services/runs/command_invariant.h"
#include "services/runs/history_check.h"
#include "services/runs/probe_checks.h"
#include "services/runs/sql_invariant.h"
#include "services/runs/stack_setup.h"

#include <QFile>

namespace faultline::runs {

using namespace std::chrono_literals;
using Clock = RunState::Clock;

namespace {

constexpr auto commandLimit = 60s;

/// What it found was told when it was found; what never answered proves nothing.
void concludeWatch(RunState &state, const cases::Check &check, const LiveChecks::Tally &tally)
{
    const bool hasPassed = !tally.isBroken && tally.answered > 0;
    state.events.write("check",
        { { "check", idOf(check) }, { "passed", hasPassed }, { "answered", tally.answered },
            { "unanswered", tally.unanswered } },
        hasPassed ? "check " + idOf(check) + ": passed; " + std::to_string(tally.answered)
                + " answers, " + std::to_string(tally.unanswered) + " times none"
                  : std::string());
    if (!tally.isBroken && tally.answered == 0 && !state.isDone())
        state.add(findingOf(check, Finding::Kind::GaveUp,
            "Nothing answered the invariant during the run"
                + (tally.lastProblem.empty() ? "."
                                             : "; the last said: " + tally.lastProblem + '.')));
}

} // namespace

void makeFinalChecks(RunState &state, const Measured &measured, const LiveChecks &live)
{
    int number = 0;
    for (const cases::Check &check : effectiveChecks(state.request.caseFile)) {
        std::optional<Finding> finding;
        const bool isInvariant = check.kind == "sql.invariant" || check.kind == "exec.invariant";
        const auto tally = live.tallyOf(check);
        if (tally && (isInvariant || tally->isBroken)) {
            concludeWatch(state, check, *tally);
            continue;
        }
        if (check.kind.starts_with("probe.") || check.kind == "recovery")
            finding = checkProbe(check, measured);
        else if (check.kind == "log.pattern")
            finding = checkLogs(check, measured, servicesByRole(state.request.caseFile));
        else if (check.kind == "exec.invariant")
            finding = askCommand(state, check, QStringLiteral("check-%1.log").arg(++number),
                std::min(state.deadline, Clock::now() + commandLimit), [&state] {
                    return state.mayGoOn();
                }).finding;
        else if (check.kind == "sql.invariant")
            finding = checkSql(state, check);
        else if (check.kind == "history.linearizable")
            finding
                = checkHistory(check, QFile::encodeName(historyFile(state.request)).toStdString());
        else
            continue; // judged when it happened
        state.events.write("check",
            { { "check", idOf(check) }, { "passed", !finding.has_value() } },
            finding ? std::string() : "check " + idOf(check) + ": passed");
        if (finding && !state.isDone())
            state.add(std::move(*finding));
    }
}

} // namespace faultline::runs
