// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/runner/job_process.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <sstream>
#include <utility>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "services/lab/runner/job_supervisor.h"

namespace faultline::lab {

namespace {

using Pipe = std::array<int, 2>;

void closePipe(const Pipe &pipe)
{
    for (const int end : pipe)
        if (end >= 0)
            close(end);
}

std::vector<char *> pointers(const std::vector<std::string> &texts)
{
    std::vector<char *> out;
    for (const std::string &text : texts)
        out.push_back(const_cast<char *>(text.c_str())); // execve's type; it does not write
    out.push_back(nullptr);
    return out;
}

bool readNumber(int descriptor, int &number)
{
    ssize_t got = 0;
    do
        got = read(descriptor, &number, sizeof number);
    while (got < 0 && errno == EINTR);
    return got == sizeof number;
}

pid_t forkSupervisor(const SupervisorPlan &plan)
{
    // Blocked from before the fork on, so that no handler of the lab ever runs in the child.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const pid_t supervisor = fork();
    if (supervisor == 0)
        superviseJob(plan);
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return supervisor;
}

} // namespace

tl::expected<JobProcess, std::string> JobProcess::start(const Command &command)
{
    Pipe output = { -1, -1 };
    Pipe error = { -1, -1 };
    Pipe status = { -1, -1 };
    const auto fail = [&](const char *what) {
        const std::string reason = std::string(what) + ": " + std::strerror(errno);
        closePipe(output);
        closePipe(error);
        closePipe(status);
        return tl::unexpected(reason);
    };
    if (pipe2(output.data(), O_CLOEXEC) != 0 || pipe2(error.data(), O_CLOEXEC) != 0
        || pipe2(status.data(), O_CLOEXEC) != 0)
        return fail("no pipe for the job's output");
    const std::vector<char *> arguments = pointers(command.arguments);
    const std::vector<char *> environment = pointers(command.environment);
    const SupervisorPlan plan{ arguments.data(), environment.data(),
        command.workingDirectory.c_str(), output[1], error[1], status[1], getpid() };
    JobProcess process;
    process.m_supervisor = forkSupervisor(plan);
    if (process.m_supervisor < 0)
        return fail("no process for the job");
    close(output[1]);
    close(error[1]);
    close(status[1]);
    process.m_output = output[0];
    process.m_error = error[0];
    process.m_status = status[0];
    for (const int descriptor : { output[0], error[0] })
        fcntl(descriptor, F_SETFL, O_NONBLOCK);
    if (!readNumber(process.m_status, process.m_group) || process.m_group < 0)
        return tl::unexpected(std::string("the job's process did not start"));
    return process;
}

JobProcess::JobProcess(JobProcess &&other) noexcept
    : m_supervisor(std::exchange(other.m_supervisor, -1))
    , m_group(std::exchange(other.m_group, -1))
    , m_output(std::exchange(other.m_output, -1))
    , m_error(std::exchange(other.m_error, -1))
    , m_status(std::exchange(other.m_status, -1))
{
}

JobProcess::~JobProcess()
{
    if (m_supervisor > 0) {
        kill();
        [[maybe_unused]] const int ignored = exitCode();
    }
    for (const int descriptor : { m_output, m_error, m_status })
        if (descriptor >= 0)
            close(descriptor);
}

void JobProcess::closeOutput(int descriptor)
{
    for (int *own : { &m_output, &m_error }) {
        if (*own == descriptor && descriptor >= 0) {
            close(descriptor);
            *own = -1;
        }
    }
}

void JobProcess::terminate() const
{
    if (m_group > 0)
        ::kill(-m_group, SIGTERM);
}

void JobProcess::kill() const
{
    if (m_supervisor > 0)
        ::kill(m_supervisor, SIGTERM);
}

int JobProcess::exitCode()
{
    int status = 0;
    if (!readNumber(m_status, status))
        status = SIGKILL; // the supervisor itself was killed
    while (waitpid(m_supervisor, nullptr, 0) < 0 && errno == EINTR) { }
    m_supervisor = -1;
    m_group = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

long long processStartTime(pid_t process)
{
    std::ifstream file("/proc/" + std::to_string(process) + "/stat");
    std::string line;
    if (!std::getline(file, line))
        return 0;
    // The name in parentheses may hold anything; the start time is the 20th field after it.
    std::istringstream fields(line.substr(std::min(line.size(), line.rfind(')') + 1)));
    std::string field;
    for (int i = 0; i < 19; ++i)
        fields >> field;
    long long ticks = 0;
    return fields >> ticks ? ticks : 0;
}

} // namespace faultline::lab
