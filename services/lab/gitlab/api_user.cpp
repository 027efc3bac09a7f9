// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/api_user.h"

#include "services/lab/gitlab/api_time.h"

namespace faultline::lab {

namespace {

constexpr const char *apiVersion = "18.4.0"; // of the GitLab whose API this follows
constexpr Milliseconds yearOfMilliseconds = 365LL * 24 * 3600 * 1000;

OrderedJson version()
{
    return { { "version", apiVersion }, { "revision", "faultline-lab" } };
}

OrderedJson ownToken()
{
    return { { "id", 1 }, { "name", "lab" }, { "revoked", false },
        { "created_at", "2024-01-01T00:00:00.000Z" }, { "description", nullptr },
        { "scopes", { "api", "read_api", "read_repository", "write_repository" } },
        { "user_id", 1 }, { "last_used_at", timeText(currentTime()) }, { "active", true },
        { "expires_at", timeText(currentTime() + yearOfMilliseconds).substr(0, 10) } };
}

} // namespace

void addUserRoutes(ApiRoutes &routes)
{
    using enum ApiRoutes::Need;
    routes.add(
        "GET", "/user", user, [](const ApiCall &call) { call.reply(200, call.entities().user()); });
    routes.add("GET", "/version", user, [](const ApiCall &call) { call.reply(200, version()); });
    routes.add("GET", "/metadata", user, [](const ApiCall &call) {
        OrderedJson out = version();
        out["kas"] = { { "enabled", false }, { "externalUrl", nullptr }, { "version", nullptr } };
        out["enterprise"] = false;
        call.reply(200, out);
    });
    routes.add("GET", "/personal_access_tokens/self", user,
        [](const ApiCall &call) { call.reply(200, ownToken()); });
}

} // namespace faultline::lab
