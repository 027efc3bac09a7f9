// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>
#include <QString>

#include <chrono>
#include <optional>

namespace faultline::domain {

/// What the caller can do about a failure; a closed list.
enum class ErrorKind {
    Network, ///< no connection, or it broke: retrying later may help
    Tls, ///< the peer could not be verified: a person must decide
    Auth, ///< 401: sign in again; the same token must not be sent again
    Forbidden, ///< 403: this identity may not do this
    NotFound, ///< 404, or a name that matches nothing
    Conflict, ///< 409/412: somebody else changed it; read again
    RateLimited, ///< 429: wait until `retryAt`
    Invalid, ///< the request, a file or a flag is wrong: change it
    Server, ///< 5xx, or an answer that can't be understood
    Cancelled, ///< a person or the owner of the call ended it
    Timeout, ///< no answer in time
    Local, ///< this machine: disk, permission, missing program
};

/// English name of a kind as it appears in JSON output and logs, e.g. "rateLimited".
[[nodiscard]] QString errorKindName(ErrorKind kind);

/// A failure, told so that a person can act on it. Never holds a secret.
struct Error
{
    ErrorKind kind = ErrorKind::Local;
    QString message; ///< one sentence for a person
    QString where; ///< request ("GET https://host/path"), or file:line:column
    int status = 0; ///< HTTP status, 0 when there was none
    QString serverWords; ///< what the server itself said, at most 4 KiB, may be empty
    bool mayRetry = false; ///< true when the same request may succeed later
    std::optional<QDateTime> retryAt; ///< UTC; set when the server named a time

    friend bool operator==(const Error &, const Error &) = default;

    /// `message (where)` and the server's words on a second line when there are any.
    [[nodiscard]] QString text() const;
};

/// Exit code of a command line program for this error (documented in docs/cli.md).
[[nodiscard]] int exitCodeFor(ErrorKind kind);

} // namespace faultline::domain
