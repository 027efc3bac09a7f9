// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/cases/plan/fault_timetable.h"

#include "services/cases/plan/random_source.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <tuple>

namespace faultline::cases {

namespace {

constexpr std::size_t mostStarts = 100'000;

/// A fault that is in the plan, with the time it keeps others away.
struct Taken
{
    const FaultEntry *fault;
    milliseconds begin;
    milliseconds end;
};

class Arrangement
{
public:
    Arrangement(const FaultPolicy &policy, Plan &plan)
        : m_policy(policy)
        , m_plan(plan)
        , m_most(policy.mode == FaultPolicy::Mode::Sequential ? 1 : policy.maxConcurrent)
    {
    }

    void place(const WantedFault &wanted)
    {
        forgetBefore(wanted.at);
        // One start that waits is enough: the ticks of a schedule must not pile up behind it.
        const auto last = m_last.find(wanted.fault);
        if (last != m_last.end() && wanted.at <= last->second) {
            m_plan.leftOut.push_back({ wanted.fault->id, wanted.phase->name, wanted.at,
                "an earlier start of the same fault was put off past it" });
            return;
        }
        const milliseconds phaseEnd = wanted.phase->begin + wanted.phase->duration;
        const milliseconds at = firstFree(wanted, phaseEnd);
        if (at >= phaseEnd) {
            m_plan.leftOut.push_back({ wanted.fault->id, wanted.phase->name, wanted.at,
                "other faults keep it out until its phase ends" });
            return;
        }
        const milliseconds length = std::min(wanted.fault->schedule.duration, phaseEnd - at);
        PlannedFault planned;
        planned.id = wanted.fault->id;
        planned.kind = wanted.fault->kind;
        planned.phase = wanted.phase->name;
        planned.at = at;
        planned.duration = length;
        planned.role = wanted.fault->target.role;
        planned.pick = wanted.fault->target.pick;
        planned.names = wanted.fault->target.names;
        m_plan.faults.push_back(std::move(planned));
        m_taken.push_back({ wanted.fault, at, at + length });
        m_last[wanted.fault] = at;
    }

private:
    /// Wanted starts come by time, so what was over before this one matters to none.
    void forgetBefore(milliseconds at)
    {
        std::erase_if(
            m_taken, [&](const Taken &taken) { return taken.end + m_policy.quietPeriod <= at; });
    }

    static bool excludes(const FaultEntry &a, const FaultEntry &b)
    {
        const auto names = [](const FaultEntry &fault, const std::string &id) {
            return std::find(fault.conflictsWith.begin(), fault.conflictsWith.end(), id)
                != fault.conflictsWith.end();
        };
        return &a == &b || names(a, b.id) || names(b, a.id);
    }

    /// When the fault could start if it has to leave this moment; empty = it may start at `at`.
    [[nodiscard]] std::optional<milliseconds> blockedUntil(
        const WantedFault &wanted, milliseconds at) const
    {
        const milliseconds end = at + wanted.fault->schedule.duration;
        std::vector<milliseconds> ends; // of those that would be in force together with it
        std::optional<milliseconds> until;
        for (const Taken &taken : m_taken) {
            const bool isQuiet = taken.end + m_policy.quietPeriod <= at
                || end + m_policy.quietPeriod <= taken.begin;
            if (isQuiet)
                continue;
            const bool isApart = taken.end <= at || end < taken.begin;
            if (excludes(*taken.fault, *wanted.fault) && !isApart)
                until = std::max(until.value_or(at), taken.end);
            ends.push_back(taken.end + m_policy.quietPeriod);
        }
        if (ends.size() >= static_cast<std::size_t>(m_most)) {
            std::sort(ends.begin(), ends.end());
            const std::size_t tooMany = ends.size() - static_cast<std::size_t>(m_most);
            until = std::max(until.value_or(at), ends.at(tooMany));
        }
        if (until)
            return std::max(*until, at + milliseconds(1));
        return std::nullopt;
    }

    [[nodiscard]] milliseconds firstFree(const WantedFault &wanted, milliseconds phaseEnd) const
    {
        milliseconds at = wanted.at;
        while (at < phaseEnd) {
            const auto until = blockedUntil(wanted, at);
            if (!until)
                return at;
            at = *until;
        }
        return phaseEnd;
    }

    const FaultPolicy &m_policy;
    Plan &m_plan;
    const int m_most;
    std::vector<Taken> m_taken;
    std::map<const FaultEntry *, milliseconds> m_last; // where each fault was placed last
};

} // namespace

std::vector<WantedFault> wantedStarts(
    const FaultEntry &fault, const PlannedPhase &phase, std::uint64_t seed)
{
    const Schedule &schedule = fault.schedule;
    RandomSource random(seed, "start/" + phase.name + '/' + fault.id);
    std::vector<WantedFault> out;
    const auto add = [&](milliseconds offset) {
        const bool isWanted = offset < phase.duration && out.size() < mostStarts
            && (schedule.most == 0 || out.size() < static_cast<std::size_t>(schedule.most));
        if (isWanted)
            out.push_back({ &fault, &phase, phase.begin + offset, static_cast<int>(out.size()) });
        return isWanted;
    };
    if (!schedule.at.empty()) {
        std::vector<milliseconds> offsets = schedule.at;
        std::sort(offsets.begin(), offsets.end());
        for (const milliseconds offset : offsets)
            add(offset);
    } else if (schedule.poisson.count() > 0) {
        const auto mean = static_cast<double>(schedule.poisson.count());
        const auto gap
            = [&] { return milliseconds(std::max(1LL, std::llround(random.gap(mean)))); };
        for (milliseconds offset = schedule.startAfter + gap(); add(offset); offset += gap()) { }
    } else if (schedule.every.count() > 0) {
        // The jitter moves each start about its own slot; it does not add up.
        const auto spread = static_cast<std::uint64_t>(2 * schedule.jitter.count() + 1);
        for (milliseconds slot = schedule.startAfter; slot < phase.duration;
             slot += schedule.every) {
            const milliseconds moved = slot
                + milliseconds(static_cast<std::int64_t>(random.below(spread))) - schedule.jitter;
            if (moved < phase.duration && !add(std::max(moved, schedule.startAfter)))
                break;
        }
    } else {
        add(schedule.startAfter);
    }
    return out;
}

void arrange(std::vector<WantedFault> wanted, const FaultPolicy &policy, Plan &plan)
{
    std::sort(wanted.begin(), wanted.end(), [](const WantedFault &a, const WantedFault &b) {
        return std::tie(a.at, a.fault->id, a.number) < std::tie(b.at, b.fault->id, b.number);
    });
    Arrangement arrangement(policy, plan);
    for (const WantedFault &item : wanted)
        arrangement.place(item);
    std::sort(
        plan.faults.begin(), plan.faults.end(), [](const PlannedFault &a, const PlannedFault &b) {
            return std::tie(a.at, a.id) < std::tie(b.at, b.id);
        });
}

} // namespace faultline::cases
