// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/net/web_socket.h"
#include "services/stacks/rancher/rancher_client.h"

namespace faultline::stacks::rancher {

/// The path of a host's socket on our origin, from the answer to the action that grants it
/// ({"url", "token"}); the token stands in the query: the agent reads it from there only, whatever
/// the documentation says (facts: rancher.md §5.2). `where` is for errors.
[[nodiscard]] domain::Result<QString> socketPathIn(
    const domain::Result<QByteArray> &answer, const RancherClient &client, const QString &where);

/// The failure of such a socket for people. `where` says what it was for; the address is left out
/// because it holds the token. A refused handshake (401) is said to be about the socket's own
/// token, which lives for five minutes, and may be tried again: each opening asks for a fresh one.
[[nodiscard]] domain::Error errorOfAccess(domain::Error error, const QString &where);

} // namespace faultline::stacks::rancher
