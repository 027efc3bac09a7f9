// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/faults/chaos_lab.h"

#include <QFile>
#include <QJsonDocument>

namespace faultline::tests {

namespace {

const QString agentImage = QStringLiteral("faultline/agent:1");

} // namespace

QString ChaosLab::whyNot()
{
    if (!LabProcess::dockerHost())
        return QStringLiteral("no Docker Engine answers (FAULTLINE_DOCKER_HOST, DOCKER_HOST)");
    QProcessEnvironment environment = cleanEnvironment();
    environment.insert(QStringLiteral("DOCKER_HOST"), *LabProcess::dockerHost());
    const auto kinds = runProgram(QStringLiteral("docker"),
        { QStringLiteral("run"), QStringLiteral("--rm"), QStringLiteral("--network=none"),
            QStringLiteral("--cap-add=NET_ADMIN"), agentImage, QStringLiteral("faultline-agent"),
            QStringLiteral("kinds") },
        environment, std::chrono::seconds(60));
    return kinds.out.contains("network.delay")
        ? QString()
        : QStringLiteral("the image %1 is missing or too old: scripts/images agent")
              .arg(agentImage);
}

QString ChaosLab::start(int members)
{
    if (!m_lab.start())
        return m_lab.why();
    QFile file(m_lab.stateFolder() + QStringLiteral("/kv-compose.yml"));
    // Each answers on a port, so that a person could try the faults by hand as well.
    if (!file.open(QIODevice::WriteOnly)
        || file.write("version: '2'\nservices:\n  node:\n    image: faultline/busybox:1\n"
                      "    command: [httpd, -f, -p, '80']\n")
            < 0)
        return file.errorString();
    file.close();
    const auto up = m_lab.ctl({ QStringLiteral("up"), QStringLiteral("-f"), file.fileName(),
        QStringLiteral("--name"), QStringLiteral("kv"), QStringLiteral("--wait") });
    if (up.exitCode != 0)
        return QString::fromUtf8(up.text());
    const auto scaled = m_lab.ctl({ QStringLiteral("scale"),
        QStringLiteral("kv/node=%1").arg(members), QStringLiteral("--wait") });
    return scaled.exitCode == 0 ? QString() : QString::fromUtf8(scaled.text());
}

QProcessEnvironment ChaosLab::environment() const
{
    QProcessEnvironment out = cleanEnvironment();
    out.insert(QStringLiteral("XDG_STATE_HOME"), m_lab.stateFolder() + QStringLiteral("/client"));
    return out;
}

QString ChaosLab::ledgerFile() const
{
    return m_lab.stateFolder() + QStringLiteral("/client/faultline/faults.db");
}

ProgramOutcome ChaosLab::ctl(const QStringList &arguments) const
{
    return runProgram(ownProgram(QStringLiteral("faultlinectl")),
        QStringList{ QStringLiteral("--workspace"), m_lab.workspaceFile() } + arguments,
        environment(), std::chrono::minutes(2));
}

QJsonObject ChaosLab::json(const QStringList &arguments) const
{
    const auto outcome = ctl(QStringList{ QStringLiteral("--output=json") } + arguments);
    const QJsonObject out = QJsonDocument::fromJson(outcome.out).object();
    if (out.isEmpty())
        qWarning("%s", outcome.text().constData());
    return out;
}

std::unique_ptr<QProcess> ChaosLab::inject(const QStringList &arguments) const
{
    auto out = std::make_unique<QProcess>();
    out->setProcessEnvironment(environment());
    out->setProcessChannelMode(QProcess::MergedChannels);
    out->start(ownProgram(QStringLiteral("faultlinectl")),
        QStringList{ QStringLiteral("--workspace"), m_lab.workspaceFile(), QStringLiteral("chaos"),
            QStringLiteral("inject") }
            + arguments + QStringList{ QStringLiteral("--stack=kv") });
    return out;
}

QJsonArray ChaosLab::faults() const
{
    return json({ QStringLiteral("chaos"), QStringLiteral("list") })
        .value(QStringLiteral("faults"))
        .toArray();
}

QString ChaosLab::stateOf(const QString &id) const
{
    return json({ QStringLiteral("chaos"), QStringLiteral("show"), id })
        .value(QStringLiteral("state"))
        .toString();
}

QString ChaosLab::member(int number) const
{
    const auto asked = m_lab.docker({ QStringLiteral("ps"), QStringLiteral("-q"),
        QStringLiteral("--no-trunc"), QStringLiteral("--filter"),
        QStringLiteral("label=io.rancher.container.name=kv-node-%1").arg(number) });
    return QString::fromUtf8(asked.out).trimmed();
}

QString ChaosLab::residue(const QString &dockerId) const
{
    const auto seen = m_lab.docker({ QStringLiteral("run"), QStringLiteral("--rm"),
        QStringLiteral("--network=container:") + dockerId, QStringLiteral("--cap-add=NET_ADMIN"),
        agentImage, QStringLiteral("/bin/sh"), QStringLiteral("-c"),
        QStringLiteral("/usr/sbin/nft list ruleset; /usr/sbin/tc qdisc show; "
                       "/usr/sbin/iptables-legacy-save 2>/dev/null || true") });
    if (seen.exitCode != 0)
        return QStringLiteral("could not look: ") + QString::fromUtf8(seen.text());
    QStringList ours;
    for (const QString &line : QString::fromUtf8(seen.out).split(u'\n')) {
        if (line.contains(QLatin1StringView("faultline")) || line.contains(QLatin1StringView("tbf"))
            || line.contains(QLatin1StringView("netem")))
            ours += line.trimmed();
    }
    return ours.join(QStringLiteral("; "));
}

QStringList ChaosLab::helpers() const
{
    const auto asked
        = m_lab.docker({ QStringLiteral("ps"), QStringLiteral("-a"), QStringLiteral("--filter"),
            QStringLiteral("label=faultline.fault"), QStringLiteral("--filter"),
            QStringLiteral("label=faultline.stack=kv"), QStringLiteral("--format"),
            QStringLiteral("{{.Names}} {{.Label \"io.rancher.container.name\"}}") });
    return QString::fromUtf8(asked.out).split(u'\n', Qt::SkipEmptyParts);
}

} // namespace faultline::tests
