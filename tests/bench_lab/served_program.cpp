// SPDX-License-Identifier: GPL-3.0-or-later
#include "served_program.h"

#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "http_load.h"

namespace faultline::bench {

namespace {

double residentOf(pid_t pid)
{
    std::ifstream in("/proc/" + std::to_string(pid) + "/statm");
    long total = 0;
    long resident = 0;
    in >> total >> resident;
    return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE))
        / (1024 * 1024);
}

} // namespace

ServedProgram::ServedProgram(const std::vector<std::string> &command)
{
    std::vector<char *> arguments;
    for (const std::string &word : command)
        arguments.push_back(const_cast<char *>(word.c_str()));
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    if (posix_spawnp(&m_pid, arguments[0], &actions, nullptr, arguments.data(), environ) != 0)
        m_pid = -1;
    posix_spawn_file_actions_destroy(&actions);
}

ServedProgram::~ServedProgram()
{
    if (m_pid <= 0)
        return;
    kill(m_pid, SIGTERM);
    waitpid(m_pid, nullptr, 0);
}

bool ServedProgram::isListening(int port) const
{
    for (int i = 0; i < 300 && m_pid > 0; ++i) {
        if (const int connection = connectTo(port); connection >= 0) {
            close(connection);
            return true;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return false;
}

double ServedProgram::residentMiB() const
{
    double sum = residentOf(m_pid);
    std::ifstream in(
        "/proc/" + std::to_string(m_pid) + "/task/" + std::to_string(m_pid) + "/children");
    for (pid_t child = 0; in >> child;)
        sum += residentOf(child);
    return sum;
}

int freePort()
{
    const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    bind(probe, reinterpret_cast<sockaddr *>(&address), size);
    getsockname(probe, reinterpret_cast<sockaddr *>(&address), &size);
    close(probe);
    return ntohs(address.sin_port);
}

} // namespace faultline::bench
