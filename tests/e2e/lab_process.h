// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/settings/workspace.h"
#include "tests/e2e/program_run.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QUrl>

#include <optional>

namespace faultline::tests {

/// A faultline-lab of its own for one test: temporary state, a free port, the real Docker Engine.
class LabProcess
{
public:
    LabProcess();
    /// On another engine than the usual one.
    explicit LabProcess(QString dockerHost);
    /// Ends the lab and removes what it made.
    ~LabProcess();
    LabProcess(const LabProcess &) = delete;
    LabProcess &operator=(const LabProcess &) = delete;

    /// FAULTLINE_DOCKER_HOST, else DOCKER_HOST, else the system's socket, if an engine answers
    /// there. Without one the caller skips its tests and says so.
    [[nodiscard]] static std::optional<QString> dockerHost();

    /// Starts it on `port` (0 = a free one) and waits until it is ready; false with why() after 30
    /// s.
    [[nodiscard]] bool start(quint16 port = 0);
    /// SIGKILL, as a crash; start(port()) brings it back with the same state.
    void killHard();
    /// SIGTERM and its orderly end; false if that took longer than 20 s.
    [[nodiscard]] bool stop();

    [[nodiscard]] QString dockerHostInUse() const { return m_dockerHost; }
    [[nodiscard]] QUrl url() const { return m_url; }
    [[nodiscard]] quint16 port() const { return static_cast<quint16>(m_url.port()); }
    [[nodiscard]] QString why() const { return m_why; }
    [[nodiscard]] QString stateFolder() const { return m_folder.path(); }
    [[nodiscard]] QString workspaceFile() const;
    [[nodiscard]] domain::Result<settings::Workspace> workspace() const;
    [[nodiscard]] QByteArray secret(const QString &name) const;

    /// Runs faultlinectl with this lab's workspace.
    [[nodiscard]] ProgramOutcome ctl(const QStringList &arguments,
        std::chrono::milliseconds limit = std::chrono::seconds(60)) const;
    /// Runs docker on the lab's engine.
    [[nodiscard]] ProgramOutcome docker(const QStringList &arguments) const;
    /// Makes the lab remove all that it made.
    [[nodiscard]] ProgramOutcome removeAll();
    /// Names of the containers, networks and volumes that carry this lab's label.
    [[nodiscard]] QStringList leftovers() const;
    /// Commits the files of a folder and pushes them to the lab's project, as a person does.
    [[nodiscard]] ProgramOutcome push(const QString &folder) const;
    /// Cancels the pipeline that the first push started and waits for its end, so that a test
    /// starts from nothing. False after 60 s.
    [[nodiscard]] bool endPushedPipeline() const;

private:
    [[nodiscard]] bool readLabFile();
    [[nodiscard]] QProcessEnvironment environment() const;

    QTemporaryDir m_folder;
    QString m_dockerHost;
    QProcess m_process;
    QUrl m_url;
    QString m_instance;
    QString m_why;
};

/// Compose text of a stack of `services` services with `scale` sleeping containers each.
[[nodiscard]] QByteArray sleepingCompose(int services);

} // namespace faultline::tests
