// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/rancher/records.h"

#include <string>
#include <vector>

namespace faultline::lab {

/// True for states that an object only passes through ("activating", "stopping", …).
[[nodiscard]] bool isTransitional(const std::string &state);
/// "error" when there is a reason of a failure, else "yes" in a transitional state, else "no".
[[nodiscard]] std::string transitioningOf(const ResourceRecord &record);

/// What may be done with an object in its present state.
[[nodiscard]] std::vector<std::string> stackActions(const StackRecord &stack);
[[nodiscard]] std::vector<std::string> serviceActions(const ServiceRecord &service);
[[nodiscard]] std::vector<std::string> containerActions(const ContainerRecord &container);

/// Health of a service from its containers, of a stack from its services; facts: Rancher 1.6's
/// rules.
[[nodiscard]] std::string serviceHealth(
    const ServiceRecord &service, const std::vector<const ContainerRecord *> &containers);
struct ServiceCondition
{
    std::string state;
    std::string health;
};
[[nodiscard]] std::string stackHealth(const std::vector<ServiceCondition> &services);

} // namespace faultline::lab
