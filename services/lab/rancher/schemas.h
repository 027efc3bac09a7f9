// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/rancher/api_types.h"

#include <vector>

namespace faultline::lab {

/// One entry per type that this scope may use, made from what the types can do.
[[nodiscard]] std::vector<Json> schemaList(
    const ApiScope &scope, const std::vector<ApiType> &types);

} // namespace faultline::lab
