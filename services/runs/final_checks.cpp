// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/final_checks.h"

#include "services/runs/history_check.h"
#include "services/runs/role_exec.h"
#include "services/runs/stack_setup.h"

#include <QFile>

namespace faultline::runs {

using namespace std::chrono_literals;
using Clock = RunState::Clock;

namespace {

constexpr auto commandLimit = 60s;

std::optional<Finding> judgeInvariant(
    const cases::Check &check, int exitCode, const QByteArray &output)
{
    const std::string quote = output.left(300).toStdString();
    if (exitCode == gaveUpExitCode)
        return findingOf(check, Finding::Kind::GaveUp,
            "The checker gave up: exit code " + std::to_string(exitCode) + '.');
    if (exitCode != 0)
        return findingOf(check, Finding::Kind::Anomaly,
            "The invariant does not hold (exit code " + std::to_string(exitCode) + "): " + quote);
    const std::string expected = argumentOf(check, "expect");
    if (!expected.empty() && output.toStdString() != expected)
        return findingOf(check, Finding::Kind::Anomaly,
            "The invariant's command printed \"" + quote + "\", not \"" + expected + "\".");
    return std::nullopt;
}

/// exec.invariant: a command on this machine, or inside a role. 0 = holds; 75, or no end in time, =
/// gave up.
std::optional<Finding> checkCommand(RunState &state, const cases::Check &check, int number)
{
    QString command;
    const auto words = argumentsOf(check, "command");
    for (const std::string &word : words) {
        QString text = QString::fromStdString(word);
        if (words.size() > 1)
            text = u'\'' + text.replace(u'\'', QStringLiteral("'\\''")) + u'\'';
        command += (command.isEmpty() ? QString() : QStringLiteral(" ")) + text;
    }
    const QString logName = QStringLiteral("check-%1.log").arg(number);
    const std::string where = argumentOf(check, "where", "runner");
    if (where != "runner") {
        const auto inside = runInside(state, where, command.toStdString(),
            std::min(state.deadline, Clock::now() + commandLimit));
        if (!inside)
            return findingOf(check, Finding::Kind::GaveUp, inside.error().message.toStdString());
        state.keep(QStringLiteral("logs/") + logName, inside->output.toStdString());
        return judgeInvariant(check, inside->exitCode, inside->output.trimmed());
    }
    const auto end = runCommand(
        state, command, logName, std::min(state.deadline, Clock::now() + commandLimit));
    if (!end)
        return findingOf(check, Finding::Kind::GaveUp, end.error().message.toStdString());
    if (!*end)
        return findingOf(check, Finding::Kind::GaveUp, "The checker did not end in time.");
    const ProcessEnd &how = **end;
    if (how.signal != 0)
        return findingOf(
            check, Finding::Kind::GaveUp, "The checker gave up: " + how.text().toStdString() + '.');
    QFile log(state.request.bundle + QStringLiteral("/logs/") + logName);
    return judgeInvariant(check, how.exitCode,
        log.open(QIODevice::ReadOnly) ? log.read(4'096).trimmed() : QByteArray());
}

bool isWatched(const cases::Check &check)
{
    return check.kind == "sql.invariant" && check.when == cases::Check::When::During;
}

/// What it found was told when it was found; what never answered proves nothing.
void concludeWatch(RunState &state, const cases::Check &check, const InvariantWatch::Tally &tally)
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
            "No server answered the invariant during the run"
                + (tally.lastProblem.empty() ? "."
                                             : "; the last said: " + tally.lastProblem + '.')));
}

} // namespace

void makeFinalChecks(RunState &state, const Measured &measured, const InvariantWatch &invariants)
{
    int number = 0;
    for (const cases::Check &check : effectiveChecks(state.request.caseFile)) {
        std::optional<Finding> finding;
        if (check.kind.starts_with("probe.") || check.kind == "recovery")
            finding = checkProbe(check, measured);
        else if (check.kind == "log.pattern")
            finding = checkLogs(check, measured, servicesByRole(state.request.caseFile));
        else if (check.kind == "exec.invariant")
            finding = checkCommand(state, check, ++number);
        else if (isWatched(check)) {
            concludeWatch(state, check, invariants.tallyOf(check));
            continue;
        } else if (check.kind == "sql.invariant")
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
