// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/gitlab/api_call.h"
#include "services/lab/gitlab/pipeline_starter.h"

namespace faultline::lab {

/// Pipelines: list, get, latest, create, trigger, cancel, retry, delete, variables.
class ApiPipelines
{
public:
    ApiPipelines(GitLabContext &context, PipelineStarter &starter);
    void addRoutes(ApiRoutes &routes);

private:
    void list(const ApiCall &call) const;
    void latest(const ApiCall &call) const;
    void create(const ApiCall &call);
    void trigger(const ApiCall &call);
    void remove(const ApiCall &call);
    void replyPipeline(const ApiCall &call, int status, std::int64_t id) const;
    void start(const ApiCall &call, PipelineRequest request);

    GitLabContext &m_context;
    PipelineStarter &m_starter;
};

} // namespace faultline::lab
