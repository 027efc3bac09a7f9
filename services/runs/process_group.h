// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/result.h"

#include <QMap>
#include <QString>

#include <chrono>
#include <memory>
#include <optional>

#include <sys/types.h>

namespace faultline::runs {

/// How a command ended.
struct ProcessEnd
{
    int exitCode = 0; ///< of a normal end
    int signal = 0; ///< that ended it; 0 = a normal end

    /// "exit code 3", "signal 9".
    [[nodiscard]] QString text() const;
};

/// A shell command in a process group of its own, with its output in a file. The group is ended
/// wholly: also what the command left behind. Used on one thread.
class ProcessGroup
{
public:
    struct Start
    {
        QString command; ///< for /bin/sh -c
        QString folder;
        QMap<QString, QString> environment; ///< all of it
        QString outputFile; ///< both streams, appended
    };
    [[nodiscard]] static domain::Result<std::unique_ptr<ProcessGroup>> start(const Start &start);
    /// Kills the group if it is still there.
    ~ProcessGroup();
    ProcessGroup(const ProcessGroup &) = delete;
    ProcessGroup &operator=(const ProcessGroup &) = delete;

    /// Looks without waiting: how the command ended, or nothing while it runs. At its end the rest
    /// of its group is killed.
    [[nodiscard]] std::optional<ProcessEnd> poll();
    /// Asks the group to end (SIGTERM).
    void terminate() const;
    /// SIGKILL to the group; gives the end.
    ProcessEnd kill();

private:
    explicit ProcessGroup(pid_t leader)
        : m_leader(leader)
    {
    }
    ProcessEnd reap();

    pid_t m_leader;
    std::optional<ProcessEnd> m_end;
};

} // namespace faultline::runs
