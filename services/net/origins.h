// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/net/http_client.h"

#include <optional>

namespace faultline::net {

/// Scheme, host and port agree (the schemes' default ports count).
[[nodiscard]] bool isSameOrigin(const QUrl &a, const QUrl &b);

/// `path` (absolute, encoded, with query) on `origin` with its path prefix; invalid when it can't
/// be one.
[[nodiscard]] QUrl urlOn(const QUrl &origin, const QString &path);

/// The next hop of a redirect, or why it isn't followed.
struct Hop
{
    QUrl url;
    QByteArray method;
    bool keepsSecrets = false; ///< the hop is on the origin of the settings
    bool keepsBody = false;
};

/// Decides on a redirect answer to `method` `from`. Never from https to http; a change (not GET or
/// HEAD) is sent again only by 307 and 308 and only on the same origin.
[[nodiscard]] domain::Result<Hop> nextHop(
    const HttpResponse &response, const QByteArray &method, const QUrl &from, const QUrl &origin);

/// True for 301, 302, 303, 307 and 308 with a Location.
[[nodiscard]] bool isRedirect(const HttpResponse &response);

} // namespace faultline::net
