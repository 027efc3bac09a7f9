// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcess>
#include <QTemporaryDir>

namespace faultline::tests {

/// A real MariaDB on a free port of the loopback, with data of its own; gone with this object.
class MariaDbServer
{
public:
    ~MariaDbServer();

    /// Whether this machine has the programs; without them a test skips.
    [[nodiscard]] static bool isInstalled();

    /// Makes the data and starts the server; false and why() when that fails.
    [[nodiscard]] bool start();
    /// Ends it as a crash does; start() brings it back on the same port.
    void kill();
    [[nodiscard]] QString why() const { return m_why; }

    [[nodiscard]] QString address() const { return QStringLiteral("127.0.0.1:%1").arg(m_port); }
    /// Carries out statements as root; false and why() when one fails.
    [[nodiscard]] bool execute(const QByteArray &statements);
    [[nodiscard]] QByteArray log() const;
    [[nodiscard]] qint64 processId() const { return m_process.processId(); }

private:
    [[nodiscard]] bool makeData();

    QTemporaryDir m_folder;
    QProcess m_process;
    quint16 m_port = 0;
    QString m_why;
};

} // namespace faultline::tests
