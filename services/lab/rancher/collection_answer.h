// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/rancher/api_types.h"

#include <vector>

namespace faultline::lab {

/// Filters, sorts and pages `items` as the query asks and wraps them as Rancher does (facts: limit
/// 100, at most 3000,
/// <= 0 is the most; markers "m100"; unknown filters are ignored).
[[nodiscard]] Json collectionAnswer(const Request &request, const std::string &resourceType,
    const std::vector<std::string> &filters, std::vector<Json> items);

} // namespace faultline::lab
