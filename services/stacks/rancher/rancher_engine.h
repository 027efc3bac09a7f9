// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/stacks/engine_access.h"
#include "services/stacks/rancher/rancher_client.h"

namespace faultline::stacks::rancher {

/// Asks a host's Docker Engine through Rancher's action `dockersocket`, a socket that carries the
/// bytes of one connection to it (facts: rancher.md §5.6). HTTP/1.0, so that the answer ends with
/// the connection and comes in one piece.
[[nodiscard]] net::Call askEngine(std::shared_ptr<RancherClient> client, const domain::HostId &host,
    const EngineRequest &request, domain::Done<EngineAnswer> done);

/// Reads an answer that is complete; status 0 when it is none.
[[nodiscard]] EngineAnswer parseEngineAnswer(const QByteArray &bytes);

} // namespace faultline::stacks::rancher
