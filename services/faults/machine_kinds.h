// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/net/across_threads.h"
#include "services/stacks/stack_backend.h"

namespace faultline::faults {

/// What a host can do of one kind.
struct KindAbility
{
    QString kind;
    bool can = false;
    QString mechanism; ///< how it is done there
    QString reason; ///< why not
};

/// Asks the agent on a host (any with an empty id) for each kind that it carries out; by kind. On a
/// flow thread; takes about a second. Errors: the server's, or Server when the agent gives no
/// answer there, for example because its image is missing.
[[nodiscard]] domain::Result<QList<KindAbility>> askKinds(
    stacks::StackBackend &backend, const domain::HostId &host, const net::CancelToken &token = {});

/// Kinds that the orchestrator's own verbs carry out.
[[nodiscard]] QList<KindAbility> orchestratorKinds();

/// Why `kind` can't be injected, in a sentence; nothing when it can.
[[nodiscard]] std::optional<QString> whyNot(
    const QList<KindAbility> &abilities, const QString &kind);

} // namespace faultline::faults
