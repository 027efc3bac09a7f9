// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/result.h"
#include "services/runs/running_command.h"
#include "services/stacks/stack_backend.h"

#include <QFile>
#include <QMap>

#include <memory>

namespace faultline::runs {

/// A shell command inside a container, through a terminal that stays open. Needs a shell at
/// /bin/sh there. The shell tells the command's process group and how it ended; a container that
/// ends, or a server that drops the terminal, leaves the end unknown, which counts as "could not
/// decide" (gaveUpExitCode). Used on a flow thread; the backend must outlive it.
class RoleCommand : public RunningCommand
{
public:
    struct Start
    {
        domain::ContainerId container;
        QString command; ///< for /bin/sh -c
        QMap<QString, QString> environment; ///< added to the container's
        QString outputFile; ///< on this machine, appended
    };
    /// Invalid when the backend has no terminals.
    [[nodiscard]] static domain::Result<std::unique_ptr<RoleCommand>> start(
        stacks::StackBackend &backend, const Start &start);
    /// Kills the command if it still runs and can be reached.
    ~RoleCommand() override;

    [[nodiscard]] std::optional<ProcessEnd> poll() override;
    void terminate() override;
    ProcessEnd kill() override;

    /// Stops the command (SIGSTOP) and lets go of it: it stays in its container. False when it did
    /// not say its process group, or the container does not answer.
    [[nodiscard]] bool freeze();
    /// The process group inside the container; 0 while it is not known.
    [[nodiscard]] int group() const { return m_group; }

private:
    struct Terminal;

    RoleCommand(stacks::StackBackend &backend, const Start &start);
    void takeLine(const QByteArray &line);
    void put(const QByteArray &line);
    [[nodiscard]] bool signal(const char *name);

    stacks::StackBackend &m_backend;
    const domain::ContainerId m_container;
    const QByteArray m_mark; // before what the shell tells; nobody else knows it
    QFile m_output;
    std::shared_ptr<Terminal> m_terminal;
    QByteArray m_partLine;
    bool m_owesEmptyLine = false; // the one before the mark is not the command's
    int m_group = 0;
    std::optional<ProcessEnd> m_end;
    bool m_isFrozen = false;
    bool m_isKilled = false;
};

} // namespace faultline::runs
