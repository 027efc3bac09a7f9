// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QList>
#include <QProcess>
#include <QString>
#include <QStringList>

/// Skips a test by the name of the kind that this machine lacks.
#define FAULTLINE_NEEDS(bench, kind)                                                               \
    do {                                                                                           \
        if (const QString why = (bench).whyNot(kind); !why.isEmpty())                              \
            QSKIP(qPrintable((kind) + QStringLiteral(" can't be done here: ") + why));             \
    } while (false)

namespace faultline::tests {

/// What a docker command gave.
struct DockerAnswer
{
    int code = -1;
    QString out;
    QString err;
};

/// Two containers on a network of their own, a target and its peer, on a real engine. Removed at
/// the end.
class AgentBench
{
public:
    AgentBench();
    ~AgentBench();
    AgentBench(const AgentBench &) = delete;
    AgentBench &operator=(const AgentBench &) = delete;

    /// Starts both; why it can't be done here (no engine, no image), or empty.
    [[nodiscard]] QString start();
    [[nodiscard]] DockerAnswer docker(const QStringList &arguments, int withinMs = 60000) const;
    /// A shell command in the target or in the peer.
    [[nodiscard]] DockerAnswer inTarget(const QString &command, int withinMs = 60000) const;
    [[nodiscard]] DockerAnswer inPeer(const QString &command, int withinMs = 60000) const;
    /// A shell command in a helper that sees the target's network and nothing else.
    [[nodiscard]] DockerAnswer besideTarget(const QString &command) const;

    [[nodiscard]] QString name(const QString &part) const { return m_prefix + part; }
    /// The container that faults are for: the bench's own, or the one that `aim` named.
    [[nodiscard]] QString target() const { return m_target; }
    [[nodiscard]] QStringList peers() const { return m_peers; }
    /// Faults are from now on for another container and its peers' addresses.
    void aim(const QString &container, const QStringList &peers);
    /// Only the images are looked for, and the network is made: for a test with containers of its
    /// own.
    [[nodiscard]] QString startNetwork(const QStringList &images);
    /// Why this machine can't do a kind, by the agent's own word; empty when it can.
    [[nodiscard]] QString whyNot(const QString &kind);
    /// One more container for a fault; its name, empty when it did not start.
    [[nodiscard]] QString startTarget();
    [[nodiscard]] QString addressOf(const QString &container) const;
    [[nodiscard]] QString targetAddress() const { return m_targetAddress; }
    [[nodiscard]] QString peerAddress() const { return m_peerAddress; }
    [[nodiscard]] QString host() const { return m_host; }
    /// `docker run …` of a helper on the target's network, up to the image.
    [[nodiscard]] QStringList helper(const QString &container) const;
    /// Of one echo from the target to its peer, by the target's own ping; negative when none came
    /// back.
    [[nodiscard]] double roundTripMs(int count = 5) const;
    /// The same, and how many percent got no answer.
    void ping(int count, double &meanMs, double &lostPercent) const;

private:
    [[nodiscard]] bool startSleeper(const QString &container);

    QString m_host;
    QString m_prefix;
    QString m_target;
    QStringList m_peers;
    int m_started = 0;
    QString m_abilities;
    QString m_targetAddress;
    QString m_peerAddress;
};

/// A fault in its helper container, as `docker run` shows it.
class HeldFault
{
public:
    HeldFault(AgentBench &bench, const QString &kind, const QJsonObject &arguments, double lease,
        double duration = 0);
    ~HeldFault();
    HeldFault(const HeldFault &) = delete;
    HeldFault &operator=(const HeldFault &) = delete;

    /// Waits until it said this state; false when it ended before, or in time didn't.
    [[nodiscard]] bool waitFor(const QString &state, int withinMs = 30000);
    /// Waits for its end: the exit code, -1 when it goes on.
    [[nodiscard]] int end(int withinMs = 40000);
    void killHelper();
    /// One order on a control stream of its own; the answer.
    [[nodiscard]] QJsonObject order(const QByteArray &line);
    [[nodiscard]] QString helperName() const { return m_name; }
    [[nodiscard]] QByteArray json() const { return m_json; }
    [[nodiscard]] QJsonObject last() const
    {
        return m_lines.isEmpty() ? QJsonObject() : m_lines.last();
    }
    [[nodiscard]] QJsonObject at(const QString &state) const;
    [[nodiscard]] QStringList states() const;
    /// Everything it said, for failure messages.
    [[nodiscard]] QByteArray said() const { return m_all; }

private:
    void read();

    AgentBench &m_bench;
    QString m_name;
    QByteArray m_json;
    QProcess m_process;
    QByteArray m_rest;
    QByteArray m_all;
    QList<QJsonObject> m_lines;
};

} // namespace faultline::tests
