// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/result.h"
#include "services/runs/running_command.h"

#include <QMap>
#include <QString>

#include <chrono>
#include <memory>

#include <sys/types.h>

namespace faultline::runs {

/// A shell command in a process group of its own, with its output in a file. The group is ended
/// wholly: also what the command left behind. Used on one thread.
class ProcessGroup : public RunningCommand
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
    ~ProcessGroup() override;

    /// Looks without waiting: how the command ended, or nothing while it runs. At its end the rest
    /// of its group is killed.
    [[nodiscard]] std::optional<ProcessEnd> poll() override;
    /// Asks the group to end (SIGTERM).
    void terminate() override;
    /// SIGKILL to the group; gives the end.
    ProcessEnd kill() override;

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
