// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/invariant_watch.h"

#include "services/cases/schema/quantities.h"
#include "services/runs/checks.h"
#include "services/runs/pause.h"
#include "services/runs/sql/sql_call.h"

#include <algorithm>
#include <utility>

namespace faultline::runs {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

namespace {

constexpr auto usualGap = 1s;
constexpr auto usualCommandGap = 10s;
constexpr auto longestAnswer = 2s; // a server that stalls must not hide the others
constexpr auto lookGap = 20ms;

} // namespace

struct InvariantWatch::Line
{
    cases::Check check;
    std::chrono::milliseconds every;
    Clock::time_point due;
    Tally tally;
};

InvariantWatch::InvariantWatch(
    const std::vector<cases::Check> &checks, Places places, SqlPasswords passwords, Command command)
    : m_places(std::move(places))
    , m_passwords(std::move(passwords))
    , m_command(std::move(command))
{
    for (const cases::Check &check : checks) {
        const bool isCommand = check.kind == "exec.invariant";
        if (check.when != cases::Check::When::During
            || (check.kind != "sql.invariant" && !isCommand))
            continue;
        const std::chrono::milliseconds gap = isCommand ? usualCommandGap : usualGap;
        m_lines.push_back(
            { check, cases::parseDuration(argumentOf(check, "every")).value_or(gap), {}, {} });
    }
}

InvariantWatch::~InvariantWatch()
{
    stop();
}

void InvariantWatch::start()
{
    if (m_lines.empty() || m_thread)
        return;
    m_thread.reset(QThread::create([this] { work(); }));
    m_thread->start();
}

void InvariantWatch::stop()
{
    m_isStopping = true;
    if (m_thread)
        m_thread->wait();
    m_thread.reset();
}

void InvariantWatch::work()
{
    while (!m_isStopping) {
        for (Line &line : m_lines) {
            const auto now = Clock::now();
            if (m_isStopping || line.tally.isBroken || now < line.due)
                continue;
            line.due = now + line.every;
            if (line.check.kind == "exec.invariant")
                askCommandOf(line);
            else
                askServers(line);
        }
        pauseFor(lookGap);
    }
}

void InvariantWatch::askServers(Line &line)
{
    const cases::Check &check = line.check;
    for (const SqlPlace &place : m_places(check)) {
        if (place.address.isEmpty())
            continue; // it is down
        const SqlEnd end = askSql(sqlServer(place.address, place.target, argumentOf(check, "user"),
                                      argumentOf(check, "password"), m_passwords),
            argumentOf(check, "statement"), Clock::now() + longestAnswer,
            [this] { return !m_isStopping; });
        if (m_isStopping)
            return;
        const std::string where = place.name + " (" + place.address.toStdString() + ')';
        auto finding = end.isOk ? judgeSql(check, { { where, end } }) : std::nullopt;
        if (count(line, end.isOk, where + ": " + end.problem, std::move(finding)))
            return;
    }
}

void InvariantWatch::askCommandOf(Line &line)
{
    CommandVerdict verdict = m_command(line.check, [this] { return !m_isStopping; });
    if (m_isStopping)
        return;
    const std::string problem = verdict.finding ? verdict.finding->message : std::string();
    (void)count(line, verdict.hasDecided, problem,
        verdict.hasDecided ? std::move(verdict.finding) : std::nullopt);
}

/// True when that ends the check.
bool InvariantWatch::count(
    Line &line, bool hasAnswered, const std::string &problem, std::optional<Finding> finding)
{
    const std::lock_guard lock(m_mutex);
    ++(hasAnswered ? line.tally.answered : line.tally.unanswered);
    if (!hasAnswered)
        line.tally.lastProblem = problem;
    if (!finding)
        return false;
    line.tally.isBroken = true;
    m_findings.push_back(std::move(*finding));
    return true;
}

Findings InvariantWatch::takeFindings()
{
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_findings, {});
}

std::optional<InvariantWatch::Tally> InvariantWatch::tallyOf(const cases::Check &check) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = std::find_if(m_lines.begin(), m_lines.end(), [&](const Line &line) {
        return idOf(line.check) == idOf(check) && line.check.place == check.place;
    });
    return found == m_lines.end() ? std::nullopt : std::optional(found->tally);
}

} // namespace faultline::runs
