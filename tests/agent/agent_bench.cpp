// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/agent/agent_bench.h"

#include <QElapsedTimer>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRandomGenerator>
#include <QRegularExpression>

namespace faultline::tests {
namespace {

QString agentProgram()
{
    return QStringLiteral(FAULTLINE_BIN_DIR "/faultline-agent");
}

QString agentImage()
{
    return QStringLiteral("faultline/agent:1");
}

QString randomHex()
{
    return QStringLiteral("%1").arg(
        QRandomGenerator::global()->generate64(), 16, 16, QLatin1Char('0'));
}

} // namespace

AgentBench::AgentBench()
    : m_host(qEnvironmentVariable("FAULTLINE_DOCKER_HOST", qEnvironmentVariable("DOCKER_HOST")))
    , m_prefix(QStringLiteral("fl-agent-%1-").arg(randomHex().left(8)))
{
}

AgentBench::~AgentBench()
{
    if (m_host.isEmpty())
        return;
    const QString ours
        = docker({ QStringLiteral("ps"), QStringLiteral("-aq"), QStringLiteral("--filter"),
                     QStringLiteral("name=^/") + m_prefix })
              .out;
    if (!ours.isEmpty())
        (void)docker(QStringList{ QStringLiteral("rm"), QStringLiteral("-f") }
            + ours.split(QLatin1Char('\n')));
    (void)docker({ QStringLiteral("network"), QStringLiteral("rm"), name(QStringLiteral("net")) });
}

QString AgentBench::startNetwork(const QStringList &images)
{
    if (m_host.isEmpty())
        return QStringLiteral("needs a Docker Engine: set FAULTLINE_DOCKER_HOST");
    if (!QFileInfo::exists(agentProgram()))
        return QStringLiteral("needs the program faultline-agent of this build");
    for (const QString &image : images + QStringList{ agentImage() })
        if (docker({ QStringLiteral("image"), QStringLiteral("inspect"), image }).code != 0)
            return QStringLiteral("needs the image %1: scripts/images").arg(image);
    const DockerAnswer made = docker(
        { QStringLiteral("network"), QStringLiteral("create"), name(QStringLiteral("net")) });
    return made.code == 0 ? QString() : QStringLiteral("no network could be made: ") + made.err;
}

QString AgentBench::start()
{
    if (const QString why = startNetwork({ QStringLiteral("faultline/busybox:1") }); !why.isEmpty())
        return why;
    for (const QString &one : { QStringLiteral("target"), QStringLiteral("peer") })
        if (!startSleeper(name(one)))
            return QStringLiteral("no container could be started");
    m_targetAddress = addressOf(name(QStringLiteral("target")));
    m_peerAddress = addressOf(name(QStringLiteral("peer")));
    aim(name(QStringLiteral("target")), { m_peerAddress });
    return {};
}

QString AgentBench::whyNot(const QString &kind)
{
    if (m_abilities.isEmpty())
        m_abilities = besideTarget(QStringLiteral("faultline-agent kinds")).out;
    for (const QString &line : m_abilities.split(QLatin1Char('\n'))) {
        const QJsonObject one = QJsonDocument::fromJson(line.toUtf8()).object();
        if (one.value(QStringLiteral("kind")).toString() == kind)
            return one.value(QStringLiteral("can")).toBool()
                ? QString()
                : one.value(QStringLiteral("reason")).toString() + QLatin1Char(' ');
    }
    return QStringLiteral("the agent doesn't know it");
}

bool AgentBench::startSleeper(const QString &container)
{
    return docker({ QStringLiteral("run"), QStringLiteral("-d"), QStringLiteral("--init"),
                      QStringLiteral("--name"), container, QStringLiteral("--network"),
                      name(QStringLiteral("net")), QStringLiteral("faultline/busybox:1"),
                      QStringLiteral("sleep"), QStringLiteral("600") })
               .code
        == 0;
}

QString AgentBench::startTarget()
{
    const QString container = name(QStringLiteral("target-%1").arg(++m_started));
    return startSleeper(container) ? container : QString();
}

QString AgentBench::addressOf(const QString &container) const
{
    return docker(
        { QStringLiteral("inspect"), QStringLiteral("-f"),
            QStringLiteral("{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"), container })
        .out;
}

void AgentBench::aim(const QString &container, const QStringList &peers)
{
    m_target = container;
    m_peers = peers;
}

DockerAnswer AgentBench::docker(const QStringList &arguments, int withinMs) const
{
    QProcess process;
    process.start(
        QStringLiteral("docker"), QStringList{ QStringLiteral("-H"), m_host } + arguments);
    process.closeWriteChannel();
    DockerAnswer answer;
    if (!process.waitForFinished(withinMs)) {
        process.kill();
        process.waitForFinished();
        return answer;
    }
    answer.code = process.exitCode();
    answer.out = QString::fromUtf8(process.readAllStandardOutput()).trimmed();
    answer.err = QString::fromUtf8(process.readAllStandardError()).trimmed();
    return answer;
}

DockerAnswer AgentBench::inTarget(const QString &command, int withinMs) const
{
    return docker(
        { QStringLiteral("exec"), target(), QStringLiteral("sh"), QStringLiteral("-c"), command },
        withinMs);
}

DockerAnswer AgentBench::inPeer(const QString &command, int withinMs) const
{
    return docker({ QStringLiteral("exec"), name(QStringLiteral("peer")), QStringLiteral("sh"),
                      QStringLiteral("-c"), command },
        withinMs);
}

QStringList AgentBench::helper(const QString &container) const
{
    return { QStringLiteral("run"), QStringLiteral("--rm"), QStringLiteral("--name"), container,
        QStringLiteral("--network"), QStringLiteral("container:") + target(),
        QStringLiteral("--cap-drop"), QStringLiteral("ALL"), QStringLiteral("--cap-add"),
        QStringLiteral("NET_ADMIN"), QStringLiteral("--cap-add"), QStringLiteral("NET_RAW"),
        QStringLiteral("-e"), QStringLiteral("ASAN_OPTIONS=detect_leaks=0"), QStringLiteral("-v"),
        agentProgram() + QStringLiteral(":/usr/bin/faultline-agent:ro") };
}

DockerAnswer AgentBench::besideTarget(const QString &command) const
{
    return docker(helper(name(QStringLiteral("beside")))
        << agentImage() << QStringLiteral("sh") << QStringLiteral("-c") << command);
}

double AgentBench::roundTripMs(int count) const
{
    double mean = -1;
    double lost = 100;
    ping(count, mean, lost);
    return mean;
}

void AgentBench::ping(int count, double &meanMs, double &lostPercent) const
{
    const DockerAnswer answer
        = inTarget(QStringLiteral("ping -q -c %1 -i 0.02 -W 1 %2").arg(count).arg(m_peerAddress));
    static const QRegularExpression average(QStringLiteral("= [0-9.]+/([0-9.]+)/"));
    static const QRegularExpression loss(QStringLiteral("(\\d+)% packet loss"));
    const auto mean = average.match(answer.out);
    const auto lost = loss.match(answer.out);
    meanMs = mean.hasMatch() ? mean.captured(1).toDouble() : -1;
    lostPercent = lost.hasMatch() ? lost.captured(1).toDouble() : 100;
}

HeldFault::HeldFault(AgentBench &bench, const QString &kind, const QJsonObject &arguments,
    double lease, double duration)
    : m_bench(bench)
    , m_name(bench.name(QStringLiteral("helper-") + randomHex().left(6)))
{
    const QJsonObject fault{ { QStringLiteral("id"), QStringLiteral("f-") + randomHex() },
        { QStringLiteral("kind"), kind }, { QStringLiteral("arguments"), arguments },
        { QStringLiteral("lease"), lease }, { QStringLiteral("duration"), duration },
        { QStringLiteral("target"), QJsonObject{ { QStringLiteral("name"), bench.target() } } },
        { QStringLiteral("peers"),
            kind == QStringLiteral("network.dns") ? QJsonArray{}
                                                  : QJsonArray::fromStringList(bench.peers()) } };
    m_json = QJsonDocument(fault).toJson(QJsonDocument::Compact);
    m_process.start(QStringLiteral("docker"),
        QStringList{ QStringLiteral("-H"), bench.host() } + bench.helper(m_name)
            << QStringLiteral("--init") << QStringLiteral("-e")
            << QStringLiteral("FAULTLINE_FAULT=") + QString::fromUtf8(m_json) << agentImage()
            << QStringLiteral("faultline-agent") << QStringLiteral("run"));
    m_process.closeWriteChannel();
}

HeldFault::~HeldFault()
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    killHelper();
    m_process.waitForFinished();
}

void HeldFault::read()
{
    const QByteArray piece = m_process.readAllStandardOutput();
    m_all += piece + m_process.readAllStandardError();
    m_rest += piece;
    for (qsizetype end = m_rest.indexOf('\n'); end >= 0; end = m_rest.indexOf('\n')) {
        m_lines.append(QJsonDocument::fromJson(m_rest.left(end)).object());
        m_rest.remove(0, end + 1);
    }
}

QJsonObject HeldFault::at(const QString &state) const
{
    for (const QJsonObject &line : m_lines)
        if (line.value(QStringLiteral("state")).toString() == state)
            return line;
    return {};
}

QStringList HeldFault::states() const
{
    QStringList all;
    for (const QJsonObject &line : m_lines)
        all << line.value(QStringLiteral("state")).toString();
    return all;
}

bool HeldFault::waitFor(const QString &state, int withinMs)
{
    QElapsedTimer timer;
    timer.start();
    for (;;) {
        const bool ended = m_process.state() == QProcess::NotRunning;
        read();
        if (!at(state).isEmpty())
            return true;
        if (ended || timer.elapsed() > withinMs)
            return false;
        m_process.waitForReadyRead(100);
    }
}

int HeldFault::end(int withinMs)
{
    if (m_process.state() != QProcess::NotRunning && !m_process.waitForFinished(withinMs))
        return -1;
    read();
    return m_process.exitCode();
}

void HeldFault::killHelper()
{
    (void)m_bench.docker({ QStringLiteral("kill"), m_name });
}

QJsonObject HeldFault::order(const QByteArray &line)
{
    QProcess process;
    process.start(QStringLiteral("docker"),
        { QStringLiteral("-H"), m_bench.host(), QStringLiteral("exec"), QStringLiteral("-i"),
            m_name, QStringLiteral("faultline-agent"), QStringLiteral("control") });
    process.write(line + '\n');
    QByteArray answer;
    QElapsedTimer timer;
    timer.start();
    while (!answer.contains('\n') && timer.elapsed() < 20000
        && process.state() != QProcess::NotRunning) {
        process.waitForReadyRead(100);
        answer += process.readAllStandardOutput();
    }
    process.closeWriteChannel();
    process.waitForFinished();
    return QJsonDocument::fromJson(answer.left(answer.indexOf('\n'))).object();
}

} // namespace faultline::tests
