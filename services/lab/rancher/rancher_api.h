// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/rancher/api_types.h"
#include "services/lab/rancher/bearer_tokens.h"

#include <functional>
#include <string>
#include <vector>

namespace faultline::lab {

struct RancherKeys
{
    std::string accessKey;
    std::string secretKey;
};

/// Turns requests below /v2-beta into calls of the types. The project may be named by the path, by
/// the header X-API-Project-Id or by the query; without one the scope is the user's, which reaches
/// the same things. Lab thread.
class RancherApi
{
public:
    explicit RancherApi(RancherKeys keys);

    void add(ApiType type);
    /// Registers everything but the sockets.
    void addRoutes(Router &router);

    /// 401 in Rancher's shape when the keys are wrong or absent.
    [[nodiscard]] std::optional<Response> authRefusal(const Request &request) const;
    /// Told of every request that may have changed something: type, id, verb, body, answer.
    std::function<void(const std::string &type, const std::string &id, const std::string &verb,
        const Json &body, int status, const Json &answer)>
        onChange;
    /// The scope of a request; an error when it names a project that is not ours.
    [[nodiscard]] tl::expected<ApiScope, ApiError> scopeOf(const Request &request) const;

private:
    /// A path below the scope: type, id, link.
    struct Target
    {
        ApiScope scope;
        std::vector<std::string> parts;
    };

    [[nodiscard]] Response respond(const Request &request) const;
    [[nodiscard]] std::optional<Response> fileAnswer(
        const Request &request, const Target &target) const;
    [[nodiscard]] ApiResult answer(const Request &request, const Target &target) const;
    [[nodiscard]] ApiResult answerCollection(
        const Request &request, const Target &target, const ApiType &type) const;
    [[nodiscard]] ApiResult answerResource(const Request &request, const Target &target,
        const ApiType &type, std::int64_t id, const Json &resource) const;
    [[nodiscard]] ApiResult answerSchemas(const Request &request, const Target &target) const;
    [[nodiscard]] ApiResult answerToken(const Request &request, const Target &target) const;
    void tell(const Request &request, const Target &target, int status, const Json &answer) const;
    [[nodiscard]] ApiResult root(const Request &request, const ApiScope &scope) const;
    [[nodiscard]] const ApiType *typeNamed(const std::string &name) const;
    void addHeaders(const Request &request, Response &response) const;

    RancherKeys m_keys;
    mutable BearerTokens m_tokens;
    std::vector<ApiType> m_types;
};

} // namespace faultline::lab
