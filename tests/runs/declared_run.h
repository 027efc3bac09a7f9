// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/e2e/lab_process.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QMap>

#include <memory>

namespace faultline::tests {

/// A small repository with one case, run by the real program against a lab.
class DeclaredRun
{
public:
    explicit DeclaredRun(const LabProcess &lab);

    /// The case's part below the topology; the topology is one service "worker" that lives on until
    /// it is told to end, or what the shell's `command` does.
    void write(const QByteArray &rest, const QByteArray &image = "faultline/busybox:1",
        const QByteArray &command = usualCommand);
    static constexpr const char *usualCommand
        = "echo worker begins; echo DB_PASSWORD=hunter2; trap \"exit 0\" TERM; while true; do sleep 0.2; done";

    /// A variable of the environment of everything that is run.
    void set(const QString &name, const QString &value) { m_variables.insert(name, value); }

    /// `more` are options, or "--" and a script instead of the case.
    [[nodiscard]] ProgramOutcome run(const QStringList &more = {});
    /// Another command of faultlinectl in the case's folder.
    [[nodiscard]] ProgramOutcome ctl(const QStringList &arguments) const;
    /// Runs it by a line of shell in which "$RUN" is the command.
    [[nodiscard]] ProgramOutcome runInShell(const QString &line);
    [[nodiscard]] std::unique_ptr<QProcess> start(const QStringList &more = {});
    /// Starts it and waits until the log holds `text`; null when it ends before, or after 60 s.
    [[nodiscard]] std::unique_ptr<QProcess> startUntil(
        const QByteArray &text, const QStringList &more = {});
    /// The exit code; -1 after `limit` ms.
    [[nodiscard]] int finish(QProcess &process, int limit = 180'000);

    [[nodiscard]] QByteArray file(const QString &name) const; ///< of the bundle
    [[nodiscard]] QJsonObject findings() const;
    /// "check: message" of each finding.
    [[nodiscard]] QStringList findingTexts() const;
    [[nodiscard]] QList<QJsonObject> events(const QString &type) const;
    /// The states that each fault went through, by the ledger: "kill: injecting inForce … out".
    [[nodiscard]] QStringList ledger() const;
    [[nodiscard]] QByteArray log() const { return m_log; } ///< of startUntil() and finish()
    /// Of the folder in which it is known which runs go on.
    [[nodiscard]] QString recordFolder() const;
    [[nodiscard]] QStringList records() const; ///< ids of runs that go on, or whose runner is gone
    /// Docker's ids of the containers of this run.
    [[nodiscard]] QStringList containers() const;
    [[nodiscard]] QString folder() const { return m_folder.path(); }
    [[nodiscard]] QString bundle() const; ///< of the last run

private:
    [[nodiscard]] QProcessEnvironment environment() const;
    [[nodiscard]] QStringList arguments(const QStringList &more) const;

    const LabProcess &m_lab;
    QTemporaryDir m_folder;
    QMap<QString, QString> m_variables;
    QByteArray m_log;
    int m_runs = 0;
};

/// Processes of this machine whose command line is the pattern, wholly.
[[nodiscard]] int processesWith(const QString &pattern);

} // namespace faultline::tests
