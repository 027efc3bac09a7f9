// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/faults/control_stream.h"

#include "services/faults/text.h"
#include "services/stacks/docker_frames.h"

#include <QJsonDocument>

namespace faultline::faults {

using stacks::ContainerTerminal;

/// What has come so far; shared with the terminal's slots, which may run while this is destroyed.
struct ControlStream::Received
{
    net::Mailbox<News> news;
    stacks::DockerFrames frames;
    QByteArray rest; // of a line that is not whole yet

    void add(const QByteArray &bytes)
    {
        constexpr qsizetype longestLine = 256 << 10;
        rest += frames.add(bytes);
        qsizetype end = 0;
        while ((end = rest.indexOf('\n')) >= 0) {
            if (const auto report = parseReport(rest.left(end).trimmed()))
                news.put(*report);
            rest.remove(0, end + 1);
        }
        if (rest.size() > longestLine)
            rest.clear();
    }
};

namespace {

std::unique_ptr<ContainerTerminal> open(
    stacks::StackBackend &backend, const domain::ContainerId &helper)
{
    return backend.openTerminal(
        helper, { { QStringLiteral("faultline-agent"), QStringLiteral("control") }, false });
}

} // namespace

ControlStream::ControlStream(stacks::StackBackend &backend, const domain::ContainerId &helper)
    : m_received(std::make_shared<Received>())
    , m_owned(&backend, [&] {
        auto terminal = open(backend, helper);
        m_terminal = terminal.get();
        if (m_terminal == nullptr)
            return terminal;
        const auto received = m_received;
        QObject::connect(m_terminal, &ContainerTerminal::received, m_terminal,
            [received](const QByteArray &bytes) { received->add(bytes); });
        QObject::connect(m_terminal, &ContainerTerminal::ended, m_terminal,
            [received] { received->news.put(Ended()); });
        QObject::connect(m_terminal, &ContainerTerminal::failed, m_terminal,
            [received](const domain::Error &error) { received->news.put(error); });
        return terminal;
    })
{
    if (m_terminal == nullptr) {
        domain::Error error;
        error.kind = domain::ErrorKind::Invalid;
        error.message = Text::tr("This orchestrator can't run commands in containers.");
        m_received->news.put(error);
    }
}

void ControlStream::send(const QJsonObject &command)
{
    if (m_terminal == nullptr)
        return;
    const QByteArray line = QJsonDocument(command).toJson(QJsonDocument::Compact) + '\n';
    QMetaObject::invokeMethod(
        m_terminal, [terminal = m_terminal, line] { terminal->write(line); }, Qt::QueuedConnection);
}

std::optional<ControlStream::News> ControlStream::take(
    std::chrono::milliseconds limit, const net::CancelToken &token)
{
    return m_received->news.take(limit, token);
}

} // namespace faultline::faults
