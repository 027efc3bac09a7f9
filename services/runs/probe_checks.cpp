// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/probe_checks.h"

#include "services/cases/schema/quantities.h"

#include <cstdio>

namespace faultline::runs {

namespace {

using Steady = std::chrono::steady_clock::time_point;

constexpr milliseconds usualWindow = std::chrono::seconds(60);

std::string number(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.3f", value);
    return text;
}

milliseconds durationOf(const cases::Check &check, const std::string &name)
{
    return cases::parseDuration(argumentOf(check, name)).value_or(milliseconds(0));
}

std::optional<Finding> checkOutage(
    const cases::Check &check, const ProbeSeries &series, const std::string &probe)
{
    const auto longest = series.longestOutage();
    if (argumentOf(check, "maxOutage").empty() || longest <= durationOf(check, "maxOutage"))
        return std::nullopt;
    return findingOf(check, Finding::Kind::Anomaly,
        "The probe " + probe + " had no answer for " + cases::durationText(longest) + "; at most "
            + argumentOf(check, "maxOutage") + " is allowed.");
}

std::optional<Finding> checkAvailability(
    const cases::Check &check, const ProbeSeries &series, const std::string &probe)
{
    if (auto outage = checkOutage(check, series, probe))
        return outage;
    std::string wanted = argumentOf(check, "atLeast");
    if (wanted.ends_with('%'))
        wanted.pop_back();
    const auto least = cases::parseNumber(wanted);
    const auto all = static_cast<double>(series.okCount() + series.failedCount());
    const double reached = 100.0 * static_cast<double>(series.okCount()) / all;
    if (!wanted.empty() && !least)
        return findingOf(check, Finding::Kind::GaveUp, "with.atLeast is not a percentage.");
    if (least && reached < *least)
        return findingOf(check, Finding::Kind::Anomaly,
            "The probe " + probe + " was answered in " + number(reached) + " % of "
                + std::to_string(static_cast<long long>(all)) + " attempts; at least " + wanted
                + " % is wanted.");
    return std::nullopt;
}

std::optional<Finding> judgeLatency(const cases::Check &check, const LatencyHistogram &latencies,
    const std::string &probe, const std::string &when = {})
{
    const double quantile = cases::parseNumber(argumentOf(check, "quantile")).value_or(1);
    const double measured = latencies.quantile(quantile);
    const auto below = durationOf(check, "below");
    if (measured < static_cast<double>(below.count()))
        return std::nullopt;
    return findingOf(check, Finding::Kind::Anomaly,
        "The quantile " + argumentOf(check, "quantile") + " of the probe " + probe + " is "
            + number(measured) + " ms" + when + "; it must be below " + argumentOf(check, "below")
            + '.');
}

std::optional<Finding> checkLatency(
    const cases::Check &check, const ProbeSeries &series, const std::string &probe)
{
    if (series.okCount() == 0)
        return findingOf(check, Finding::Kind::GaveUp,
            "The probe " + probe + " was never answered: there is no latency to judge.");
    return judgeLatency(check, series.latencies(), probe);
}

/// Each outage that overlaps a fault, or begins soon after it, must end within the limit after the
/// fault is out.
/// With `now` an outage that goes on is judged only once its time to end is over.
std::optional<Finding> checkRecovery(const cases::Check &check, const ProbeSeries &series,
    const std::string &probe, Steady probesStart, const std::vector<FaultSpan> &faults,
    std::optional<Steady> now = {})
{
    const auto within = durationOf(check, "within");
    for (std::size_t i = 0; i < faults.size(); ++i) {
        const FaultSpan &fault = faults[i];
        for (const Outage &outage : series.outages()) {
            const auto begin = probesStart + outage.begin;
            const bool belongsHere = begin <= fault.end + within
                && (!outage.end || probesStart + *outage.end > fault.begin);
            const bool belongsToNext = i + 1 < faults.size() && begin >= faults[i + 1].begin;
            if (!belongsHere || belongsToNext)
                continue;
            if (!outage.end && now && *now <= fault.end + within)
                continue;
            if (!outage.end)
                return findingOf(check, Finding::Kind::Anomaly,
                    "The probe " + probe + " was not answered again after the fault " + fault.id
                        + '.');
            const auto took = probesStart + *outage.end - fault.end;
            if (took > within)
                return findingOf(check, Finding::Kind::Anomaly,
                    "The probe " + probe + " was answered again "
                        + cases::durationText(std::chrono::duration_cast<milliseconds>(took))
                        + " after the fault " + fault.id + " was out; at most "
                        + argumentOf(check, "within") + " is allowed.");
        }
    }
    return std::nullopt;
}

} // namespace

std::optional<Finding> checkProbe(const cases::Check &check, const Measured &measured)
{
    const std::string probe = argumentOf(check, "probe");
    const auto found = measured.series.find(probe);
    if (found == measured.series.end()
        || found->second.okCount() + found->second.failedCount() == 0)
        return findingOf(check, Finding::Kind::GaveUp, "The probe " + probe + " measured nothing.");
    if (check.kind == "probe.availability")
        return checkAvailability(check, found->second, probe);
    if (check.kind == "probe.latency")
        return checkLatency(check, found->second, probe);
    return checkRecovery(check, found->second, probe, measured.probesStart, measured.faults);
}

ProbeWatch::ProbeWatch(cases::Check check)
    : m_check(std::move(check))
    , m_window(cases::parseDuration(argumentOf(m_check, "window")).value_or(usualWindow))
{
}

std::optional<Finding> ProbeWatch::look(
    const ProbeSeries &series, Steady probesStart, const std::vector<FaultSpan> &faults, Steady now)
{
    const std::string probe = argumentOf(m_check, "probe");
    if (m_check.kind == "probe.availability")
        return checkOutage(m_check, series, probe);
    if (m_check.kind == "recovery")
        return checkRecovery(m_check, series, probe, probesStart, faults, now);
    m_past.emplace_back(now, series.latencies());
    // The last one that is old enough is what the window began with.
    while (m_past.size() > 1 && now - m_past[1].first >= m_window)
        m_past.pop_front();
    if (now - m_past.front().first < m_window)
        return std::nullopt;
    const LatencyHistogram recent = series.latencies().since(m_past.front().second);
    if (recent.count() == 0)
        return std::nullopt;
    return judgeLatency(m_check, recent, probe, " in the last " + cases::durationText(m_window));
}

} // namespace faultline::runs
