// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/sql_invariant.h"

#include "services/cases/schema/quantities.h"
#include "services/runs/checks.h"
#include "services/runs/pause.h"
#include "services/runs/probe_attempt.h"
#include "services/runs/role_exec.h"
#include "services/runs/sql/sql_call.h"
#include "services/runs/text.h"

#include <algorithm>

namespace faultline::runs {

using namespace std::chrono_literals;
using Clock = RunState::Clock;

namespace {

constexpr auto usualPatience = 30s;
constexpr auto longestAnswer = 10s; // of one attempt
constexpr auto askAgainGap = 250ms;
constexpr std::size_t longestQuote = 100;

/// Asks one container until it answers or has a reason that does not pass.
SqlSaid ask(
    RunState &state, const cases::Check &check, std::size_t index, Clock::time_point patience)
{
    SqlSaid said;
    std::string words; // of the server, from an attempt before
    for (;;) {
        // Looked up each time: a container that starts again may be published elsewhere.
        const auto places = sqlPlaces(state, check);
        if (index >= places.size())
            return said;
        const SqlPlace &place = places[index];
        said.where = place.name
            + (place.address.isEmpty() ? std::string() : " (" + place.address.toStdString() + ')');
        if (place.address.isEmpty())
            said.end.problem = "it does not run, or does not publish the port";
        else
            said.end = askSql(sqlServer(place.address, place.target, argumentOf(check, "user"),
                                  argumentOf(check, "password"), state.request.passwords),
                argumentOf(check, "statement"), std::min(patience, Clock::now() + longestAnswer),
                [&state] { return state.mayGoOn(); });
        if (said.end.code != 0)
            words = said.end.problem;
        else if (!said.end.isOk && !words.empty())
            said.end.problem += "; before that: " + words;
        if (said.end.isOk || !mayPass(said.end) || !state.mayGoOn() || Clock::now() >= patience)
            return said;
        pauseFor(askAgainGap);
    }
}

void tell(EventLog &events, const cases::Check &check, const SqlSaid &said)
{
    const std::string text = said.end.isOk ? "answered " + plainWords(said.end.rows, longestQuote)
                                           : "could not be asked: " + said.end.problem;
    events.write("sql.answer",
        { { "check", idOf(check) }, { "where", said.where }, { "ok", said.end.isOk },
            { "answer", plainWords(said.end.rows) }, { "problem", said.end.problem } },
        "check " + idOf(check) + ": " + said.where + ' ' + text);
}

} // namespace

std::vector<SqlPlace> sqlPlaces(const RunState &state, const cases::Check &check)
{
    std::vector<SqlPlace> out;
    for (const std::string &target : argumentsOf(check, "target")) {
        const ProbeTarget parts = probeTarget(target);
        for (const auto &container : state.stack.containersOf(serviceOf(state, parts.role)))
            out.push_back({ container.name.toStdString(),
                state.stack.endpointOf(container, parts.port), target });
    }
    return out;
}

std::optional<Finding> judgeSql(const cases::Check &check, const std::vector<SqlSaid> &said)
{
    const std::string expected = argumentOf(check, "expect");
    const auto holds
        = [&](const SqlSaid &each) { return each.end.isOk && each.end.rows == expected; };
    const auto right = std::count_if(said.begin(), said.end(), holds);
    const auto broken = std::find_if(said.begin(), said.end(),
        [&](const SqlSaid &each) { return each.end.isOk && each.end.rows != expected; });
    if (broken != said.end()) {
        Finding out = findingOf(check, Finding::Kind::Anomaly,
            "The invariant does not hold: " + broken->where + " answered \""
                + plainWords(broken->end.rows, longestQuote) + "\", not \""
                + plainWords(expected, longestQuote) + "\". " + std::to_string(right) + " of "
                + std::to_string(said.size()) + " servers answered as expected.");
        if (out.anomaly.empty())
            out.anomaly = "consistency";
        return out;
    }
    const auto silent = std::find_if(
        said.begin(), said.end(), [](const SqlSaid &each) { return !each.end.isOk; });
    if (silent != said.end())
        return findingOf(check, Finding::Kind::GaveUp,
            "The invariant could not be asked of " + silent->where + ": " + silent->end.problem
                + '.');
    if (said.empty())
        return findingOf(
            check, Finding::Kind::GaveUp, "There is no server to ask the invariant of.");
    return std::nullopt;
}

std::optional<Finding> checkSql(RunState &state, const cases::Check &check)
{
    const auto patience = std::min(state.deadline,
        Clock::now() + cases::parseDuration(argumentOf(check, "within")).value_or(usualPatience));
    std::vector<SqlSaid> said;
    const std::size_t servers = sqlPlaces(state, check).size();
    for (std::size_t i = 0; i < servers && !state.isDone(); ++i) {
        said.push_back(ask(state, check, i, patience));
        tell(state.events, check, said.back());
    }
    return judgeSql(check, said);
}

} // namespace faultline::runs
