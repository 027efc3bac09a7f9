// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/rancher/json_access.h"

#include <map>
#include <string>
#include <vector>

namespace faultline::lab {

/// What a container is created from.
struct ContainerPlan
{
    std::string name; ///< Docker's name of it
    std::string image; ///< without Rancher's "docker:"
    Json launchConfig; ///< in the API's field names
    std::map<std::string, std::string> labels; ///< beside those of the launchConfig
    std::string network; ///< the stack's; empty: what the launchConfig says, or Docker's default
    std::map<std::string, std::string> networkLabels;
    std::vector<std::string> aliases; ///< DNS names in the network
    std::map<std::string, std::map<std::string, std::string>>
        volumes; ///< named ones to create, with labels
};

/// "docker:repo:tag" without its scheme.
[[nodiscard]] std::string imageName(const std::string &imageUuid);

/// The body of Docker's POST /containers/create. Ports are published on loopback only, whatever was
/// asked.
[[nodiscard]] Json containerBody(const ContainerPlan &plan);

} // namespace faultline::lab
