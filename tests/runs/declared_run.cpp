// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/runs/declared_run.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QMap>
#include <QTest>

namespace faultline::tests {

namespace {

void save(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("can't write %s", qPrintable(path));
}

QList<QJsonObject> lines(const QByteArray &bytes)
{
    QList<QJsonObject> out;
    for (const QByteArray &line : bytes.split('\n')) {
        if (!line.isEmpty())
            out += QJsonDocument::fromJson(line).object();
    }
    return out;
}

} // namespace

DeclaredRun::DeclaredRun(const LabProcess &lab)
    : m_lab(lab)
{
    save(m_folder.filePath(QStringLiteral("suites.yaml")), "suites: {}\n");
}

void DeclaredRun::write(const QByteArray &rest, const QByteArray &image, const QByteArray &command)
{
    // In YAML's single quotes a quote is written twice; compose takes "$$" for "$".
    const QByteArray quoted = QByteArray(command).replace("'", "''").replace("$", "$$");
    save(m_folder.filePath(QStringLiteral("compose.yml")),
        "version: '2'\nservices:\n  worker:\n    image: " + image + "\n    command: [sh, -c, '"
            + quoted + "']\n");
    save(m_folder.filePath(QStringLiteral("case.yaml")),
        "apiVersion: faultline/v1\nkind: Case\nmetadata:\n  name: small-case\n"
        "  owner: {team: storage}\ntopology:\n  compose: compose.yml\n"
        "  roles: {worker: {service: worker, scale: 1}}\n"
            + rest);
}

QStringList DeclaredRun::arguments(const QStringList &more) const
{
    QStringList out{ QStringLiteral("--workspace"), m_lab.workspaceFile(), QStringLiteral("run"),
        QStringLiteral("--bundle"), QStringLiteral("bundle-%1").arg(m_runs) };
    if (!more.contains(QStringLiteral("--")))
        out += QStringLiteral("case.yaml");
    return out + more;
}

ProgramOutcome DeclaredRun::run(const QStringList &more)
{
    ++m_runs;
    return runProgram(ownProgram(QStringLiteral("faultlinectl")), arguments(more), environment(),
        std::chrono::minutes(4), m_folder.path());
}

ProgramOutcome DeclaredRun::runInShell(const QString &line)
{
    ++m_runs;
    QProcessEnvironment environment = this->environment();
    environment.insert(QStringLiteral("RUN"),
        (QStringList{ ownProgram(QStringLiteral("faultlinectl")) } + arguments({})).join(u' '));
    return runProgram(QStringLiteral("/bin/sh"), { QStringLiteral("-c"), line }, environment,
        std::chrono::minutes(4), m_folder.path());
}

QProcessEnvironment DeclaredRun::environment() const
{
    QProcessEnvironment out = cleanEnvironment();
    out.insert(QStringLiteral("XDG_STATE_HOME"), m_folder.filePath(QStringLiteral("state")));
    // For scripts.
    out.insert(QStringLiteral("DOCKER_HOST"), m_lab.dockerHostInUse());
    out.insert(QStringLiteral("PATH"),
        QStringLiteral(FAULTLINE_BIN_DIR ":") + out.value(QStringLiteral("PATH")));
    for (auto it = m_variables.begin(); it != m_variables.end(); ++it)
        out.insert(it.key(), it.value());
    return out;
}

QString DeclaredRun::recordFolder() const
{
    return m_folder.filePath(QStringLiteral("state/faultline/runs"));
}

ProgramOutcome DeclaredRun::ctl(const QStringList &arguments) const
{
    return runProgram(ownProgram(QStringLiteral("faultlinectl")),
        QStringList{ QStringLiteral("--workspace"), m_lab.workspaceFile() } + arguments,
        environment(), std::chrono::minutes(2), m_folder.path());
}

QStringList DeclaredRun::records() const
{
    QStringList out = QDir(recordFolder()).entryList(QDir::Files);
    return out.replaceInStrings(QStringLiteral(".json"), QString());
}

QString DeclaredRun::bundle() const
{
    return m_folder.filePath(QStringLiteral("bundle-%1").arg(m_runs));
}

std::unique_ptr<QProcess> DeclaredRun::start(const QStringList &more)
{
    ++m_runs;
    m_log.clear();
    auto process = std::make_unique<QProcess>();
    process->setProcessEnvironment(environment());
    process->setWorkingDirectory(m_folder.path());
    process->setProcessChannelMode(QProcess::MergedChannels);
    process->start(ownProgram(QStringLiteral("faultlinectl")), arguments(more));
    return process;
}

std::unique_ptr<QProcess> DeclaredRun::startUntil(const QByteArray &text, const QStringList &more)
{
    auto process = start(more);
    const bool isSeen = QTest::qWaitFor(
        [&] {
            m_log += process->readAll();
            return m_log.contains(text) || process->state() == QProcess::NotRunning;
        },
        60'000);
    if (isSeen && m_log.contains(text))
        return process;
    qWarning("the log never held \"%s\":\n%s", text.constData(), m_log.constData());
    process->terminate();
    process->waitForFinished(60'000);
    return nullptr;
}

int DeclaredRun::finish(QProcess &process, int limit)
{
    const bool isOver = QTest::qWaitFor(
        [&] {
            m_log += process.readAll();
            return process.state() == QProcess::NotRunning;
        },
        limit);
    m_log += process.readAll();
    return isOver && process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
}

QByteArray DeclaredRun::file(const QString &name) const
{
    QFile file(bundle() + u'/' + name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QJsonObject DeclaredRun::findings() const
{
    return QJsonDocument::fromJson(file(QStringLiteral("findings.json"))).object();
}

QStringList DeclaredRun::findingTexts() const
{
    QStringList out;
    for (const QJsonValue &value : findings().value(QStringLiteral("findings")).toArray())
        out += value[QStringLiteral("check")].toString() + QStringLiteral(": ")
            + value[QStringLiteral("message")].toString();
    return out;
}

QList<QJsonObject> DeclaredRun::events(const QString &type) const
{
    QList<QJsonObject> out;
    for (const QJsonObject &event : lines(file(QStringLiteral("events.jsonl")))) {
        if (type.isEmpty() || event.value(QStringLiteral("type")).toString() == type)
            out += event;
    }
    return out;
}

QStringList DeclaredRun::ledger() const
{
    QMap<QString, QStringList> states;
    for (const QJsonObject &row : lines(file(QStringLiteral("faults.jsonl"))))
        states[row.value(QStringLiteral("fault")).toString()]
            += row.value(QStringLiteral("state")).toString();
    QStringList out;
    for (auto it = states.begin(); it != states.end(); ++it)
        out += it.key() + QStringLiteral(": ") + it.value().join(u' ');
    return out;
}

QStringList DeclaredRun::containers() const
{
    const auto begin = events(QStringLiteral("run.begin"));
    const QString run = begin.isEmpty() ? QStringLiteral("none")
                                        : begin.front().value(QStringLiteral("run")).toString();
    const auto asked = m_lab.docker({ QStringLiteral("ps"), QStringLiteral("-aq"),
        QStringLiteral("--filter"), QStringLiteral("label=faultline.run=") + run });
    return QString::fromUtf8(asked.out).split(u'\n', Qt::SkipEmptyParts);
}

int processesWith(const QString &pattern)
{
    const auto found = runProgram(QStringLiteral("pgrep"), { QStringLiteral("-fxc"), pattern },
        cleanEnvironment(), std::chrono::seconds(30));
    return found.out.trimmed().toInt();
}

} // namespace faultline::tests
