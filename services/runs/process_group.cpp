// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/process_group.h"

#include "services/runs/text.h"

#include <QFile>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <vector>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace faultline::runs {

namespace {

constexpr int couldNotStart = 127;
/// SIGTERM goes to the whole group. Without this the shell would die of it at once, and what its
/// command finds out in its last moments, and says by its exit code, would be lost.
constexpr const char *waitForLastWords = "trap 'exit $?' TERM\n";

domain::Result<std::unique_ptr<ProcessGroup>> localFailure(const QString &sentence, int error)
{
    return domain::failure(
        domain::ErrorKind::Local, sentence.arg(QString::fromLocal8Bit(std::strerror(error))));
}

/// Only what may be called between fork and exec of a program with threads.
[[noreturn]] void becomeCommand(
    const char *folder, int output, char *const *arguments, char *const *environment)
{
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL); // a killed runner leaves no workload
    for (int signal = 1; signal < NSIG; ++signal)
        ::signal(signal, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    const int input = ::open("/dev/null", O_RDONLY);
    if (input >= 0 && dup2(input, 0) == 0 && dup2(output, 1) == 1 && dup2(output, 2) == 2
        && chdir(folder) == 0)
        execve("/bin/sh", arguments, environment);
    _exit(couldNotStart);
}

} // namespace

QString ProcessEnd::text() const
{
    return signal != 0 ? Text::tr("signal %1").arg(signal) : Text::tr("exit code %1").arg(exitCode);
}

domain::Result<std::unique_ptr<ProcessGroup>> ProcessGroup::start(const Start &start)
{
    const QByteArray command = waitForLastWords + start.command.toLocal8Bit();
    const QByteArray folder = QFile::encodeName(start.folder);
    std::vector<QByteArray> variables;
    for (auto it = start.environment.begin(); it != start.environment.end(); ++it)
        variables.push_back(it.key().toLocal8Bit() + '=' + it.value().toLocal8Bit());
    std::vector<char *> environment;
    for (QByteArray &variable : variables)
        environment.push_back(variable.data());
    environment.push_back(nullptr);
    std::array<char *, 4> arguments{ const_cast<char *>("sh"), const_cast<char *>("-c"),
        const_cast<char *>(command.constData()), nullptr };

    const int output = ::open(QFile::encodeName(start.outputFile).constData(),
        O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (output < 0)
        return localFailure(Text::tr("Can't write the command's output: %1."), errno);
    const pid_t child = fork();
    if (child == 0)
        becomeCommand(folder.constData(), output, arguments.data(), environment.data());
    const int error = errno;
    ::close(output);
    if (child < 0)
        return localFailure(Text::tr("Can't start the command: %1."), error);
    setpgid(child, child); // whoever of the two comes first; the other's failure is harmless
    return std::unique_ptr<ProcessGroup>(new ProcessGroup(child));
}

ProcessGroup::~ProcessGroup()
{
    ProcessGroup::kill();
}

std::optional<ProcessEnd> ProcessGroup::poll()
{
    if (m_end)
        return m_end;
    siginfo_t info{};
    // Left unreaped, so that the group's number can't become another's before the rest is killed.
    const int asked
        = waitid(P_PID, static_cast<id_t>(m_leader), &info, WEXITED | WNOHANG | WNOWAIT);
    if (asked != 0 || info.si_pid != m_leader)
        return std::nullopt;
    ::kill(-m_leader, SIGKILL);
    return reap();
}

void ProcessGroup::terminate()
{
    if (!m_end)
        ::kill(-m_leader, SIGTERM);
}

ProcessEnd ProcessGroup::kill()
{
    if (m_end)
        return *m_end;
    ::kill(-m_leader, SIGKILL);
    return reap();
}

ProcessEnd ProcessGroup::reap()
{
    int status = 0;
    while (waitpid(m_leader, &status, 0) < 0 && errno == EINTR) { }
    m_end = ProcessEnd{ WIFEXITED(status) ? WEXITSTATUS(status) : 0,
        WIFSIGNALED(status) ? WTERMSIG(status) : 0 };
    return *m_end;
}

} // namespace faultline::runs
