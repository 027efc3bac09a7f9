// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/gitlab/api_call.h"

namespace faultline::lab {

/// Links of a release one by one: …/releases/:tag/assets/links.
void addReleaseLinkRoutes(ApiRoutes &routes);

/// What a request says of a link, into the link; throws a 400 in GitLab's form for a type or an
/// address that it would not take.
void applyToLink(const ApiCall &call, const std::string &tag, const nlohmann::json &parameters,
    OrderedJson &link);

} // namespace faultline::lab
