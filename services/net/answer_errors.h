// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/net/http_client.h"
#include "services/net/rate_limits.h"

namespace faultline::net {

/// The request as people see it in errors: "GET https://host/path", without query (it may hold
/// secrets).
[[nodiscard]] QString placeOf(const QByteArray &method, const QUrl &url);

/// The error that an answer with an unwelcome status means; `words` are the server's own.
[[nodiscard]] domain::Error errorOfStatus(int status, const RateLimits &limits);

/// The error of an HTML page where JSON was asked for; ErrorKind::Auth when it asks to sign in.
[[nodiscard]] domain::Error errorOfPage(const HttpResponse &response);

/// True for statuses after which the same idempotent request may succeed: 408, 429, 500, 502, 503,
/// 504.
[[nodiscard]] bool isPassing(int status);

} // namespace faultline::net
