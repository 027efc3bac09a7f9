// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/rancher/json_access.h"

#include <tl/expected.hpp>

#include <map>
#include <string>
#include <vector>

namespace faultline::lab {

/// Why compose files can't be used: for a person, naming service and key.
struct ComposeError
{
    std::string message;
    std::string key; ///< "services.web.build"; empty for a file that can't be read at all
};

struct ComposeService
{
    std::string name;
    Json launchConfig = Json::object(); ///< in the field names of Rancher's API
    Json metadata = Json::object();
    Json linkedServices = Json::object(); ///< alias -> service
    Json secondaryLaunchConfigs = Json::array(); ///< its sidekicks, each with `name`
    Json waitsFor = Json::array(); ///< services that start before it, beside the linked ones
    Json upgradeStrategy = Json::object(); ///< batchSize, intervalMillis, startFirst
    std::vector<std::string> sidekicks; ///< names of its label io.rancher.sidekicks
    int scale = 1;
    bool startOnCreate = true;
};

/// Reads docker-compose (versions 1 and 2) with rancher-compose beside it, and fills in ${NAME},
/// $NAME,
/// ${NAME:-default}, ${NAME-default} and $$ from `environment`. What is not supported is an error,
/// never ignored. Bounded against hostile files: 1 MiB, 64 levels, 50,000 values with aliases
/// expanded. Services in the order of the file.
[[nodiscard]] tl::expected<std::vector<ComposeService>, ComposeError> readCompose(
    const std::string &dockerCompose, const std::string &rancherCompose,
    const std::map<std::string, std::string> &environment);

} // namespace faultline::lab
