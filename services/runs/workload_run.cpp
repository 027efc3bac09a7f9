// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/workload_run.h"

#include "services/runs/pause.h"
#include "services/runs/text.h"

#include <QFile>

namespace faultline::runs {

namespace {

constexpr qint64 longestRead = 1 << 20;
constexpr qsizetype longestLine = 16 << 10;

} // namespace

WorkloadRun::WorkloadRun(
    const RunRequest &request, QMap<QString, QString> environment, EventLog &events, Say say)
    : m_request(request)
    , m_environment(std::move(environment))
    , m_events(events)
    , m_say(std::move(say))
    , m_outputFile(request.bundle + QStringLiteral("/logs/workload.log"))
{
}

WorkloadRun::~WorkloadRun() = default;

domain::Result<void> WorkloadRun::start()
{
    if (m_process || (m_end && !m_wasStopped))
        return {};
    ProcessGroup::Start start;
    start.command = QString::fromStdString(m_request.caseFile.workload.command);
    start.folder = m_request.root;
    start.environment = m_environment;
    for (const auto &[name, value] : m_request.caseFile.workload.environment)
        start.environment.insert(QString::fromStdString(name), QString::fromStdString(value));
    start.outputFile = m_outputFile;
    auto process = ProcessGroup::start(start);
    if (!process)
        return domain::failure(process.error());
    m_process = std::move(*process);
    m_wasStarted = true;
    m_wasStopped = false;
    m_end.reset();
    m_events.write("workload.begin", { { "command", m_request.caseFile.workload.command } },
        Text::tr("workload started").toStdString());
    return {};
}

bool WorkloadRun::tick()
{
    if (!m_process)
        return false;
    const auto end = m_process->poll();
    takeOutput(end.has_value());
    if (!end)
        return false;
    ended(*end);
    return true;
}

void WorkloadRun::stop(std::chrono::milliseconds grace, const net::CancelToken &hurry)
{
    if (!m_process)
        return;
    m_wasStopped = true;
    m_process->terminate();
    const auto deadline = std::chrono::steady_clock::now() + grace;
    while (!hurry.isCancelled() && std::chrono::steady_clock::now() < deadline) {
        if (const auto end = m_process->poll()) {
            takeOutput(true);
            return ended(*end);
        }
        takeOutput(false);
        pauseFor(std::chrono::milliseconds(20));
    }
    m_wasKilled = true;
    const ProcessEnd end = m_process->kill();
    takeOutput(true);
    ended(end);
}

void WorkloadRun::ended(const ProcessEnd &end)
{
    m_process.reset();
    m_end = end;
    const QString sentence = m_wasStopped ? Text::tr("workload stopped: %1").arg(end.text())
                                          : Text::tr("workload ended: %1").arg(end.text());
    m_events.write("workload.end",
        { { "exitCode", end.exitCode }, { "signal", end.signal }, { "stopped", m_wasStopped },
            { "killed", m_wasKilled } },
        sentence.toStdString());
}

void WorkloadRun::takeOutput(bool isLast)
{
    QFile file(m_outputFile);
    if (!file.open(QIODevice::ReadOnly) || !file.seek(m_read))
        return;
    for (;;) {
        const QByteArray bytes = file.read(longestRead);
        if (bytes.isEmpty())
            break;
        m_read += bytes.size();
        m_partLine += bytes;
        qsizetype end = 0;
        while ((end = m_partLine.indexOf('\n')) >= 0) {
            m_say(QString::fromUtf8(m_partLine.left(std::min(end, longestLine))));
            m_partLine.remove(0, end + 1);
        }
        if (m_partLine.size() > longestLine)
            m_partLine.truncate(longestLine);
        if (!isLast)
            break;
    }
    if (isLast && !m_partLine.isEmpty())
        m_say(QString::fromUtf8(std::exchange(m_partLine, {})));
}

} // namespace faultline::runs
