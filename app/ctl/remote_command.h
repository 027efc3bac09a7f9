// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/context.h"
#include "app/ctl/mailbox.h"
#include "app/ctl/service_owned.h"

#include <optional>
#include <variant>

namespace faultline::ctl {

/// A command in a container as a command's worker thread uses it. Destroying it ends the command's
/// input.
class RemoteCommand
{
public:
    struct Ended
    {
    };
    using News = std::variant<QByteArray, Ended, domain::Error>;

    /// ErrorKind::Invalid when the orchestrator can't do that.
    [[nodiscard]] static domain::Result<std::unique_ptr<RemoteCommand>> open(
        Context &context, const domain::ContainerId &id, const stacks::TerminalOptions &options);

    void write(const QByteArray &bytes);
    void resize(int columns, int rows);
    /// The next piece of output, the end, or the error that ended it; nothing within `limit`.
    [[nodiscard]] std::optional<News> take(
        std::chrono::milliseconds limit, const net::CancelToken &token);

private:
    RemoteCommand(stacks::StackBackend *backend, const domain::ContainerId &id,
        const stacks::TerminalOptions &options);
    std::unique_ptr<stacks::ContainerTerminal> make(stacks::StackBackend &backend,
        const domain::ContainerId &id, const stacks::TerminalOptions &options);

    std::shared_ptr<Mailbox<News>> m_news = std::make_shared<Mailbox<News>>();
    stacks::ContainerTerminal *m_terminal = nullptr; // touched on the service thread only
    ServiceOwned<stacks::ContainerTerminal> m_owned;
};

} // namespace faultline::ctl
