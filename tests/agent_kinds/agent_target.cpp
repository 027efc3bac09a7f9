// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/agent_kinds/agent_target.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QJsonDocument>
#include <QRandomGenerator>

namespace {

constexpr int patience = 60'000;

QString engine()
{
    return qEnvironmentVariable("FAULTLINE_DOCKER_HOST", qEnvironmentVariable("DOCKER_HOST"));
}

QStringList dockerLine(const QStringList &arguments)
{
    return QStringList{ QStringLiteral("docker"), QStringLiteral("-H"), engine() } + arguments;
}

QString hexDigits()
{
    return QStringLiteral("%1").arg(
        QRandomGenerator::global()->generate64(), 16, 16, QLatin1Char('0'));
}

/// A minute is enough to find what a test that was killed left behind, by its name.
QString freshName(const QString &what)
{
    return QStringLiteral("faultline-test-%1-%2").arg(what, hexDigits());
}

} // namespace

QString whyNoContainers()
{
    if (FAULTLINE_SANITIZED)
        return QStringLiteral(
            "the agent of a build with sanitizers is not static and runs in no container");
    if (engine().isEmpty())
        return QStringLiteral("needs a Docker Engine: set FAULTLINE_DOCKER_HOST");
    return docker({ QStringLiteral("image"), QStringLiteral("inspect"),
                      QStringLiteral("faultline/etcd:3.4"), QStringLiteral("-f"),
                      QStringLiteral("{{.Id}}") })
               .isEmpty()
        ? QStringLiteral("needs the image faultline/etcd:3.4: run scripts/images")
        : QString();
}

QString docker(const QStringList &arguments)
{
    QProcess process;
    const QStringList line = dockerLine(arguments);
    process.setProcessChannelMode(QProcess::SeparateChannels);
    process.start(line.first(), line.mid(1));
    process.waitForFinished(patience);
    if (process.exitCode() != 0)
        qInfo("%s: %s", qPrintable(arguments.first()), process.readAllStandardError().constData());
    return QString::fromUtf8(process.readAllStandardOutput()).trimmed();
}

bool AgentTarget::start(const QString &image, const QStringList &command, const QStringList &more)
{
    m_id = docker(
        QStringList{ QStringLiteral("run"), QStringLiteral("--detach"), QStringLiteral("--name"),
            freshName(QStringLiteral("target")), QStringLiteral("--network"),
            QStringLiteral("none"), QStringLiteral("--volume"),
            QStringLiteral(FAULTLINE_TELLERS ":/tellers:ro"), QStringLiteral("--volume"),
            QStringLiteral(FAULTLINE_AGENT ":/faultline-agent:ro") }
        + more + QStringList{ image } + command);
    return m_id.size() == 64;
}

AgentTarget::~AgentTarget()
{
    if (!m_id.isEmpty())
        (void)docker({ QStringLiteral("rm"), QStringLiteral("--force"), m_id });
}

qint64 AgentTarget::hostPid() const
{
    return docker(
        { QStringLiteral("inspect"), QStringLiteral("-f"), QStringLiteral("{{.State.Pid}}"), m_id })
        .toLongLong();
}

bool AgentTarget::isRunning() const
{
    return docker({ QStringLiteral("inspect"), QStringLiteral("-f"),
               QStringLiteral("{{.State.Running}}"), m_id })
        == QLatin1String("true");
}

QStringList AgentTarget::inside(const QStringList &command) const
{
    return dockerLine({ QStringLiteral("exec"), m_id }) + command;
}

AgentHelper::AgentHelper(const AgentTarget &target, const HelperPlace &place)
    : m_target(target)
    , m_place(place)
{
}

AgentHelper::~AgentHelper()
{
    kill();
}

QJsonObject AgentHelper::fault(const AgentTarget &target, const QString &kind,
    const QJsonObject &arguments, double lease, bool hostPids)
{
    return { { QStringLiteral("id"), QStringLiteral("f-") + hexDigits() },
        { QStringLiteral("kind"), kind }, { QStringLiteral("arguments"), arguments },
        { QStringLiteral("lease"), lease },
        { QStringLiteral("target"),
            QJsonObject{ { QStringLiteral("container"), target.id() },
                { QStringLiteral("pids"),
                    hostPids ? QStringLiteral("host") : QStringLiteral("own") } } } };
}

bool AgentHelper::run(const QJsonObject &fault, const QString &command)
{
    m_name = freshName(QStringLiteral("helper"));
    m_reports.clear();
    m_next = 0;
    QStringList line = dockerLine({ QStringLiteral("run"), QStringLiteral("--rm"),
        QStringLiteral("--name"), m_name, QStringLiteral("--network"), QStringLiteral("none"),
        QStringLiteral("--cap-drop"), QStringLiteral("ALL"), QStringLiteral("--pid"),
        m_place.hostPids ? QStringLiteral("host") : QStringLiteral("container:") + m_target.id(),
        QStringLiteral("--volume"), QStringLiteral(FAULTLINE_AGENT ":/faultline-agent:ro") });
    for (const QString &capability : m_place.capabilities)
        line += { QStringLiteral("--cap-add"), capability };
    line += m_place.more;
    line += { QStringLiteral("faultline/busybox:1"), QStringLiteral("/faultline-agent"), command,
        QString::fromUtf8(QJsonDocument(fault).toJson(QJsonDocument::Compact)) };
    m_process.start(line.first(), line.mid(1));
    return m_process.waitForStarted();
}

bool AgentHelper::readMore(int time)
{
    if (!m_process.canReadLine()
        && (m_process.state() == QProcess::NotRunning || !m_process.waitForReadyRead(time)))
        return m_process.canReadLine();
    while (m_process.canReadLine())
        m_reports.append(QJsonDocument::fromJson(m_process.readLine()).object());
    return true;
}

std::optional<QJsonObject> AgentHelper::waitFor(const QString &state)
{
    const QDeadlineTimer deadline(patience);
    while (!deadline.hasExpired()) {
        while (m_next < m_reports.size())
            if (const auto report = m_reports.at(m_next++);
                report.value(QLatin1String("state")).toString() == state)
                return report;
        if (!readMore(200) && m_process.state() == QProcess::NotRunning && !readMore(0))
            break;
    }
    for (const auto &report : m_reports)
        qInfo("%s", QJsonDocument(report).toJson(QJsonDocument::Compact).constData());
    qInfo("%s", m_process.readAllStandardError().constData());
    return std::nullopt;
}

int AgentHelper::exitCode()
{
    const QDeadlineTimer deadline(patience);
    while (m_process.state() != QProcess::NotRunning && !deadline.hasExpired())
        m_process.waitForFinished(200);
    (void)readMore(0);
    return m_process.state() == QProcess::NotRunning ? m_process.exitCode() : -1;
}

void AgentHelper::kill()
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    signal(QStringLiteral("KILL"));
    (void)exitCode();
}

void AgentHelper::signal(const QString &name)
{
    (void)docker({ QStringLiteral("kill"), QStringLiteral("--signal"), name, m_name });
}

int exitCodeOfBadFault(const QString &kind, const QJsonObject &arguments, const QString &path)
{
    QProcess agent;
    const QJsonObject fault{ { QStringLiteral("id"), QStringLiteral("f-0123456789abcdef") },
        { QStringLiteral("kind"), kind }, { QStringLiteral("arguments"), arguments },
        { QStringLiteral("target"),
            QJsonObject{ { QStringLiteral("container"), QString(64, QLatin1Char('a')) },
                { QStringLiteral("pids"), QStringLiteral("host") } } } };
    agent.start(QStringLiteral(FAULTLINE_AGENT),
        { QStringLiteral("run"),
            QString::fromUtf8(QJsonDocument(fault).toJson(QJsonDocument::Compact)) });
    agent.waitForFinished(patience);
    const QByteArray said = agent.readAllStandardError();
    if (said.contains(path.toUtf8()))
        return agent.exitCode();
    qInfo("%s", said.constData());
    return -1;
}
