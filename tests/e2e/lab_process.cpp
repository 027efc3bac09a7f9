// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/e2e/lab_process.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

namespace faultline::tests {

namespace {

using std::chrono::seconds;

constexpr int startLimit = 30'000;

QByteArray contents(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QStringList lines(const QByteArray &text)
{
    return QString::fromUtf8(text).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
}

} // namespace

LabProcess::LabProcess()
    : LabProcess(dockerHost().value_or(QString()))
{
}

LabProcess::LabProcess(QString dockerHost)
    : m_dockerHost(std::move(dockerHost))
{
}

LabProcess::~LabProcess()
{
    if (m_process.state() != QProcess::NotRunning) {
        m_process.terminate();
        if (!m_process.waitForFinished(20'000)) {
            m_process.kill();
            m_process.waitForFinished(5'000);
        }
    }
    (void)runProgram(ownProgram(QStringLiteral("faultline-lab")),
        { QStringLiteral("remove-all"), QStringLiteral("--state"), m_folder.path(),
            QStringLiteral("--docker"), m_dockerHost },
        environment(), seconds(60));
}

std::optional<QString> LabProcess::dockerHost()
{
    QString host = qEnvironmentVariable("FAULTLINE_DOCKER_HOST");
    if (host.isEmpty())
        host = qEnvironmentVariable("DOCKER_HOST");
    if (host.isEmpty())
        host = QStringLiteral("unix:///var/run/docker.sock");
    QProcessEnvironment environment = cleanEnvironment();
    environment.insert(QStringLiteral("DOCKER_HOST"), host);
    const auto asked = runProgram(QStringLiteral("docker"),
        { QStringLiteral("version"), QStringLiteral("--format"),
            QStringLiteral("{{.Server.Version}}") },
        environment, seconds(10));
    return asked.exitCode == 0 ? std::optional<QString>(host) : std::nullopt;
}

QProcessEnvironment LabProcess::environment() const
{
    QProcessEnvironment out = cleanEnvironment();
    out.insert(QStringLiteral("DOCKER_HOST"), m_dockerHost);
    return out;
}

QString LabProcess::workspaceFile() const
{
    return m_folder.filePath(QStringLiteral("workspace.yaml"));
}

domain::Result<settings::Workspace> LabProcess::workspace() const
{
    return settings::readWorkspace(workspaceFile());
}

QByteArray LabProcess::secret(const QString &name) const
{
    return contents(m_folder.filePath(QStringLiteral("secrets/") + name)).trimmed();
}

bool LabProcess::readLabFile()
{
    const QJsonObject lab
        = QJsonDocument::fromJson(contents(m_folder.filePath(QStringLiteral("lab.json")))).object();
    if (lab.value(QStringLiteral("pid")).toInteger() != m_process.processId())
        return false;
    m_url = QUrl(lab.value(QStringLiteral("url")).toString());
    m_instance
        = QString::fromUtf8(contents(m_folder.filePath(QStringLiteral("instance")))).trimmed();
    return m_url.isValid() && QFile::exists(workspaceFile());
}

bool LabProcess::start(quint16 port)
{
    m_process.setProcessEnvironment(environment());
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.start(ownProgram(QStringLiteral("faultline-lab")),
        { QStringLiteral("serve"), QStringLiteral("--state"), m_folder.path(),
            QStringLiteral("--listen"), QStringLiteral("127.0.0.1:%1").arg(port),
            QStringLiteral("--docker"), m_dockerHost });
    const bool isReady = QTest::qWaitFor(
        [this] { return m_process.state() == QProcess::NotRunning || readLabFile(); }, startLimit);
    if (isReady && m_process.state() == QProcess::Running)
        return true;
    m_why = QStringLiteral("faultline-lab is not ready (%1): %2")
                .arg(m_process.errorString(), QString::fromUtf8(m_process.readAll().right(4'000)));
    return false;
}

void LabProcess::killHard()
{
    m_process.kill();
    m_process.waitForFinished(10'000);
}

bool LabProcess::stop()
{
    m_process.terminate();
    return m_process.waitForFinished(20'000);
}

ProgramOutcome LabProcess::ctl(const QStringList &arguments, std::chrono::milliseconds limit) const
{
    return runProgram(ownProgram(QStringLiteral("faultlinectl")),
        QStringList{ QStringLiteral("--workspace"), workspaceFile() } + arguments, environment(),
        limit);
}

ProgramOutcome LabProcess::docker(const QStringList &arguments) const
{
    return runProgram(QStringLiteral("docker"), arguments, environment(), seconds(60));
}

ProgramOutcome LabProcess::removeAll()
{
    return runProgram(ownProgram(QStringLiteral("faultline-lab")),
        { QStringLiteral("remove-all"), QStringLiteral("--state"), m_folder.path(),
            QStringLiteral("--docker"), m_dockerHost },
        environment(), seconds(60));
}

QStringList LabProcess::leftovers() const
{
    const QString filter = QStringLiteral("label=faultline.lab=") + m_instance;
    QStringList out;
    out += lines(
        docker({ QStringLiteral("ps"), QStringLiteral("-a"), QStringLiteral("--filter"), filter,
                   QStringLiteral("--format"), QStringLiteral("container {{.Names}}") })
            .out);
    for (const QString &kind : { QStringLiteral("network"), QStringLiteral("volume") }) {
        out += lines(docker({ kind, QStringLiteral("ls"), QStringLiteral("--filter"), filter,
                                QStringLiteral("--format"), kind + QStringLiteral(" {{.Name}}") })
                         .out);
    }
    return out;
}

ProgramOutcome LabProcess::push(const QString &folder) const
{
    // The token reaches git through a helper's standard output, never through its arguments.
    QTemporaryDir work;
    const QString copy = work.filePath(QStringLiteral("repository"));
    const QString script = QStringLiteral(R"(set -e
cp -r "$SOURCE" "$COPY" && cd "$COPY"
git init -q -b main . && git add -A
git -c user.name=Test -c user.email=test@example.org commit -q -m 'Sample cases'
git -c credential.helper= \
    -c 'credential.helper=!f() { echo username=oauth2; echo password=$(cat "$TOKEN_FILE"); }; f' \
    push -q "$URL/faultline/sample.git" main:main
)");
    QProcessEnvironment environment = this->environment();
    environment.insert(QStringLiteral("SOURCE"), folder);
    environment.insert(QStringLiteral("COPY"), copy);
    environment.insert(QStringLiteral("URL"), m_url.toString());
    environment.insert(
        QStringLiteral("TOKEN_FILE"), m_folder.filePath(QStringLiteral("secrets/gitlab-token")));
    environment.insert(QStringLiteral("GIT_TERMINAL_PROMPT"), QStringLiteral("0"));
    environment.insert(QStringLiteral("GIT_CONFIG_GLOBAL"), QStringLiteral("/dev/null"));
    return runProgram(QStringLiteral("/bin/bash"), { QStringLiteral("-c"), script }, environment,
        seconds(60), work.path());
}

bool LabProcess::endPushedPipeline() const
{
    const auto hasEnded = [this] {
        const auto asked = ctl(
            { QStringLiteral("cancel"), QStringLiteral("1"), QStringLiteral("--output=json") });
        const QString status = QJsonDocument::fromJson(asked.out)
                                   .object()
                                   .value(QStringLiteral("status"))
                                   .toString();
        return status == QStringLiteral("canceled") || status == QStringLiteral("success")
            || status == QStringLiteral("failed");
    };
    return QTest::qWaitFor(hasEnded, 60'000)
        && QTest::qWaitFor([this] { return leftovers().isEmpty(); }, 60'000);
}

QByteArray sleepingCompose(int services)
{
    QByteArray out = "version: '2'\nservices:\n";
    for (int i = 1; i <= services; ++i)
        out += "  sleeper-" + QByteArray::number(i)
            + ":\n    image: faultline/busybox:1\n    command: sleep 3600\n";
    return out;
}

} // namespace faultline::tests
