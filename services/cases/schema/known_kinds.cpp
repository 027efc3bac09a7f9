// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/cases/schema/known_kinds.h"

#include <algorithm>
#include <array>

namespace faultline::cases {

namespace {

template <std::size_t N>
using Words = std::array<std::string_view, N>;

constexpr Words<1> exitCodeOptions{ "expect" };
constexpr Words<1> patternNeeds{ "pattern" };
constexpr Words<2> patternOptions{ "roles", "expect" };
constexpr Words<1> probeNeeds{ "probe" };
constexpr Words<2> availabilityOptions{ "maxOutage", "atLeast" };
constexpr Words<3> latencyNeeds{ "probe", "quantile", "below" };
constexpr Words<2> recoveryNeeds{ "probe", "within" };
constexpr Words<3> sqlNeeds{ "target", "statement", "expect" };
constexpr Words<4> sqlOptions{ "user", "password", "within", "every" };
constexpr Words<1> execNeeds{ "command" };
constexpr Words<3> execOptions{ "where", "expect", "every" };
constexpr Words<1> latencyOptions{ "window" };
constexpr Words<2> historyOptions{ "model", "timeLimit" };
constexpr Words<1> deadOptions{ "roles" };

constexpr std::array checks{
    CheckKind{ "exitCode", true, true, {}, exitCodeOptions },
    CheckKind{ "containers.noneUnexpectedlyDead", true, false, {}, deadOptions },
    CheckKind{ "log.pattern", false, true, patternNeeds, patternOptions },
    CheckKind{ "probe.availability", false, true, probeNeeds, availabilityOptions },
    CheckKind{ "probe.latency", false, true, latencyNeeds, latencyOptions },
    CheckKind{ "recovery", false, true, recoveryNeeds, {} },
    CheckKind{ "sql.invariant", false, true, sqlNeeds, sqlOptions },
    CheckKind{ "exec.invariant", false, true, execNeeds, execOptions },
    CheckKind{ "history.linearizable", false, true, {}, historyOptions },
};

constexpr Words<6> anomalies{ "consistency", "isolation", "crash", "availability", "recovery",
    "performance" };

} // namespace

std::span<const CheckKind> checkKinds()
{
    return checks;
}

const CheckKind *findCheckKind(std::string_view name)
{
    const auto found = std::find_if(
        checks.begin(), checks.end(), [&](const CheckKind &kind) { return kind.name == name; });
    return found == checks.end() ? nullptr : &*found;
}

std::span<const std::string_view> anomalyNames()
{
    return anomalies;
}

} // namespace faultline::cases
