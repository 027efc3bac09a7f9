// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/sample_push.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

namespace faultline::console {

namespace {

constexpr int deadlineMs = 60'000;
constexpr qsizetype keptWords = 4096;
const QLatin1StringView resources(":/sample/");

// git's questions are answered from a file, so that the token is in no command line and no URL.
constexpr const char *askPass = "#!/bin/sh\ncase $1 in\nUsername*) echo oauth2 ;;\n"
                                "*) cat \"$FAULTLINE_TOKEN_FILE\" ;;\nesac\n";

bool writeFile(const QString &path, const QByteArray &contents)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(contents) != contents.size())
        return false;
    const bool isProgram = contents.startsWith("#!");
    return !isProgram || file.setPermissions(file.permissions() | QFile::ExeOwner);
}

} // namespace

SamplePush::SamplePush(QString labState, QObject *parent)
    : QObject(parent)
    , m_labState(std::move(labState))
{
    m_deadline.setSingleShot(true);
    m_deadline.setInterval(deadlineMs);
    connect(&m_deadline, &QTimer::timeout, this,
        [this] { fail(tr("git did not end within %1 s.").arg(deadlineMs / 1000)); });
    connect(&m_process, &QProcess::finished, this, &SamplePush::takeEnd);
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            fail(tr("git is not on this machine. Install it, then start the lab again."));
    });
}

SamplePush::~SamplePush()
{
    m_process.disconnect(this);
    if (m_process.state() != QProcess::NotRunning) {
        m_process.kill();
        m_process.waitForFinished(2000);
    }
}

void SamplePush::start()
{
    QMetaObject::invokeMethod(this, &SamplePush::askWhatIsThere, Qt::QueuedConnection);
}

void SamplePush::askWhatIsThere()
{
    QFile file(m_labState + QStringLiteral("/lab.json"));
    const bool isOpen = file.open(QIODevice::ReadOnly);
    const QJsonObject lab
        = QJsonDocument::fromJson(isOpen ? file.read(65'536) : QByteArray()).object();
    m_url = lab.value(QLatin1StringView("url")).toString();
    m_project = lab.value(QLatin1StringView("gitlabProject")).toString();
    if (m_url.isEmpty() || m_project.isEmpty() || !m_work.isValid()) {
        fail(tr("The lab's file %1 says nothing about its project.").arg(file.fileName()));
        return;
    }
    m_deadline.start();
    m_process.setProcessEnvironment(environment());
    m_process.setWorkingDirectory(m_work.path());
    const QString repository = QStringLiteral("%1/repositories/%2.git").arg(m_labState, m_project);
    m_process.start(QStringLiteral("git"),
        { QStringLiteral("--git-dir"), repository, QStringLiteral("for-each-ref"),
            QStringLiteral("--count=1") });
}

QProcessEnvironment SamplePush::environment() const
{
    QProcessEnvironment out = QProcessEnvironment::systemEnvironment();
    const auto set = [&out](const char *name, const QString &value) {
        out.insert(QLatin1StringView(name), value);
    };
    set("GIT_CONFIG_GLOBAL", QStringLiteral("/dev/null"));
    set("GIT_CONFIG_NOSYSTEM", QStringLiteral("1"));
    set("GIT_TERMINAL_PROMPT", QStringLiteral("0"));
    for (const char *who : { "GIT_AUTHOR", "GIT_COMMITTER" }) {
        const QString name = QLatin1StringView(who);
        out.insert(name + QStringLiteral("_NAME"), QStringLiteral("Faultline"));
        out.insert(name + QStringLiteral("_EMAIL"), QStringLiteral("demo@faultline.invalid"));
        out.insert(name + QStringLiteral("_DATE"), QStringLiteral("2026-01-01T00:00:00Z"));
    }
    set("GIT_ASKPASS", m_work.filePath(QStringLiteral("askpass")));
    set("FAULTLINE_TOKEN_FILE", m_labState + QStringLiteral("/secrets/gitlab-token"));
    set("NO_PROXY", QStringLiteral("127.0.0.1,localhost"));
    set("no_proxy", QStringLiteral("127.0.0.1,localhost"));
    return out;
}

bool SamplePush::writeFiles()
{
    QDir tree(m_work.filePath(QStringLiteral("tree")));
    bool isWritten = writeFile(m_work.filePath(QStringLiteral("askpass")), askPass);
    int count = 0;
    QDirIterator files(resources, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile from(files.next());
        const QString to = tree.filePath(from.fileName().mid(resources.size()));
        isWritten = tree.mkpath(QFileInfo(to).path()) && from.open(QIODevice::ReadOnly)
            && writeFile(to, from.readAll()) && isWritten;
        ++count;
    }
    return isWritten && count > 0;
}

void SamplePush::takeEnd(int exitCode)
{
    const QString words = QString::fromUtf8(m_process.readAllStandardError()).right(keptWords);
    if (exitCode != 0) {
        fail(tr("The sample cases could not be pushed into the lab."), words);
        return;
    }
    if (!m_isAsking) {
        runNext();
        return;
    }
    m_isAsking = false;
    if (!m_process.readAllStandardOutput().trimmed().isEmpty()) {
        m_deadline.stop();
        Q_EMIT finished(false);
        return;
    }
    if (!writeFiles()) {
        fail(tr("The sample cases could not be written to %1.").arg(m_work.path()));
        return;
    }
    m_process.setWorkingDirectory(m_work.filePath(QStringLiteral("tree")));
    const auto wordsOf
        = [](const char *line) { return QString::fromLatin1(line).split(QLatin1Char(' ')); };
    m_steps = { wordsOf("init --quiet --initial-branch=main"), wordsOf("add --all"),
        { QStringLiteral("commit"), QStringLiteral("--quiet"), QStringLiteral("--message"),
            QStringLiteral("Add the sample cases") },
        { QStringLiteral("push"), QStringLiteral("--quiet"),
            QStringLiteral("%1/%2.git").arg(m_url, m_project), QStringLiteral("main:main") } };
    runNext();
}

void SamplePush::runNext()
{
    if (m_steps.isEmpty()) {
        m_deadline.stop();
        Q_EMIT finished(true);
        return;
    }
    m_process.start(QStringLiteral("git"), m_steps.takeFirst());
}

void SamplePush::fail(const QString &message, const QString &words)
{
    m_deadline.stop();
    m_process.disconnect(this);
    m_process.kill();
    domain::Error error;
    error.kind = domain::ErrorKind::Local;
    error.message = message;
    error.where = m_labState;
    error.serverWords = words;
    Q_EMIT failed(error);
}

} // namespace faultline::console
