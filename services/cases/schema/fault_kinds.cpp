// SPDX-License-Identifier: GPL-3.0-or-later
// The kinds of faults and their arguments, as case files and commands name them.
#include "services/cases/schema/known_kinds.h"
#include "services/cases/schema/quantities.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace faultline::cases {

namespace {

using Type = FaultArgument::Type;

template <std::size_t N>
using Arguments = std::array<FaultArgument, N>;

constexpr std::string_view directions = "in|out|both";
constexpr std::string_view operations = "all|open|read|write|fsync";
constexpr FaultArgument from{ "from", Type::Words };
constexpr FaultArgument direction{ "direction", Type::Word, false, directions };
constexpr FaultArgument ports{ "ports", Type::Words };
constexpr FaultArgument percent{ "percent", Type::Percent, true };
constexpr FaultArgument correlation{ "correlation", Type::Percent };

constexpr Arguments<2> killArguments{ { { "signal" }, { "process" } } };
constexpr Arguments<1> containerKillArguments{ { { "signal" } } };
constexpr Arguments<2> signalArguments{ { { "signal", Type::Text, true }, { "name" } } };
constexpr Arguments<1> crashLoopArguments{ { { "gap", Type::Duration } } };
constexpr Arguments<2> scaleArguments{ { { "to", Type::Number }, { "by", Type::Number } } };
constexpr Arguments<6> delayArguments{ { { "delay", Type::Duration, true },
    { "jitter", Type::Duration }, correlation, direction, ports, from } };
constexpr Arguments<5> lossArguments{ { percent, correlation, direction, ports, from } };
constexpr Arguments<6> reorderArguments{ { percent, correlation, { "delay", Type::Duration },
    direction, ports, from } };
constexpr Arguments<4> bandwidthArguments{ { { "rate", Type::Rate, true }, direction, ports,
    from } };
constexpr Arguments<4> partitionArguments{
    { { "shape", Type::Word, false, "one|halves|minority|bridge|ring" }, direction, ports, from }
};
constexpr Arguments<4> blackholeArguments{ { { "port", Type::Count, true },
    { "protocol", Type::Word, false, "tcp|udp" }, direction, from } };
constexpr Arguments<1> dnsArguments{ { { "mode", Type::Word, false, "refuse|drop|nxdomain" } } };
constexpr Arguments<1> offsetArguments{ { { "offset", Type::Offset, true } } };
constexpr Arguments<2> strobeArguments{ { { "offset", Type::Offset, true },
    { "period", Type::Duration, true } } };
constexpr Arguments<2> driftArguments{ { { "ppm", Type::Number }, { "factor", Type::Number } } };
constexpr Arguments<5> latencyArguments{ { { "path", Type::Text, true },
    { "delay", Type::Duration, true }, { "jitter", Type::Duration },
    { "operation", Type::Word, false, operations }, { "percent", Type::Percent } } };
constexpr Arguments<5> ioErrorArguments{ { { "path", Type::Text, true }, { "errno" },
    { "delay", Type::Duration }, { "operation", Type::Word, false, operations },
    { "percent", Type::Percent } } };
constexpr Arguments<5> ioLimitArguments{ { { "readBytes", Type::Rate },
    { "writeBytes", Type::Rate }, { "readOps", Type::Count }, { "writeOps", Type::Count },
    { "device" } } };
constexpr Arguments<4> fillArguments{ { { "path", Type::Text, true }, { "bytes", Type::Bytes },
    { "percent", Type::Percent }, { "sharedDisk", Type::Flag } } };
constexpr Arguments<3> burnArguments{ { { "path", Type::Text, true }, { "workers", Type::Count },
    { "bytes", Type::Bytes } } };
constexpr Arguments<2> cpuStressArguments{ { { "workers", Type::Count },
    { "load", Type::Percent } } };
constexpr Arguments<1> cpuLimitArguments{ { { "cpus", Type::Number, true } } };
constexpr Arguments<1> memoryArguments{ { { "bytes", Type::Bytes, true } } };
constexpr Arguments<1> ioStressArguments{ { { "workers", Type::Count } } };
constexpr Arguments<6> commandArguments{ { { "inject", Type::Text, true },
    { "undo", Type::Text, true }, { "inForce" }, { "out" },
    { "where", Type::Word, false, "target|helper" }, { "within", Type::Count } } };

constexpr std::array faults{
    FaultKind{ "process.kill", false, false, killArguments },
    FaultKind{ "process.signal", false, false, signalArguments },
    FaultKind{ "container.kill", false, false, containerKillArguments },
    FaultKind{ "container.stop", true, false, {} },
    FaultKind{ "container.restart", false, false, {} },
    FaultKind{ "container.pause", true, false, {} },
    FaultKind{ "container.remove", false, false, {} },
    FaultKind{ "container.crashLoop", true, false, crashLoopArguments },
    FaultKind{ "stack.scale", true, false, scaleArguments },
    FaultKind{ "stack.deactivate", true, false, {} },
    FaultKind{ "network.delay", true, true, delayArguments },
    FaultKind{ "network.loss", true, true, lossArguments },
    FaultKind{ "network.duplicate", true, true, lossArguments },
    FaultKind{ "network.corrupt", true, true, lossArguments },
    FaultKind{ "network.reorder", true, true, reorderArguments },
    FaultKind{ "network.bandwidth", true, true, bandwidthArguments },
    FaultKind{ "network.partition", true, true, partitionArguments },
    FaultKind{ "network.blackhole", true, true, blackholeArguments },
    FaultKind{ "network.dns", true, false, dnsArguments },
    FaultKind{ "clock.offset", true, false, offsetArguments },
    FaultKind{ "clock.strobe", true, false, strobeArguments },
    FaultKind{ "clock.drift", true, false, driftArguments },
    FaultKind{ "io.latency", true, false, latencyArguments },
    FaultKind{ "io.error", true, false, ioErrorArguments },
    FaultKind{ "io.limit", true, false, ioLimitArguments },
    FaultKind{ "io.stress", true, false, ioStressArguments },
    FaultKind{ "disk.fill", true, false, fillArguments },
    FaultKind{ "disk.burn", true, false, burnArguments },
    FaultKind{ "cpu.stress", true, false, cpuStressArguments },
    FaultKind{ "cpu.limit", true, false, cpuLimitArguments },
    FaultKind{ "memory.stress", true, false, memoryArguments },
    FaultKind{ "command", true, false, commandArguments },
};

bool isOneOf(std::string_view words, std::string_view value)
{
    while (!words.empty()) {
        const std::size_t end = std::min(words.find('|'), words.size());
        if (words.substr(0, end) == value)
            return true;
        words.remove_prefix(std::min(end + 1, words.size()));
    }
    return false;
}

std::string spoken(std::string_view words)
{
    std::string out;
    for (const char c : words)
        out += c == '|' ? std::string(", ") : std::string(1, c);
    return out;
}

std::string_view withoutSign(std::string_view value)
{
    if (!value.empty() && (value.front() == '-' || value.front() == '+'))
        value.remove_prefix(1);
    return value;
}

std::string_view withoutPercentSign(std::string_view value)
{
    if (value.ends_with('%'))
        value.remove_suffix(1);
    return value;
}

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

const FaultArgument *FaultKind::argument(std::string_view wanted) const
{
    const auto found = std::find_if(arguments.begin(), arguments.end(),
        [&](const FaultArgument &one) { return one.name == wanted; });
    return found == arguments.end() ? nullptr : &*found;
}

std::optional<double> argumentNumber(const FaultArgument &argument, std::string_view value)
{
    const auto millis = [](std::optional<std::chrono::milliseconds> time) {
        return time ? std::optional<double>(static_cast<double>(time->count())) : std::nullopt;
    };
    switch (argument.type) {
    case Type::Duration:
        return millis(parseDuration(value));
    case Type::Offset:
        if (const auto size = millis(parseDuration(withoutSign(value))))
            return value.starts_with('-') ? -*size : *size;
        return std::nullopt;
    case Type::Percent: {
        const auto number = parseNumber(withoutPercentSign(value));
        return number && *number >= 0 && *number <= 100 ? number : std::nullopt;
    }
    case Type::Number: {
        const auto number = parseNumber(value);
        return number && std::isfinite(*number) ? number : std::nullopt;
    }
    case Type::Count: {
        const auto number = parseInteger(value);
        return number && *number > 0 ? std::optional<double>(static_cast<double>(*number))
                                     : std::nullopt;
    }
    case Type::Bytes:
    case Type::Rate: {
        if (argument.type == Type::Rate && value.ends_with("/s"))
            value.remove_suffix(2);
        const auto bytes = parseBytes(value);
        return bytes && *bytes > 0 ? std::optional<double>(static_cast<double>(*bytes))
                                   : std::nullopt;
    }
    case Type::Word:
    case Type::Words:
    case Type::Flag:
    case Type::Text:
        break;
    }
    return std::nullopt;
}

std::string complaintOf(const FaultArgument &argument, std::string_view value)
{
    const bool isRight = argument.type == Type::Word ? isOneOf(argument.words, value)
        : argument.type == Type::Flag                ? parseBool(value).has_value()
        : argument.type == Type::Words || argument.type == Type::Text
        ? !value.empty()
        : argumentNumber(argument, value).has_value();
    if (isRight)
        return {};
    switch (argument.type) {
    case Type::Duration:
        return "a time with its unit, such as 100ms";
    case Type::Offset:
        return "a time with its unit, such as 5m or -300s";
    case Type::Percent:
        return "a number from 0 to 100";
    case Type::Number:
        return "a number";
    case Type::Count:
        return "a whole number above zero";
    case Type::Bytes:
        return "a size such as 512MiB";
    case Type::Rate:
        return "a rate of bytes such as 1MiB/s";
    case Type::Word:
        return "one of " + spoken(argument.words);
    case Type::Flag:
        return "true or false";
    case Type::Words:
    case Type::Text:
        break;
    }
    return "a text";
}

} // namespace faultline::cases
