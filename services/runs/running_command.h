// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>

namespace faultline::runs {

/// How a command ended.
struct ProcessEnd
{
    int exitCode = 0; ///< of a normal end
    int signal = 0; ///< that ended it; 0 = a normal end

    /// "exit code 3", "signal 9".
    [[nodiscard]] QString text() const;
};

/// A command that goes on beside the flow thread, wherever it runs: on this machine
/// (ProcessGroup) or inside a container (RoleCommand). Its output is in a file. Destroying it ends
/// it.
class RunningCommand
{
public:
    RunningCommand() = default;
    virtual ~RunningCommand() = default;
    RunningCommand(const RunningCommand &) = delete;
    RunningCommand &operator=(const RunningCommand &) = delete;

    /// Looks without waiting: how the command ended, or nothing while it runs.
    [[nodiscard]] virtual std::optional<ProcessEnd> poll() = 0;
    /// Asks all of it to end (SIGTERM).
    virtual void terminate() = 0;
    /// Kills all of it; gives the end.
    virtual ProcessEnd kill() = 0;
};

} // namespace faultline::runs
