// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/error.h"

#include <tl/expected.hpp>

#include <functional>
#include <utility>

namespace faultline::domain {

/// A value or the reason why there is none. Errors are returned or shown, never only logged.
template <typename T>
using Result = tl::expected<T, Error>;

/// The receiver of a one-shot operation's end; see net::Call for when it runs.
template <typename T>
using Done = std::function<void(Result<T>)>;

[[nodiscard]] inline tl::unexpected<Error> failure(Error error)
{
    return tl::unexpected<Error>(std::move(error));
}

[[nodiscard]] inline tl::unexpected<Error> failure(ErrorKind kind, QString message, QString where = {})
{
    Error error;
    error.kind = kind;
    error.message = std::move(message);
    error.where = std::move(where);
    return tl::unexpected<Error>(std::move(error));
}

} // namespace faultline::domain
