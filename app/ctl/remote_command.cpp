// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/remote_command.h"

#include "app/ctl/text.h"

namespace faultline::ctl {

RemoteCommand::RemoteCommand(stacks::StackBackend *backend, const domain::ContainerId &id,
    const stacks::TerminalOptions &options)
    : m_owned(backend, [&] { return make(*backend, id, options); })
{
}

std::unique_ptr<stacks::ContainerTerminal> RemoteCommand::make(stacks::StackBackend &backend,
    const domain::ContainerId &id, const stacks::TerminalOptions &options)
{
    using stacks::ContainerTerminal;
    auto terminal = backend.openTerminal(id, options);
    m_terminal = terminal.get();
    if (!m_terminal)
        return terminal;
    const auto post = m_news;
    QObject::connect(m_terminal, &ContainerTerminal::received, m_terminal,
        [post](const QByteArray &bytes) { post->put(bytes); });
    QObject::connect(
        m_terminal, &ContainerTerminal::ended, m_terminal, [post] { post->put(Ended()); });
    QObject::connect(m_terminal, &ContainerTerminal::failed, m_terminal,
        [post](const domain::Error &error) { post->put(error); });
    return terminal;
}

domain::Result<std::unique_ptr<RemoteCommand>> RemoteCommand::open(
    Context &context, const domain::ContainerId &id, const stacks::TerminalOptions &options)
{
    const auto backend = context.connections().stacks();
    if (!backend)
        return domain::failure(backend.error());
    std::unique_ptr<RemoteCommand> out(new RemoteCommand(*backend, id, options));
    if (!out->m_terminal)
        return domain::failure(domain::ErrorKind::Invalid,
            Text::tr("This orchestrator can't run commands in containers."));
    return out;
}

void RemoteCommand::write(const QByteArray &bytes)
{
    QMetaObject::invokeMethod(
        m_terminal, [terminal = m_terminal, bytes] { terminal->write(bytes); },
        Qt::QueuedConnection);
}

void RemoteCommand::resize(int columns, int rows)
{
    QMetaObject::invokeMethod(
        m_terminal, [terminal = m_terminal, columns, rows] { terminal->resize(columns, rows); },
        Qt::QueuedConnection);
}

std::optional<RemoteCommand::News> RemoteCommand::take(
    std::chrono::milliseconds limit, const net::CancelToken &token)
{
    return m_news->take(limit, token);
}

} // namespace faultline::ctl
