// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/lab_process.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>

#include <csignal>
#include <sys/prctl.h>

namespace faultline::console {

namespace {
constexpr int startDeadlineMs = 60'000;
constexpr int endDeadlineMs = 10'000;
constexpr qsizetype keptErrors = 4096;
} // namespace

LabProcess::LabProcess(QObject *parent)
    : QObject(parent)
{
    // The lab ends its jobs and containers on SIGTERM; it must hear of it also when this program is
    // killed.
    m_process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGTERM); });
    m_deadline.setSingleShot(true);
    m_deadline.setInterval(startDeadlineMs);
    connect(&m_deadline, &QTimer::timeout, this,
        [this] { finish(tr("The lab was not ready within %1 s.").arg(startDeadlineMs / 1000)); });
    connect(&m_process, &QProcess::readyReadStandardOutput, this, &LabProcess::readOutput);
    connect(&m_process, &QProcess::readyReadStandardError, this, &LabProcess::readErrors);
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            finish(tr("The lab could not be started: %1.").arg(m_process.errorString()));
    });
    connect(&m_process, &QProcess::finished, this,
        [this](int code) { finish(tr("The lab ended with code %1.").arg(code)); });
}

LabProcess::~LabProcess()
{
    m_process.disconnect(this);
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.terminate();
    if (!m_process.waitForFinished(endDeadlineMs))
        m_process.kill();
}

QString LabProcess::stateFolder()
{
    QString base = qEnvironmentVariable("XDG_STATE_HOME");
    if (!QDir::isAbsolutePath(base))
        base = QDir::homePath() + QStringLiteral("/.local/state");
    return base + QStringLiteral("/faultline/lab");
}

QString LabProcess::workspaceFile()
{
    return stateFolder() + QStringLiteral("/workspace.yaml");
}

bool LabProcess::isRunning()
{
    QFile file(stateFolder() + QStringLiteral("/lab.json"));
    if (!file.open(QIODevice::ReadOnly))
        return false;
    const qint64 pid = QJsonDocument::fromJson(file.read(65'536))
                           .object()
                           .value(QLatin1StringView("pid"))
                           .toInteger();
    // A number may belong to another program after a restart of the machine, so the name counts
    // too.
    QFile name(QStringLiteral("/proc/%1/comm").arg(pid));
    return pid > 0 && name.open(QIODevice::ReadOnly) && name.readAll().trimmed() == "faultline-lab";
}

void LabProcess::start()
{
    QMetaObject::invokeMethod(
        this,
        [this] {
            if (isRunning())
                becomeReady();
            else
                launch();
        },
        Qt::QueuedConnection);
}

void LabProcess::launch()
{
    const QString program
        = QCoreApplication::applicationDirPath() + QStringLiteral("/faultline-lab");
    if (!QFileInfo(program).isExecutable()) {
        finish(tr("There is no program faultline-lab beside this one. Build it, or open a "
                  "workspace file."));
        return;
    }
    if (!QDir().mkpath(stateFolder())) {
        finish(tr("The lab's folder %1 can't be made.").arg(stateFolder()));
        return;
    }
    m_deadline.start();
    m_process.start(program, { QStringLiteral("serve"), QStringLiteral("--state"), stateFolder() });
}

void LabProcess::readOutput()
{
    while (m_process.canReadLine()) {
        const QString line = QString::fromUtf8(m_process.readLine(4096)).trimmed();
        if (line.startsWith(QLatin1StringView("faultline-lab ready")))
            becomeReady();
        else if (!m_isReady)
            Q_EMIT progressed(line);
    }
}

void LabProcess::readErrors()
{
    m_errors = (m_errors + m_process.readAllStandardError()).right(keptErrors);
    if (!m_isReady)
        Q_EMIT progressed(QString::fromUtf8(m_errors.trimmed().split('\n').last()));
}

void LabProcess::becomeReady()
{
    m_deadline.stop();
    if (m_isReady)
        return;
    m_isReady = true;
    Q_EMIT ready(workspaceFile());
}

void LabProcess::finish(const QString &message)
{
    m_deadline.stop();
    domain::Error error;
    error.kind = domain::ErrorKind::Local;
    error.message = message;
    error.where = stateFolder();
    error.serverWords = QString::fromUtf8(m_errors.trimmed());
    error.mayRetry = true;
    if (m_isReady)
        Q_EMIT died(error);
    else
        Q_EMIT failed(error);
    m_isReady = false;
}

} // namespace faultline::console
