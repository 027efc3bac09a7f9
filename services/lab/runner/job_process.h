// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

#include <tl/expected.hpp>

namespace faultline::lab {

/// A program with all that it starts. A small supervisor between the lab and the program adopts
/// every descendant, also those that leave the process group, and ends them when the program ends
/// or when the lab dies, however it dies. Use it from one thread that lives as long as the process
/// does (the kernel ties a child to the thread).
class JobProcess
{
public:
    struct Command
    {
        std::vector<std::string> arguments; ///< [0] is an absolute path
        std::vector<std::string> environment; ///< "KEY=value"
        std::string workingDirectory;
    };

    [[nodiscard]] static tl::expected<JobProcess, std::string> start(const Command &command);

    /// Ends what still runs.
    ~JobProcess();
    JobProcess(JobProcess &&other) noexcept;
    JobProcess &operator=(JobProcess &&) = delete;

    /// Readable ends of the program's standard output and error; -1 once closed.
    [[nodiscard]] int output() const { return m_output; }
    [[nodiscard]] int errorOutput() const { return m_error; }
    void closeOutput(int descriptor);
    /// Readable when the program has ended.
    [[nodiscard]] int ended() const { return m_status; }
    /// The program's process id, which is also the id of its process group.
    [[nodiscard]] pid_t group() const { return m_group; }

    /// SIGTERM to the process group.
    void terminate() const;
    /// SIGKILL to every descendant.
    void kill() const;
    /// Waits for the end. 0..255, or 128 + signal.
    [[nodiscard]] int exitCode();

private:
    JobProcess() = default;

    pid_t m_supervisor = -1;
    pid_t m_group = -1;
    int m_output = -1;
    int m_error = -1;
    int m_status = -1;
};

/// The kernel's start time of a process in ticks since boot; 0 when there is none. With the id it
/// names a process for good, until the machine restarts.
[[nodiscard]] long long processStartTime(pid_t process);

} // namespace faultline::lab
