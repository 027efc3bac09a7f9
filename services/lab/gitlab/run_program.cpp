// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/run_program.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace faultline::lab {

namespace {

constexpr std::size_t largestError = 64 * 1024;

class Descriptor
{
public:
    Descriptor() = default;
    ~Descriptor() { reset(); }
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    void reset(int value = -1)
    {
        if (m_value >= 0)
            close(m_value);
        m_value = value;
    }
    [[nodiscard]] int get() const { return m_value; }

private:
    int m_value = -1;
};

// Socket pairs rather than pipes, so that writing to a program that went away is an error and no
// signal.
bool makePair(Descriptor &ours, Descriptor &theirs)
{
    std::array<int, 2> ends = { -1, -1 };
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
        return false;
    ours.reset(ends[0]);
    theirs.reset(ends[1]);
    return fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0;
}

std::vector<char *> pointers(const std::vector<std::string> &texts)
{
    std::vector<char *> out;
    for (const std::string &text : texts)
        out.push_back(const_cast<char *>(text.c_str())); // posix_spawn's type; it does not write
    out.push_back(nullptr);
    return out;
}

class Exchange
{
public:
    explicit Exchange(const ProgramCall &call)
        : m_call(call)
        , m_input(call.input)
    {
    }

    tl::expected<ProgramResult, std::string> run()
    {
        if (const int error = spawn(); error != 0)
            return tl::unexpected(
                "can't run " + m_call.arguments.front() + ": " + std::strerror(error));
        const std::string problem = transfer();
        if (!problem.empty())
            kill(m_process, SIGKILL);
        int status = 0;
        while (waitpid(m_process, &status, 0) < 0 && errno == EINTR) { }
        if (!problem.empty())
            return tl::unexpected(m_call.arguments.front() + " " + problem);
        m_result.exitCode = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        return std::move(m_result);
    }

private:
    int spawn()
    {
        Descriptor input;
        Descriptor output;
        Descriptor error;
        if (!makePair(m_in, input) || !makePair(m_out, output) || !makePair(m_error, error))
            return errno;
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, input.get(), STDIN_FILENO);
        posix_spawn_file_actions_adddup2(&actions, output.get(), STDOUT_FILENO);
        posix_spawn_file_actions_adddup2(&actions, error.get(), STDERR_FILENO);
        posix_spawnattr_t attributes;
        posix_spawnattr_init(&attributes);
        sigset_t none;
        sigemptyset(&none);
        posix_spawnattr_setsigmask(&attributes, &none);
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
        const auto arguments = pointers(m_call.arguments);
        const auto environment = pointers(m_call.environment);
        const int failed = posix_spawnp(&m_process, arguments.front(), &actions, &attributes,
            arguments.data(), environment.data());
        posix_spawnattr_destroy(&attributes);
        posix_spawn_file_actions_destroy(&actions);
        return failed;
    }

    // Empty when all went well.
    std::string transfer()
    {
        const auto deadline = std::chrono::steady_clock::now() + m_call.timeout;
        while (m_out.get() >= 0 || m_error.get() >= 0) {
            if (m_in.get() >= 0 && m_input.empty())
                m_in.reset();
            const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
                deadline - std::chrono::steady_clock::now());
            if (left.count() <= 0)
                return "took too long";
            std::array<pollfd, 3> entries = { { { m_in.get(), POLLOUT, 0 },
                { m_out.get(), POLLIN, 0 }, { m_error.get(), POLLIN, 0 } } };
            poll(entries.data(), entries.size(), static_cast<int>(left.count()));
            if (entries[0].revents != 0)
                feed();
            if (entries[1].revents != 0 && !drain(m_out, m_result.output, m_call.largestOutput))
                return "wrote too much";
            if (entries[2].revents != 0)
                (void)drain(m_error, m_result.error, largestError);
        }
        return {};
    }

    void feed()
    {
        const ssize_t sent = send(m_in.get(), m_input.data(), m_input.size(), MSG_NOSIGNAL);
        if (sent > 0)
            m_input.remove_prefix(static_cast<std::size_t>(sent));
        else if (errno != EAGAIN && errno != EINTR)
            m_in.reset(); // it does not want more; its exit code tells the rest
    }

    // False when there is more than may be.
    static bool drain(Descriptor &from, std::string &into, std::size_t most)
    {
        std::array<char, 65536> buffer{};
        const ssize_t got = recv(from.get(), buffer.data(), buffer.size(), 0);
        if (got < 0 && (errno == EAGAIN || errno == EINTR))
            return true;
        if (got <= 0) {
            from.reset();
            return true;
        }
        const bool fits = into.size() + static_cast<std::size_t>(got) <= most;
        if (fits)
            into.append(buffer.data(), static_cast<std::size_t>(got));
        return fits;
    }

    const ProgramCall &m_call;
    std::string_view m_input;
    pid_t m_process = -1;
    Descriptor m_in;
    Descriptor m_out;
    Descriptor m_error;
    ProgramResult m_result;
};

} // namespace

tl::expected<ProgramResult, std::string> runProgram(const ProgramCall &call)
{
    return Exchange(call).run();
}

} // namespace faultline::lab
