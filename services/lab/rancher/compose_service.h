// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/rancher/compose_reader.h"
#include "services/lab/rancher/compose_yaml.h"

namespace faultline::lab {

/// Translates one service of docker-compose into Rancher's field names.
[[nodiscard]] tl::expected<ComposeService, ComposeError> composeService(
    const std::string &name, const YamlTree &service);
/// Applies the service's part of rancher-compose.
[[nodiscard]] tl::expected<void, ComposeError> applyRancherCompose(
    const YamlTree &part, ComposeService &service);

} // namespace faultline::lab
