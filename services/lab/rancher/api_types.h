// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/http/router.h"
#include "services/lab/rancher/json_access.h"

#include <tl/expected.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace faultline::lab {

/// The only project of the lab.
inline constexpr const char *projectId = "1a5";

/// An error in Rancher's words.
struct ApiError
{
    int status = 500;
    std::string code; ///< "ActionNotAvailable", …
    std::string message; ///< the code when empty
    std::string fieldName; ///< of validation errors
};

struct ApiAnswer
{
    int status = 200;
    Json body;
};
using ApiResult = tl::expected<ApiAnswer, ApiError>;

[[nodiscard]] inline tl::unexpected<ApiError> refused(
    int status, std::string code, std::string message = {}, std::string fieldName = {})
{
    return tl::make_unexpected(
        ApiError{ status, std::move(code), std::move(message), std::move(fieldName) });
}

/// Where links begin: "http://127.0.0.1:7480/v2-beta/projects/1a5", or without the project in user
/// scope.
struct ApiScope
{
    std::string origin;
    std::string base;
    bool inProject = false;
};

/// One type of the API: what may be done with it. Absent functions mean 405.
struct ApiType
{
    std::string singular;
    std::string plural;
    std::vector<std::string> filters; ///< fields that lists can be filtered and sorted by
    /// All that exist, by id; those that are gone are left out.
    std::function<std::vector<Json>(const ApiScope &)> list;
    std::function<std::optional<Json>(const ApiScope &, std::int64_t id)> byId;
    std::function<ApiResult(const ApiScope &, const Json &body)> create;
    std::function<ApiResult(const ApiScope &, std::int64_t id, const Json &body)> update;
    std::function<ApiResult(const ApiScope &, std::int64_t id)> remove;
    using Action = std::function<ApiResult(const ApiScope &, std::int64_t id, const Json &body)>;
    std::map<std::string, Action> actions;
    /// Links that give a list of another type, for GET …/id/link.
    struct Link
    {
        std::string type;
        std::function<std::vector<Json>(const ApiScope &, std::int64_t id)> list;
    };
    std::map<std::string, Link> links;
    /// Links that give one object, for GET …/id/link.
    using View = std::function<ApiResult(const ApiScope &, std::int64_t id)>;
    std::map<std::string, View> views;
    /// Links that give a file, for GET …/id/link.
    using File = std::function<Response(const ApiScope &, std::int64_t id)>;
    std::map<std::string, File> files;
    Json schema = Json::object(); ///< resourceFields and resourceActions
};

/// A socket to open: its address at this origin, and a token for it.
[[nodiscard]] Json hostAccess(const ApiScope &scope, const std::string &type,
    const std::string &path, const std::string &token);

/// The number of "1st5": 5. Letters are not looked at, as in Rancher; nothing when it is no id at
/// all.
[[nodiscard]] std::optional<std::int64_t> parsedId(const std::string &text);

/// Rancher's error body.
[[nodiscard]] Response errorAnswer(const ApiError &error);
[[nodiscard]] ApiError errorForStatus(int status);

} // namespace faultline::lab
