// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/ci/ci_backend.h"
#include "services/domain/result.h"
#include "services/stacks/stack_backend.h"

namespace faultline::ctl {

/// What a command talks to. All functions are called on the command's worker thread; the backends
/// live on the service thread (reach them with net::waitFor) and stay valid until the connections
/// are destroyed. Nothing is read or opened before a command asks for it.
class Connections
{
public:
    Connections() = default;
    virtual ~Connections() = default;
    Connections(const Connections &) = delete;
    Connections &operator=(const Connections &) = delete;

    /// Reads the configuration and gives its mistakes; having none is no mistake.
    [[nodiscard]] virtual domain::Result<void> check() = 0;
    /// ErrorKind::Invalid when no stack backend is configured; its message says how to configure
    /// one.
    [[nodiscard]] virtual domain::Result<stacks::StackBackend *> stacks() = 0;
    /// ErrorKind::Invalid when no CI is configured.
    [[nodiscard]] virtual domain::Result<ci::CiBackend *> ci() = 0;
    /// The trigger token of the CI's project; empty when there is none.
    [[nodiscard]] virtual domain::Result<QString> triggerToken() = 0;
    /// The workspace's name, for links; may be empty.
    [[nodiscard]] virtual QString workspaceName() { return {}; }
    /// Where the two are, for people; empty when not configured.
    [[nodiscard]] virtual QString stacksUrl() = 0;
    [[nodiscard]] virtual QString ciUrl() = 0;
};

} // namespace faultline::ctl
