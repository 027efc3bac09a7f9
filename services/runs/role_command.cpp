// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/role_command.h"

#include "services/net/across_threads.h"
#include "services/runs/checks.h"
#include "services/runs/container_exec.h"
#include "services/runs/pause.h"
#include "services/runs/text.h"

#include <QRandomGenerator>

#include <csignal>
#include <mutex>
#include <utility>

namespace faultline::runs {

using namespace std::chrono_literals;

namespace {

constexpr auto signalLimit = 5s;
constexpr auto lastWords = 3s; // after a kill, for the shell to tell of it
constexpr qsizetype longestLine = 64 << 10;

/// The shell waits for the command in the same process group, which is its own since the terminal
/// gave it a session, and does not die of the SIGTERM that is meant for the command.
constexpr const char *script
    = "trap : TERM; mark=$1; shift; printf '%s group %s\\n' \"$mark\" \"$$\"; \"$@\" </dev/null "
      "2>&1 & "
      "child=$!; wait $child; code=$?; while kill -0 $child 2>/dev/null; do wait $child; code=$?; "
      "done; printf '\\n%s end %s\\n' \"$mark\" \"$code\"";

QStringList wordsOf(const RoleCommand::Start &start, const QByteArray &mark)
{
    QStringList words{ QStringLiteral("/bin/sh"), QStringLiteral("-c"), QString::fromLatin1(script),
        QStringLiteral("sh"), QString::fromLatin1(mark), QStringLiteral("env") };
    for (auto it = start.environment.begin(); it != start.environment.end(); ++it)
        words += it.key() + u'=' + it.value();
    return words + QStringList{ QStringLiteral("/bin/sh"), QStringLiteral("-c"), start.command };
}

} // namespace

/// The socket lives on the backend's thread; what it said is handed over.
struct RoleCommand::Terminal
{
    std::mutex mutex;
    QByteArray bytes;
    QString trouble;
    bool isClosed = false;
    bool isAbandoned = false;
    std::unique_ptr<stacks::ContainerTerminal> socket; // touched on the backend's thread only

    void close(const QString &why)
    {
        const std::lock_guard lock(mutex);
        isClosed = true;
        trouble = why;
        if (socket)
            socket.release()->deleteLater(); // its signal is being handled
    }
};

domain::Result<std::unique_ptr<RoleCommand>> RoleCommand::start(
    stacks::StackBackend &backend, const Start &start)
{
    if (!backend.capabilities().testFlag(stacks::Capability::Exec))
        return domain::failure(domain::ErrorKind::Invalid,
            Text::tr("This orchestrator can't run a command inside a container."));
    std::unique_ptr<RoleCommand> out(new RoleCommand(backend, start));
    if (!out->m_output.open(QIODevice::WriteOnly | QIODevice::Append))
        return domain::failure(domain::ErrorKind::Local,
            Text::tr("Can't write the command's output: %1.").arg(out->m_output.errorString()));
    QMetaObject::invokeMethod(
        &backend,
        [terminal = out->m_terminal, &backend, container = start.container,
            words = wordsOf(start, out->m_mark)] {
            if (terminal->isAbandoned)
                return;
            auto socket = backend.openTerminal(container, { words, true });
            QObject::connect(socket.get(), &stacks::ContainerTerminal::received, socket.get(),
                [terminal](const QByteArray &bytes) {
                    const std::lock_guard lock(terminal->mutex);
                    terminal->bytes += bytes;
                });
            QObject::connect(socket.get(), &stacks::ContainerTerminal::ended, socket.get(),
                [terminal] { terminal->close({}); });
            QObject::connect(socket.get(), &stacks::ContainerTerminal::failed, socket.get(),
                [terminal](const domain::Error &error) { terminal->close(error.text()); });
            const std::lock_guard lock(terminal->mutex);
            terminal->socket = std::move(socket);
        },
        Qt::QueuedConnection);
    return out;
}

RoleCommand::RoleCommand(stacks::StackBackend &backend, const Start &start)
    : m_backend(backend)
    , m_container(start.container)
    , m_mark("__faultline_" + QByteArray::number(QRandomGenerator::system()->generate64(), 16))
    , m_output(start.outputFile)
    , m_terminal(std::make_shared<Terminal>())
{
}

RoleCommand::~RoleCommand()
{
    if (!m_end && !m_isFrozen)
        RoleCommand::kill();
    QMetaObject::invokeMethod(
        &m_backend,
        [terminal = m_terminal] {
            terminal->isAbandoned = true;
            terminal->socket.reset();
        },
        Qt::QueuedConnection);
}

std::optional<ProcessEnd> RoleCommand::poll()
{
    if (m_end)
        return m_end;
    QByteArray bytes;
    QString trouble;
    bool isClosed = false;
    {
        const std::lock_guard lock(m_terminal->mutex);
        bytes = std::exchange(m_terminal->bytes, {});
        isClosed = m_terminal->isClosed;
        trouble = m_terminal->trouble;
    }
    bytes.replace('\r', QByteArray()); // a terminal's line ends
    m_partLine += bytes;
    for (qsizetype end = 0; !m_end && (end = m_partLine.indexOf('\n')) >= 0;) {
        takeLine(m_partLine.left(end));
        m_partLine.remove(0, end + 1);
    }
    if (m_partLine.size() > longestLine)
        put(std::exchange(m_partLine, {}));
    if (!m_end && isClosed && m_isKilled)
        m_end = ProcessEnd{ 0, SIGKILL }; // the shell that could have told was killed, too
    if (!m_end && isClosed) {
        put(Text::tr("[the end of the command was not told: %1]")
                .arg(trouble.isEmpty() ? Text::tr("its container may have ended") : trouble)
                .toUtf8());
        m_end = ProcessEnd{ gaveUpExitCode, 0 };
    }
    m_output.flush();
    return m_end;
}

void RoleCommand::takeLine(const QByteArray &line)
{
    if (line.startsWith(m_mark + " group ")) {
        m_group = line.mid(m_mark.size() + 7).toInt();
        return;
    }
    if (line.startsWith(m_mark + " end ")) {
        constexpr int diedOfSignal = 128; // as a shell reports it
        const int code = line.mid(m_mark.size() + 5).toInt();
        m_end = code > diedOfSignal ? ProcessEnd{ 0, code - diedOfSignal } : ProcessEnd{ code, 0 };
        return;
    }
    if (std::exchange(m_owesEmptyLine, line.isEmpty()))
        put({});
    if (!line.isEmpty())
        put(line);
}

void RoleCommand::put(const QByteArray &line)
{
    m_output.write(line + '\n');
}

bool RoleCommand::signal(const char *name)
{
    const auto deadline = std::chrono::steady_clock::now() + signalLimit;
    while (m_group <= 0 && !poll() && std::chrono::steady_clock::now() < deadline)
        pauseFor(20ms);
    if (m_group <= 0 || m_end)
        return false;
    const QStringList words{ QStringLiteral("/bin/sh"), QStringLiteral("-c"),
        QStringLiteral("kill -%1 -%2").arg(QString::fromLatin1(name)).arg(m_group) };
    const auto end = net::waitFor<ExecEnd>(
        &m_backend,
        [&backend = m_backend, id = m_container, words](
            domain::Done<ExecEnd> done) { return execute(backend, id, words, std::move(done)); },
        signalLimit);
    return end && end->exitCode == 0;
}

void RoleCommand::terminate()
{
    (void)signal("TERM"); // whoever asked waits for the end, and kills
}

ProcessEnd RoleCommand::kill()
{
    if (poll())
        return *m_end;
    m_isKilled = signal("KILL");
    const auto deadline = std::chrono::steady_clock::now() + lastWords;
    while (!poll() && std::chrono::steady_clock::now() < deadline)
        pauseFor(20ms);
    if (!m_end)
        m_end = m_isKilled ? ProcessEnd{ 0, SIGKILL } : ProcessEnd{ gaveUpExitCode, 0 };
    return *m_end;
}

bool RoleCommand::freeze()
{
    m_isFrozen = signal("STOP");
    return m_isFrozen;
}

} // namespace faultline::runs
