// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/workload_run.h"

#include "services/runs/pause.h"
#include "services/runs/process_group.h"
#include "services/runs/role_command.h"
#include "services/runs/role_exec.h"
#include "services/runs/stack_setup.h"
#include "services/runs/text.h"

#include <QFile>

namespace faultline::runs {

namespace {

constexpr qint64 longestRead = 1 << 20;
constexpr qsizetype longestLine = 16 << 10;

} // namespace

WorkloadRun::WorkloadRun(RunState &state, Say say)
    : m_state(state)
    , m_request(state.request)
    , m_events(state.events)
    , m_say(std::move(say))
    , m_outputFile(m_request.bundle + QStringLiteral("/logs/workload.log"))
    , m_progressFile(progressFile(m_request))
    , m_signs(m_request.caseFile.workload, m_progressFile, m_events)
    , m_page(state)
{
}

WorkloadRun::~WorkloadRun() = default;

WorkloadRun::Started WorkloadRun::startHere() const
{
    ProcessGroup::Start start;
    start.command = QString::fromStdString(m_request.caseFile.workload.command);
    start.folder = m_request.root;
    start.environment = commandEnvironment(m_state);
    for (const auto &[name, value] : m_request.caseFile.workload.environment)
        start.environment.insert(QString::fromStdString(name), QString::fromStdString(value));
    start.outputFile = m_outputFile;
    return ProcessGroup::start(start);
}

WorkloadRun::Started WorkloadRun::startInside() const
{
    RoleCommand::Start start;
    start.container = containerOf(m_state, m_request.caseFile.workload.where);
    if (start.container.value().isEmpty())
        return domain::failure(domain::ErrorKind::NotFound,
            Text::tr("No container of the role \"%1\" runs.")
                .arg(QString::fromStdString(m_request.caseFile.workload.where)));
    start.command = QString::fromStdString(m_request.caseFile.workload.command);
    // Of this machine's own environment nothing belongs there.
    const auto all = commandEnvironment(m_state);
    for (const char *name : { "FAULTLINE_STACK", "FAULTLINE_RUN", "FAULTLINE_CASE",
             "FAULTLINE_SEED", "FAULTLINE_SECONDS" })
        start.environment.insert(QString::fromLatin1(name), all.value(QString::fromLatin1(name)));
    for (const auto &[name, value] : m_request.caseFile.workload.environment)
        start.environment.insert(QString::fromStdString(name), QString::fromStdString(value));
    start.outputFile = m_outputFile;
    return RoleCommand::start(m_state.backend, start);
}

domain::Result<void> WorkloadRun::start()
{
    if (m_process || (m_end && !m_wasStopped))
        return {};
    auto process = isInside() ? startInside() : startHere();
    if (!process)
        return domain::failure(process.error());
    m_process = std::move(*process);
    m_wasStarted = true;
    m_wasStopped = false;
    m_end.reset();
    m_signs.begin(std::chrono::steady_clock::now());
    m_events.write("workload.begin",
        { { "command", m_request.caseFile.workload.command },
            { "where", m_request.caseFile.workload.where } },
        Text::tr("workload started").toStdString());
    return {};
}

bool WorkloadRun::tick()
{
    if (!m_process)
        return false;
    const auto end = m_process->poll();
    takeOutput(end.has_value());
    const auto now = std::chrono::steady_clock::now();
    if (const auto values = m_page.take(now); !values.empty())
        m_signs.measured(values, now);
    if (!end) {
        if (auto silence = m_signs.look(now))
            m_silence = std::move(silence);
        return false;
    }
    ended(*end);
    return true;
}

bool WorkloadRun::freeze()
{
    auto *inside = dynamic_cast<RoleCommand *>(m_process.get());
    if (inside == nullptr || !inside->freeze())
        return false;
    takeOutput(true);
    m_signs.end(std::chrono::steady_clock::now());
    m_events.write("workload.frozen",
        { { "where", m_request.caseFile.workload.where }, { "group", inside->group() } },
        Text::tr("workload frozen in its container; it goes on with: kill -CONT -%1")
            .arg(inside->group())
            .toStdString());
    m_process.reset();
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
    m_signs.end(std::chrono::steady_clock::now());
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
            const QByteArray line = m_partLine.left(std::min(end, longestLine));
            m_signs.heard({ line.constData(), static_cast<std::size_t>(line.size()) },
                std::chrono::steady_clock::now());
            m_say(QString::fromUtf8(line));
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
