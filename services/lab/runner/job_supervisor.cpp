// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/runner/job_supervisor.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <initializer_list>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

// Everything here runs between fork and exec of a program with threads: no allocation, no locks, no
// exceptions.
namespace faultline::lab {

namespace {

void writeNumber(int descriptor, int number)
{
    [[maybe_unused]] const auto written = write(descriptor, &number, sizeof number);
}

[[noreturn]] void becomeProgram(const SupervisorPlan &plan)
{
    setpgid(0, 0);
    for (int number = 1; number < NSIG; ++number)
        signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    dup2(nothing, STDIN_FILENO);
    dup2(plan.output, STDOUT_FILENO);
    dup2(plan.error, STDERR_FILENO);
    close_range(3, ~0U, 0);
    if (chdir(plan.workingDirectory) == 0)
        execve(plan.arguments[0], plan.arguments, plan.environment);
    const char *reason = std::strerror(errno);
    for (const char *part : { "can't start ", static_cast<const char *>(plan.arguments[0]), " in ",
             plan.workingDirectory, ": ", reason, "\n" }) {
        [[maybe_unused]] const auto written = write(STDERR_FILENO, part, std::strlen(part));
    }
    _exit(127);
}

// Kills the direct children that /proc lists; descendants become children when their parents are
// gone.
void killChildren()
{
    const int file = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return;
    char text[4096];
    const ssize_t size = read(file, text, sizeof text);
    close(file);
    pid_t number = 0;
    for (ssize_t i = 0; i < size; ++i) {
        if (text[i] >= '0' && text[i] <= '9') {
            number = number * 10 + (text[i] - '0');
            continue;
        }
        if (number > 1)
            kill(number, SIGKILL);
        number = 0;
    }
}

void endAll(pid_t program)
{
    for (;;) {
        kill(-program, SIGKILL);
        killChildren();
        if (waitpid(-1, nullptr, 0) < 0 && errno == ECHILD)
            return;
    }
}

// True when the program itself has ended.
bool reap(pid_t program, int &status)
{
    bool ended = false;
    int childStatus = 0;
    for (pid_t child = 0; (child = waitpid(-1, &childStatus, WNOHANG)) > 0;) {
        if (child == program) {
            status = childStatus;
            ended = true;
        }
    }
    return ended;
}

} // namespace

void superviseJob(const SupervisorPlan &plan)
{
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != plan.lab)
        _exit(0);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    prctl(PR_SET_NAME, "lab-job");
    setsid();
    const pid_t program = fork();
    if (program == 0)
        becomeProgram(plan);
    setpgid(program, program);
    // Keeping any other descriptor would hold the lab's sockets and the program's pipes open.
    dup2(plan.status, 3);
    close_range(4, ~0U, 0);
    close(STDIN_FILENO);
    close(STDOUT_FILENO);
    close(STDERR_FILENO);
    writeNumber(3, program);
    sigset_t watched;
    sigemptyset(&watched);
    sigaddset(&watched, SIGCHLD);
    sigaddset(&watched, SIGTERM);
    sigprocmask(SIG_BLOCK, &watched, nullptr);
    int status = 0;
    for (bool ended = program < 0; !ended;) {
        int signalNumber = 0;
        if (sigwait(&watched, &signalNumber) == 0 && signalNumber == SIGTERM) {
            endAll(program);
            status = SIGKILL;
            break;
        }
        ended = reap(program, status);
    }
    if (program > 0)
        endAll(program);
    writeNumber(3, status);
    _exit(0);
}

} // namespace faultline::lab
