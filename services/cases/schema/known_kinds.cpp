// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/cases/schema/known_kinds.h"

#include <algorithm>
#include <array>

namespace faultline::cases {

namespace {

template <std::size_t N>
using Words = std::array<std::string_view, N>;

constexpr Words<1> signalArguments{ "signal" };
constexpr Words<2> killArguments{ "signal", "process" };
constexpr Words<1> crashLoopArguments{ "gap" };
constexpr Words<2> scaleArguments{ "to", "by" };
constexpr Words<4> delayArguments{ "delay", "jitter", "correlation", "from" };
constexpr Words<4> lossArguments{ "percent", "correlation", "burst", "from" };
constexpr Words<3> percentArguments{ "percent", "correlation", "from" };
constexpr Words<4> reorderArguments{ "percent", "correlation", "delay", "from" };
constexpr Words<2> bandwidthArguments{ "rate", "from" };
constexpr Words<3> partitionArguments{ "shape", "direction", "from" };
constexpr Words<3> blackholeArguments{ "port", "direction", "from" };
constexpr Words<2> dnsArguments{ "names", "answer" };
constexpr Words<1> offsetArguments{ "by" };
constexpr Words<2> strobeArguments{ "by", "period" };
constexpr Words<1> driftArguments{ "rate" };
constexpr Words<3> ioArguments{ "path", "latency", "percent" };
constexpr Words<3> ioErrorArguments{ "path", "error", "percent" };
constexpr Words<2> ioRateArguments{ "read", "write" };
constexpr Words<3> fillArguments{ "path", "percent", "leave" };
constexpr Words<2> burnArguments{ "path", "threads" };
constexpr Words<2> cpuArguments{ "threads", "percent" };
constexpr Words<2> memoryArguments{ "bytes", "percent" };
constexpr Words<1> ioLoadArguments{ "threads" };
constexpr Words<3> commandArguments{ "inject", "undo", "where" };

constexpr std::array faults{
    FaultKind{ "process.kill", false, false, killArguments },
    FaultKind{ "container.kill", false, false, signalArguments },
    FaultKind{ "container.stop", true, false, {} },
    FaultKind{ "container.restart", false, false, {} },
    FaultKind{ "container.pause", true, false, {} },
    FaultKind{ "container.remove", false, false, {} },
    FaultKind{ "container.crashLoop", true, false, crashLoopArguments },
    FaultKind{ "stack.scale", true, false, scaleArguments },
    FaultKind{ "stack.deactivate", true, false, {} },
    FaultKind{ "network.delay", true, true, delayArguments },
    FaultKind{ "network.loss", true, true, lossArguments },
    FaultKind{ "network.duplicate", true, true, percentArguments },
    FaultKind{ "network.corrupt", true, true, percentArguments },
    FaultKind{ "network.reorder", true, true, reorderArguments },
    FaultKind{ "network.bandwidth", true, true, bandwidthArguments },
    FaultKind{ "network.partition", true, true, partitionArguments },
    FaultKind{ "network.blackhole", true, true, blackholeArguments },
    FaultKind{ "network.dns", true, false, dnsArguments },
    FaultKind{ "clock.offset", true, false, offsetArguments },
    FaultKind{ "clock.strobe", true, false, strobeArguments },
    FaultKind{ "clock.drift", true, false, driftArguments },
    FaultKind{ "io.latency", true, false, ioArguments },
    FaultKind{ "io.errors", true, false, ioErrorArguments },
    FaultKind{ "io.bandwidth", true, false, ioRateArguments },
    FaultKind{ "io.fill", true, false, fillArguments },
    FaultKind{ "io.burn", true, false, burnArguments },
    FaultKind{ "load.cpu", true, false, cpuArguments },
    FaultKind{ "load.memory", true, false, memoryArguments },
    FaultKind{ "load.io", true, false, ioLoadArguments },
    FaultKind{ "command", true, false, commandArguments },
};

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

std::span<const FaultKind> faultKinds()
{
    return faults;
}

const FaultKind *findFaultKind(std::string_view name)
{
    const auto found = std::find_if(
        faults.begin(), faults.end(), [&](const FaultKind &kind) { return kind.name == name; });
    return found == faults.end() ? nullptr : &*found;
}

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
