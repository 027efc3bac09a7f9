// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include "services/lab/gitlab/gitlab_context.h"
#include "services/lab/http/router.h"

namespace faultline::lab {

/// git clone, fetch and push over HTTP: runs `git http-backend` as CGI. Basic authentication,
/// password = the personal token (any user), or user "gitlab-ci-token" and the token of a running
/// job, which may only read.
class GitHttp
{
public:
    explicit GitHttp(GitLabContext &context);
    void addRoutes(Router &router);

    /// After a push that was taken, on the lab's thread.
    std::function<void()> onPushed;

private:
    enum class Right { none, read, write };
    [[nodiscard]] Right rightOf(const Request &request) const;
    void serve(const Request &request, const Responder &responder);

    GitLabContext &m_context;
};

} // namespace faultline::lab
