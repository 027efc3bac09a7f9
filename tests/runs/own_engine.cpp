// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/runs/own_engine.h"

#include <QFile>

#include <csignal>

namespace faultline::tests {

OwnEngine::OwnEngine() = default;

OwnEngine::~OwnEngine()
{
    (void)script({ QStringLiteral("stop"), QStringLiteral("--purge") });
}

ProgramOutcome OwnEngine::script(const QStringList &arguments) const
{
    QProcessEnvironment environment = cleanEnvironment();
    environment.insert(QStringLiteral("XDG_STATE_HOME"), m_folder.path());
    environment.insert(QStringLiteral("FAULTLINE_ENGINE"), QStringLiteral("own"));
    environment.remove(QStringLiteral("DOCKER_HOST"));
    return runProgram(QStringLiteral(FAULTLINE_SOURCE_DIR "/scripts/engine"), arguments,
        environment, std::chrono::minutes(2));
}

bool OwnEngine::start()
{
    const auto started = script({ QStringLiteral("start") });
    m_host = QString::fromUtf8(started.out).trimmed().section(u'\n', -1);
    m_why = QString::fromUtf8(started.text());
    return started.exitCode == 0 && m_host.startsWith(QStringLiteral("unix://"));
}

bool OwnEngine::signal(int number)
{
    QString file = m_host.mid(7);
    file.replace(QStringLiteral("docker.sock"), QStringLiteral("dockerd.pid"));
    QFile pid(file);
    const pid_t process = pid.open(QIODevice::ReadOnly) ? pid.readAll().trimmed().toInt() : 0;
    return process > 1 && ::kill(process, number) == 0;
}

bool OwnEngine::copyImage(const QString &fromHost, const QString &image)
{
    const QString line = QStringLiteral("docker -H \"$0\" save \"$1\" | docker -H \"$2\" load");
    const auto copied = runProgram(QStringLiteral("/bin/sh"),
        { QStringLiteral("-c"), line, fromHost, image, m_host }, cleanEnvironment(),
        std::chrono::minutes(1));
    m_why = QString::fromUtf8(copied.text());
    return copied.exitCode == 0;
}

} // namespace faultline::tests
