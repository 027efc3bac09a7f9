// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/rancher/api_types.h"
#include "services/lab/rancher/resource_store.h"

#include <string>

namespace faultline::lab {

/// "1st5", "1s12", "1i33".
[[nodiscard]] std::string publicId(Kind kind, std::int64_t id);
/// "1h2".
[[nodiscard]] std::string publicHostId(std::int64_t id);
/// "2026-01-02T03:04:05Z"; null for 0.
[[nodiscard]] Json isoTime(std::int64_t ms);

/// The times and the settled state of what neither begins nor ends with the lab.
void addAge(Json &json, std::int64_t created);

/// What every resource of the API has around its own fields.
[[nodiscard]] Json resourceFrame(const ApiScope &scope, const std::string &type,
    const std::string &plural, const std::string &id, const std::vector<std::string> &links,
    const std::vector<std::string> &actions);

[[nodiscard]] Json stackJson(
    const ApiScope &scope, const ResourceStore &store, const StackRecord &stack);
[[nodiscard]] Json serviceJson(
    const ApiScope &scope, const ResourceStore &store, const ServiceRecord &service);
[[nodiscard]] Json containerJson(
    const ApiScope &scope, const ResourceStore &store, const ContainerRecord &container);
/// Nothing when there is no such resource.
[[nodiscard]] std::optional<Json> resourceJson(
    const ApiScope &scope, const ResourceStore &store, Kind kind, std::int64_t id);

} // namespace faultline::lab
