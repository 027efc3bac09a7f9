// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/net/http_attempt.h"
#include "services/net/http_client.h"
#include "services/net/origins.h"

namespace faultline::net {

/// False when a header would end its line early and so forge others, or has no name.
[[nodiscard]] bool canBeSent(const HttpRequest &request, const QList<Header> &authHeaders);

/// What goes over the wire for one hop: our own User-Agent, `Accept`, gzip unless a range is asked
/// for, and the secrets only where the hop keeps them (facts: rancher.md §0).
[[nodiscard]] HttpAttempt::Wire wireOf(
    const HttpRequest &request, const Hop &hop, const QList<Header> &authHeaders);

} // namespace faultline::net
