// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "services/lab/http/router.h"

namespace faultline::lab {

/// One part of a multipart body; views into it.
struct BodyPart
{
    std::string name;
    std::string fileName; ///< empty: an ordinary field
    std::string_view content;
};

/// The parts of a multipart/form-data body; empty when it is none.
[[nodiscard]] std::vector<BodyPart> bodyParts(const Request &request);

/// All parameters of a request as one JSON object: of the query, of a JSON, urlencoded or multipart
/// body (which wins), with "variables[KEY]=v" as an object and "variables[][key]=a" as a list of
/// objects, as Rack reads them. A JSON body that can't be read counts as none.
[[nodiscard]] nlohmann::json requestParameters(const Request &request);

/// A parameter as text: strings as they are, numbers and booleans written out, "" for all else.
[[nodiscard]] std::string textParameter(const nlohmann::json &parameters, std::string_view key);
/// "true", "1", "t", "yes", "on".
[[nodiscard]] bool flagParameter(const nlohmann::json &parameters, std::string_view key);
/// A list, also when only one value was given; empty when there is none.
[[nodiscard]] std::vector<std::string> listParameter(
    const nlohmann::json &parameters, std::string_view key);

} // namespace faultline::lab
