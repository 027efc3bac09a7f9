// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/net/http_client.h"

#include <optional>

namespace faultline::net {

/// The address with rel="next" in the answer's Link headers (RFC 8288); empty when there is none.
[[nodiscard]] QByteArray nextLink(const HttpResponse &response);

/// The value of `page` in the query of `path`; nothing when absent or not a number above 0.
[[nodiscard]] std::optional<int> pageNumberIn(const QString &path);

/// `path` with the `page` of its query set to `number`.
[[nodiscard]] QString withPageNumber(const QString &path, int number);

/// True when `path` asks for keyset paging: its pages can be found only one after the other.
[[nodiscard]] bool isKeyset(const QString &path);

} // namespace faultline::net
