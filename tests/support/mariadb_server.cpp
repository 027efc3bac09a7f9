// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/mariadb_server.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QStandardPaths>
#include <QTcpServer>
#include <QTcpSocket>

#include <unistd.h>

namespace faultline::tests {

namespace {

constexpr int startLimit = 60'000;

QString program(const QString &name)
{
    const QString found = QStandardPaths::findExecutable(name);
    return found.isEmpty() ? QStandardPaths::findExecutable(name, { QStringLiteral("/usr/sbin") })
                           : found;
}

QStringList asRoot(QStringList arguments)
{
    if (::geteuid() == 0)
        arguments += QStringLiteral("--user=root");
    return arguments;
}

} // namespace

MariaDbServer::~MariaDbServer()
{
    kill();
}

bool MariaDbServer::isInstalled()
{
    return !program(QStringLiteral("mariadbd")).isEmpty()
        && !program(QStringLiteral("mariadb-install-db")).isEmpty()
        && !program(QStringLiteral("mariadb")).isEmpty();
}

bool MariaDbServer::makeData()
{
    const QString data = m_folder.filePath(QStringLiteral("data"));
    if (QDir(data).exists())
        return true;
    QTcpServer free;
    if (!free.listen(QHostAddress::LocalHost))
        return false;
    m_port = free.serverPort();
    QProcess install;
    install.setProcessChannelMode(QProcess::MergedChannels);
    install.start(program(QStringLiteral("mariadb-install-db")),
        asRoot({ QStringLiteral("--no-defaults"), QStringLiteral("--datadir=") + data,
            QStringLiteral("--auth-root-authentication-method=normal"),
            QStringLiteral("--skip-test-db") }));
    if (!install.waitForFinished(startLimit) || install.exitCode() != 0) {
        m_why = QStringLiteral("mariadb-install-db: ") + QString::fromUtf8(install.readAll());
        return false;
    }
    return true;
}

bool MariaDbServer::start()
{
    if (!makeData())
        return false;
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.setStandardOutputFile(m_folder.filePath(QStringLiteral("log")), QIODevice::Append);
    m_process.start(program(QStringLiteral("mariadbd")),
        asRoot({ QStringLiteral("--no-defaults"),
            QStringLiteral("--datadir=") + m_folder.filePath(QStringLiteral("data")),
            QStringLiteral("--socket=") + m_folder.filePath(QStringLiteral("s")),
            QStringLiteral("--pid-file=") + m_folder.filePath(QStringLiteral("pid")),
            QStringLiteral("--bind-address=127.0.0.1"), QStringLiteral("--port=%1").arg(m_port),
            QStringLiteral("--innodb-flush-log-at-trx-commit=0"),
            QStringLiteral("--innodb-buffer-pool-size=16M") }));
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < startLimit && m_process.state() != QProcess::NotRunning) {
        QTcpSocket socket;
        socket.connectToHost(QHostAddress(QHostAddress::LocalHost), m_port);
        if (socket.waitForConnected(1'000))
            return true;
        m_process.waitForFinished(20);
    }
    m_why = QStringLiteral("mariadbd does not start: ") + QString::fromUtf8(log());
    return false;
}

void MariaDbServer::kill()
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.kill();
    m_process.waitForFinished(10'000);
}

bool MariaDbServer::execute(const QByteArray &statements)
{
    QProcess client;
    client.setProcessChannelMode(QProcess::MergedChannels);
    client.start(program(QStringLiteral("mariadb")),
        { QStringLiteral("--no-defaults"),
            QStringLiteral("--socket=") + m_folder.filePath(QStringLiteral("s")),
            QStringLiteral("--user=root") });
    client.write(statements);
    client.closeWriteChannel();
    if (client.waitForFinished(30'000) && client.exitCode() == 0)
        return true;
    m_why = QString::fromUtf8(client.readAll());
    return false;
}

QByteArray MariaDbServer::log() const
{
    QFile file(m_folder.filePath(QStringLiteral("log")));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace faultline::tests
