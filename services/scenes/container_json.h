// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/stack.h"

#include <nlohmann/json.hpp>

namespace faultline::scenes {

/// A container as `inspect.json` and `scene.json` hold it: what the orchestrator tells of it.
[[nodiscard]] nlohmann::ordered_json containerJson(
    const domain::Container &container, const QString &hostName);

/// Its name without the stack's, fit for a file's name.
[[nodiscard]] QString fileNameOf(const domain::Container &container, const QString &stackName);

/// How a person gets in: container, host, ports, command. One line.
[[nodiscard]] QString wayInto(const domain::Container &container, const QString &hostName);

} // namespace faultline::scenes
