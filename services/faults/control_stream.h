// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/faults/fault_report.h"
#include "services/net/mailbox.h"
#include "services/net/service_owned.h"
#include "services/stacks/stack_backend.h"

#include <variant>

namespace faultline::faults {

/// The agent of a helper container, spoken to through `faultline-agent control` inside of it; used
/// on a flow thread while the backend's thread runs its event loop. A stream that ends after a
/// renewal makes the agent undo its fault.
class ControlStream
{
public:
    struct Ended
    {
    };
    using News = std::variant<FaultReport, Ended, domain::Error>;

    ControlStream(stacks::StackBackend &backend, const domain::ContainerId &helper);

    /// One command of the protocol: {"renew":30}, {"stop":true}, …
    void send(const QJsonObject &command);
    /// The next report, the end of the stream, or why it could not be opened; nothing within
    /// `limit`.
    [[nodiscard]] std::optional<News> take(
        std::chrono::milliseconds limit, const net::CancelToken &token = {});

private:
    struct Received;

    std::shared_ptr<Received> m_received;
    stacks::ContainerTerminal *m_terminal = nullptr; // touched on the service thread only
    net::ServiceOwned<stacks::ContainerTerminal> m_owned;
};

} // namespace faultline::faults
