// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/measured_process.h"

#include <chrono>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace faultline::bench {

namespace {

double milliseconds(const timeval &time)
{
    return double(time.tv_sec) * 1000 + double(time.tv_usec) / 1000;
}

[[noreturn]] void become(const std::vector<std::string> &command,
    const std::vector<std::string> &environment, int output)
{
    dup2(output, STDOUT_FILENO);
    for (const std::string &assignment : environment) {
        const std::size_t equals = assignment.find('=');
        setenv(assignment.substr(0, equals).c_str(), assignment.substr(equals + 1).c_str(), 1);
    }
    std::vector<char *> arguments;
    for (const std::string &word : command)
        arguments.push_back(const_cast<char *>(word.c_str()));
    arguments.push_back(nullptr);
    execvp(arguments[0], arguments.data());
    _exit(127);
}

std::string readAll(int descriptor)
{
    std::string out;
    char buffer[65536];
    for (ssize_t count = 0; (count = read(descriptor, buffer, sizeof buffer)) > 0;)
        out.append(buffer, static_cast<std::size_t>(count));
    return out;
}

} // namespace

Cost measure(const std::vector<std::string> &command, const std::vector<std::string> &environment)
{
    Cost cost;
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return cost;
    const auto begin = std::chrono::steady_clock::now();
    const pid_t child = fork();
    if (child == 0)
        become(command, environment, ends[1]);
    close(ends[1]);
    cost.out = readAll(ends[0]);
    close(ends[0]);
    int status = 0;
    rusage usage{};
    wait4(child, &status, 0, &usage);
    const std::chrono::duration<double, std::milli> wall = std::chrono::steady_clock::now() - begin;
    cost.wallMs = wall.count();
    cost.cpuMs = milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime);
    cost.peakMiB = double(usage.ru_maxrss) / 1024;
    cost.exitCode = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return cost;
}

bool isInstalled(const std::string &program)
{
    return measure({ "sh", "-c", "command -v " + program }).exitCode == 0;
}

} // namespace faultline::bench
