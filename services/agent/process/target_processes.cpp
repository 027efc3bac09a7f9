// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/process/target_processes.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace faultline::agent {

namespace {

constexpr std::size_t idLength = 64;

std::string contentOf(const std::string &path)
{
    std::ifstream file(path);
    return { std::istreambuf_iterator<char>(file), {} };
}

std::string folderOf(pid_t number)
{
    return "/proc/" + std::to_string(number);
}

bool isHex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

/// The innermost container of one cgroup path: `/docker/ID`, `/system.slice/docker-ID.scope`,
/// `/../ID`. Empty: none. Whatever we nested ourselves counts as another container.
std::string_view innermost(std::string_view path)
{
    if (path.find("/faultline-") != std::string_view::npos)
        return "faultline";
    std::string_view found;
    for (std::size_t i = 0; i < path.size();) {
        std::size_t end = i;
        while (end < path.size() && isHex(path[end]))
            ++end;
        if (end - i == idLength)
            found = path.substr(i, idLength);
        i = end + 1;
    }
    return found;
}

/// The 22nd field of /proc/PID/stat and the 3rd. The name before them may hold anything, also
/// spaces and brackets.
struct Stat
{
    char state = 0;
    std::uint64_t start = 0;
};

std::optional<Stat> statOf(pid_t number)
{
    const std::string text = contentOf(folderOf(number) + "/stat");
    const auto name = text.rfind(')');
    if (name == std::string::npos || name + 2 >= text.size())
        return std::nullopt;
    Stat stat{ text[name + 2], 0 };
    std::size_t at = name + 2;
    for (int field = 3; field < 22 && at != std::string::npos; ++field)
        at = text.find(' ', at + 1);
    if (at == std::string::npos)
        return std::nullopt;
    std::from_chars(text.data() + at + 1, text.data() + text.size(), stat.start);
    return stat;
}

} // namespace

bool cgroupsNameContainer(std::string_view cgroups, std::string_view container)
{
    bool named = false;
    for (std::size_t begin = 0; begin < cgroups.size();) {
        const std::size_t end = std::min(cgroups.find('\n', begin), cgroups.size());
        const std::string_view found = innermost(cgroups.substr(begin, end - begin));
        if (!found.empty() && found != container)
            return false;
        named = named || !found.empty();
        begin = end + 1;
    }
    return named;
}

std::optional<ProcessId> processOf(pid_t number)
{
    const auto stat = statOf(number);
    if (!stat || stat->state == 'Z' || stat->state == 'X')
        return std::nullopt;
    return ProcessId{ number, stat->start };
}

char processState(pid_t number)
{
    const auto stat = statOf(number);
    return stat ? stat->state : '\0';
}

pid_t tracerOf(pid_t process)
{
    std::ifstream status(folderOf(process) + "/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("TracerPid:"))
            return std::atoi(line.c_str() + 10);
    return 0;
}

Outcome<> untraced(const std::vector<ProcessId> &processes)
{
    for (const ProcessId &process : processes)
        if (const pid_t tracer = tracerOf(process.number); tracer != 0)
            return refused(Refusal::Foreign,
                "Process " + std::to_string(process.number) + " (" + processName(process.number)
                    + ") is traced by " + std::to_string(tracer) + " (" + processName(tracer)
                    + ").");
    return {};
}

bool isAlive(const ProcessId &process)
{
    return processOf(process.number) == process;
}

std::string processName(pid_t number)
{
    std::string name = contentOf(folderOf(number) + "/comm");
    if (name.ends_with('\n'))
        name.pop_back();
    return name;
}

std::vector<ProcessId> targetProcesses(const Target &target)
{
    std::vector<ProcessId> found;
    if (target.pids == Pids::Unseen || target.container.size() != idLength)
        return found;
    std::error_code error;
    for (std::filesystem::directory_iterator it("/proc", error), end; !error && it != end;
         it.increment(error)) {
        const std::string name = it->path().filename().string();
        pid_t number = 0;
        const auto read = std::from_chars(name.data(), name.data() + name.size(), number);
        if (read.ec != std::errc{} || read.ptr != name.data() + name.size()
            || !cgroupsNameContainer(contentOf(folderOf(number) + "/cgroup"), target.container))
            continue;
        if (const auto process = processOf(number))
            found.push_back(*process);
    }
    std::sort(found.begin(), found.end(), [](const ProcessId &a, const ProcessId &b) {
        return std::pair(a.start, a.number) < std::pair(b.start, b.number);
    });
    return found;
}

Outcome<std::vector<ProcessId>> findTarget(const Target &target)
{
    if (target.container.size() != idLength)
        return refused(Refusal::BadSpec, "target.container must be the full id of a container");
    if (target.pids == Pids::Unseen)
        return refused(Refusal::CannotHere,
            "The helper doesn't see the target's processes. Start it in the target's or in the "
            "host's pid namespace and say "
            "target.pids: own or host.");
    auto processes = targetProcesses(target);
    if (processes.empty())
        return refused(Refusal::Moot, "No process of the target is left.");
    return processes;
}

} // namespace faultline::agent
