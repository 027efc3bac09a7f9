// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/shell_session.h"

#include "app/ctl/local_terminal.h"
#include "app/ctl/remote_command.h"
#include "app/ctl/text.h"

namespace faultline::ctl {

namespace {

constexpr char endOfTransmission = '\x04';

QStringList usualShell()
{
    return { QStringLiteral("/bin/sh"), QStringLiteral("-c"),
        QStringLiteral("export TERM=xterm-256color; command -v bash >/dev/null && exec bash; "
                       "exec /bin/sh") };
}

domain::Result<void> carry(
    Context &context, RemoteCommand &remote, const std::function<void(const QByteArray &)> &shown)
{
    while (context.hasReader()) {
        const auto news = remote.take(context.remaining(), context.token());
        if (context.token().isCancelled())
            return domain::failure(domain::ErrorKind::Cancelled, Text::tr("Cancelled."));
        if (!news)
            return domain::failure(domain::ErrorKind::Timeout,
                Text::tr("The shell was open for as long as --timeout allows."));
        if (const auto *error = std::get_if<domain::Error>(&*news))
            return domain::failure(*error);
        if (std::holds_alternative<RemoteCommand::Ended>(*news))
            break;
        context.write(std::get<QByteArray>(*news));
        if (shown)
            shown(std::get<QByteArray>(*news));
    }
    return {};
}

} // namespace

domain::Result<void> carryShell(Context &context, const domain::ContainerId &container,
    const QStringList &command, const std::function<void(const QByteArray &)> &shown)
{
    auto remote = RemoteCommand::open(
        context, container, { command.isEmpty() ? usualShell() : command, true });
    if (!remote)
        return domain::failure(remote.error());
    RemoteCommand &shell = **remote;
    const LocalTerminal terminal({ [&shell](const QByteArray &bytes) { shell.write(bytes); },
        [&shell] { shell.write(QByteArray(1, endOfTransmission)); },
        [&shell](int columns, int rows) { shell.resize(columns, rows); } });
    return carry(context, shell, shown);
}

} // namespace faultline::ctl
