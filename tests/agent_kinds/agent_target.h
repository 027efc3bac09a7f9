// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QList>
#include <QProcess>
#include <QString>
#include <QStringList>

#include <memory>
#include <optional>

/// Why tests with real containers can't run here; empty when they can.
[[nodiscard]] QString whyNoContainers();

/// Runs `docker` and gives its standard output without the last newline; fails the calling test's
/// check by being empty.
[[nodiscard]] QString docker(const QStringList &arguments);

/// A container that is disturbed: without a network, with the tellers under /tellers and the agent
/// as /faultline-agent.
class AgentTarget
{
public:
    /// `command` is run in `image`; `more`: further words for `docker run`.
    [[nodiscard]] bool start(
        const QString &image, const QStringList &command, const QStringList &more = {});
    ~AgentTarget();

    [[nodiscard]] QString id() const { return m_id; }
    /// The number of its first process on the host.
    [[nodiscard]] qint64 hostPid() const;
    [[nodiscard]] bool isRunning() const;
    /// The command line that runs something inside.
    [[nodiscard]] QStringList inside(const QStringList &command) const;

private:
    QString m_id;
};

/// What a helper may do and where it is.
struct HelperPlace
{
    bool hostPids = false;
    QStringList capabilities;
    QStringList more; ///< further words for `docker run`
};

/// An agent in a helper container of its own, beside a target.
class AgentHelper
{
public:
    AgentHelper(const AgentTarget &target, const HelperPlace &place);
    ~AgentHelper();

    /// The fault's JSON for this target with an id of its own.
    [[nodiscard]] static QJsonObject fault(const AgentTarget &target, const QString &kind,
        const QJsonObject &arguments, double lease, bool hostPids = false);

    [[nodiscard]] bool run(
        const QJsonObject &fault, const QString &command = QStringLiteral("run"));
    /// The first report of this state from the last one read on; nothing if the agent ends before
    /// or takes a minute.
    [[nodiscard]] std::optional<QJsonObject> waitFor(const QString &state);
    /// The exit code of the agent, after it ended; -1: it doesn't.
    [[nodiscard]] int exitCode();
    /// SIGKILL to the whole helper, which is gone when this returns.
    void kill();
    /// Another signal to the agent.
    void signal(const QString &name);
    [[nodiscard]] QList<QJsonObject> reports() const { return m_reports; }
    [[nodiscard]] QString name() const { return m_name; }

private:
    bool readMore(int patience);

    const AgentTarget &m_target;
    const HelperPlace m_place;
    QString m_name;
    QProcess m_process;
    QList<QJsonObject> m_reports;
    qsizetype m_next = 0;
};

/// Runs the agent here with arguments that it must refuse before it touches anything; -1 when its
/// words don't name the path.
[[nodiscard]] int exitCodeOfBadFault(
    const QString &kind, const QJsonObject &arguments, const QString &path);
