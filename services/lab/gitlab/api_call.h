// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "services/lab/gitlab/entities.h"
#include "services/lab/gitlab/gitlab_context.h"
#include "services/lab/http/router.h"

namespace faultline::lab {

/// Thrown by handlers, caught where they are called: the request ends with this answer.
struct ApiFailure
{
    int status = 500;
    OrderedJson body;

    /// {"message":"404 Pipeline Not Found"}
    [[nodiscard]] static ApiFailure notFound(const std::string &what);
    /// {"message":"400 Bad request - …"} and the like
    [[nodiscard]] static ApiFailure message(int status, const std::string &text);
    /// {"message":{"base":["…"]}}
    [[nodiscard]] static ApiFailure base(const std::string &text);
    /// {"error":"ref is missing"}
    [[nodiscard]] static ApiFailure parameter(const std::string &text);
};

/// One request to the API on its way: copyable, so that it can wait for a worker.
class ApiCall
{
public:
    enum class Who { nobody, user, job };

    ApiCall(GitLabContext &context, const Request &request, Responder responder);

    [[nodiscard]] const Request &request() const { return *m_request; }
    [[nodiscard]] GitLabContext &context() const { return m_context; }
    [[nodiscard]] Who who() const;
    [[nodiscard]] std::string token() const;
    /// Query and body together; read once.
    [[nodiscard]] const nlohmann::json &parameters() const;
    [[nodiscard]] std::string text(std::string_view key) const;
    [[nodiscard]] Entities entities() const;

    /// The number in a path segment; throws a 404 when it is none.
    [[nodiscard]] std::int64_t pathId(const std::string &name, const std::string &what) const;
    /// The records that the path names; throw a 404 when there are none.
    [[nodiscard]] PipelineRecord pipeline() const;
    /// A job that runners run.
    [[nodiscard]] JobRecord job() const;
    /// Such a job or a bridge.
    [[nodiscard]] JobRecord processable() const;
    /// A segment of the path, "" when the pattern has none of this name.
    [[nodiscard]] std::string segment(const std::string &name) const;
    /// The document of this kind that the segment `name` gives the id of; throws a 404.
    [[nodiscard]] OrderedJson document(const std::string &kind, const std::string &name) const;
    /// The parameter, when the request has it at all.
    [[nodiscard]] std::optional<std::string> given(std::string_view key) const;
    /// As text(), but throws a 400 when it is missing.
    [[nodiscard]] std::string required(std::string_view key) const;

    void reply(int status, const OrderedJson &body) const;
    void reply(Response response) const;
    /// 204, or another status without a body.
    void replyNothing(int status = 204) const;
    void fail(const ApiFailure &failure) const;

    /// Runs `work` on the lab's thread or, with `later`, a worker; whatever is thrown becomes the
    /// answer.
    void guarded(const std::function<void()> &work) const;
    /// Runs `work` on a worker, then what it gives on the lab's thread.
    void inWorker(std::function<std::function<void()>()> work) const;

private:
    GitLabContext &m_context;
    std::shared_ptr<const Request> m_request;
    Responder m_responder;
    mutable std::shared_ptr<nlohmann::json> m_parameters;
};

/// Adds routes below /api/v4 that check who asks before the handler runs.
class ApiRoutes
{
public:
    using Handle = std::function<void(const ApiCall &)>;
    enum class Need { nothing, user, userOrJob };

    ApiRoutes(GitLabContext &context, Router &router);

    /// `pattern` is below /api/v4.
    void add(const std::string &method, const std::string &pattern, Need need, Handle handle,
        RouteOptions options = {});
    /// Below /api/v4/projects/:id, where :id must be the lab's project.
    void addToProject(const std::string &method, const std::string &pattern, Handle handle,
        Need need = Need::user);

private:
    GitLabContext &m_context;
    Router &m_router;
};

} // namespace faultline::lab
