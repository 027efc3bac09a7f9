// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/frame/tool.h"

#include "services/agent/frame/descriptor.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ; // NOLINT: POSIX gives it no header

namespace faultline::agent {
namespace {

constexpr std::size_t maxOutput = 1U << 20U;
constexpr std::size_t maxErrors = 65536;

struct Pipe
{
    Descriptor read;
    Descriptor write;

    Pipe()
    {
        std::array<int, 2> ends{ -1, -1 };
        if (::pipe2(ends.data(), O_CLOEXEC) == 0) {
            read = Descriptor(ends[0]);
            write = Descriptor(ends[1]);
        }
    }
};

struct Pipes
{
    Pipe input;
    Pipe output;
    Pipe errors;
};

pid_t start(const ToolRun &run, const Pipes &pipes)
{
    std::vector<char *> arguments;
    for (const std::string &argument : run.arguments)
        arguments.push_back(const_cast<char *>(argument.c_str()));
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, pipes.input.read.get(), 0);
    ::posix_spawn_file_actions_adddup2(&actions, pipes.output.write.get(), 1);
    ::posix_spawn_file_actions_adddup2(&actions, pipes.errors.write.get(), 2);
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    sigset_t none;
    ::sigemptyset(&none);
    sigset_t all;
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setsigdefault(&attributes, &all);
    ::posix_spawnattr_setpgroup(&attributes, 0);
    ::posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    pid_t pid = -1;
    const int error
        = ::posix_spawnp(&pid, arguments[0], &actions, &attributes, arguments.data(), environ);
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
    return error == 0 ? pid : -error;
}

/// Reads once; closes the end when there is nothing more to come.
void drain(Descriptor &end, std::string &into, std::size_t most)
{
    std::array<char, 16384> piece{};
    const ssize_t got = ::read(end.get(), piece.data(), piece.size());
    if (got <= 0)
        return end.close();
    into.append(
        piece.data(), std::min(static_cast<std::size_t>(got), most - std::min(most, into.size())));
}

void feed(Descriptor &end, std::string_view &left)
{
    const ssize_t sent = left.empty() ? 0 : ::write(end.get(), left.data(), left.size());
    if (sent > 0)
        left.remove_prefix(static_cast<std::size_t>(sent));
    const bool full = sent < 0 && (errno == EAGAIN || errno == EINTR);
    if (!full && (sent <= 0 || left.empty()))
        end.close();
}

/// Moves bytes until the program closed both of its outputs or the time is over; true: in time.
bool exchange(Pipes &pipes, std::string_view input, ToolEnd &end, BootClock::time_point deadline)
{
    ::fcntl(pipes.input.write.get(), F_SETFL, O_NONBLOCK);
    while (pipes.output.read || pipes.errors.read) {
        const auto left
            = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - BootClock::now());
        if (left.count() <= 0)
            return false;
        std::array<pollfd, 3> waits{ pollfd{ pipes.output.read.get(), POLLIN, 0 },
            pollfd{ pipes.errors.read.get(), POLLIN, 0 },
            pollfd{ pipes.input.write.get(), POLLOUT, 0 } };
        ::poll(waits.data(), waits.size(),
            static_cast<int>(std::min<std::int64_t>(left.count() + 1, 60000)));
        if (waits[0].revents != 0)
            drain(pipes.output.read, end.output, maxOutput);
        if (waits[1].revents != 0)
            drain(pipes.errors.read, end.errors, maxErrors);
        if (waits[2].revents != 0)
            feed(pipes.input.write, input);
    }
    return true;
}

/// A program may close its outputs and go on: it gets the rest of the time, and no more.
void collect(pid_t pid, ToolEnd &end, bool inTime, BootClock::time_point deadline)
{
    int status = 0;
    while (inTime && ::waitpid(pid, &status, WNOHANG) == 0) {
        if (BootClock::now() >= deadline)
            inTime = false;
        else
            ::poll(nullptr, 0, 1);
    }
    if (!inTime) {
        end.timedOut = true;
        ::kill(-pid, SIGKILL);
        ::waitpid(pid, &status, 0);
    }
    end.code = inTime && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

} // namespace

std::string ToolEnd::words() const
{
    if (timedOut)
        return "it did not end in time";
    std::string text = errors.empty() ? output : errors;
    std::ranges::replace(text, '\n', ' ');
    while (!text.empty() && text.back() == ' ')
        text.pop_back();
    return text.empty() ? "exit code " + std::to_string(code) : text.substr(0, 400);
}

ToolEnd runTool(const ToolRun &run)
{
    ToolEnd end;
    Pipes pipes;
    const BootClock::time_point deadline = BootClock::now() + run.within;
    if (!pipes.input.write || !pipes.output.write || !pipes.errors.write) {
        end.errors = "no more descriptors";
        return end;
    }
    const pid_t pid = start(run, pipes);
    if (pid < 0) {
        end.code = 127;
        end.errors = run.arguments[0] + " could not be started";
        return end;
    }
    pipes.input.read.close();
    pipes.output.write.close();
    pipes.errors.write.close();
    const bool inTime = exchange(pipes, run.input, end, deadline);
    collect(pid, end, inTime, deadline);
    return end;
}

std::string findTool(const std::string &name)
{
    for (const char *const folder : { "/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/" })
        if (::access((folder + name).c_str(), X_OK) == 0)
            return folder + name;
    return {};
}

} // namespace faultline::agent
