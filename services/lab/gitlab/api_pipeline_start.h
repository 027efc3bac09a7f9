// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/gitlab/api_call.h"
#include "services/lab/gitlab/pipeline_starter.h"

namespace faultline::lab {

/// Pipelines that are asked for: by users (POST …/pipeline) and by trigger tokens.
class ApiPipelineStart
{
public:
    ApiPipelineStart(GitLabContext &context, PipelineStarter &starter);
    void addRoutes(ApiRoutes &routes);

private:
    void create(const ApiCall &call);
    void trigger(const ApiCall &call);
    [[nodiscard]] std::string sourceOfToken(const std::string &token);
    void start(const ApiCall &call, PipelineRequest request);

    GitLabContext &m_context;
    PipelineStarter &m_starter;
};

} // namespace faultline::lab
