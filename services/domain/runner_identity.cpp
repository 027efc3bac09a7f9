// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/domain/runner_identity.h"

#include <array>
#include <charconv>
#include <fstream>
#include <iterator>
#include <sstream>

#include <climits>
#include <unistd.h>

namespace faultline::domain {

namespace {

constexpr std::size_t bootLength = 12;

/// When a process started; nothing when there is none, or when only its parent has not noticed its
/// end yet.
std::optional<std::int64_t> startOf(std::int64_t process)
{
    std::ifstream file("/proc/" + std::to_string(process) + "/stat");
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    const std::size_t name = text.rfind(')'); // the name may hold anything
    if (name == std::string::npos)
        return std::nullopt;
    std::istringstream fields(text.substr(name + 1));
    std::string field;
    std::int64_t started = 0;
    fields >> field; // 3: state
    if (field == "Z" || field == "X")
        return std::nullopt;
    for (int number = 4; number < 22; ++number)
        fields >> field;
    fields >> started; // 22
    return fields ? std::optional(started) : std::nullopt;
}

std::string firstLine(const char *path)
{
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

/// "4026531836" of "pid:[4026531836]".
std::string ownSpace()
{
    std::array<char, 64> link{};
    const ssize_t length = readlink("/proc/self/ns/pid", link.data(), link.size());
    std::string out;
    for (ssize_t i = 0; i < length; ++i) {
        const char c = link.at(static_cast<std::size_t>(i));
        if (c >= '0' && c <= '9')
            out += c;
    }
    return out;
}

std::optional<std::int64_t> number(std::string_view text)
{
    std::int64_t out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    const bool isWhole = error == std::errc() && end == text.data() + text.size();
    return isWhole ? std::optional(out) : std::nullopt;
}

} // namespace

RunnerIdentity RunnerIdentity::own()
{
    RunnerIdentity out;
    std::array<char, HOST_NAME_MAX + 1> name{};
    gethostname(name.data(), name.size() - 1);
    out.host = name.data();
    out.boot = firstLine("/proc/sys/kernel/random/boot_id").substr(0, bootLength);
    out.space = ownSpace();
    out.process = getpid();
    out.started = startOf(out.process).value_or(0);
    return out;
}

std::string RunnerIdentity::text() const
{
    return host + '/' + boot + '/' + space + '/' + std::to_string(process) + '/'
        + std::to_string(started);
}

std::optional<RunnerIdentity> RunnerIdentity::parse(std::string_view text)
{
    std::array<std::string_view, 5> parts;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const std::size_t slash = text.find('/');
        const bool isLast = i + 1 == parts.size();
        if ((slash == std::string_view::npos) != isLast)
            return std::nullopt;
        parts.at(i) = text.substr(0, slash);
        text.remove_prefix(isLast ? text.size() : slash + 1);
    }
    const auto process = number(parts[3]);
    const auto started = number(parts[4]);
    if (parts[0].empty() || !process || !started)
        return std::nullopt;
    return RunnerIdentity{ std::string(parts[0]), std::string(parts[1]), std::string(parts[2]),
        *process, *started };
}

RunnerState stateOf(const RunnerIdentity &runner)
{
    const RunnerIdentity own = RunnerIdentity::own();
    if (runner.host != own.host)
        return RunnerState::OutOfSight;
    if (runner.boot != own.boot)
        return RunnerState::Gone;
    if (runner.space != own.space)
        return RunnerState::OutOfSight;
    return startOf(runner.process) == runner.started ? RunnerState::Lives : RunnerState::Gone;
}

} // namespace faultline::domain
