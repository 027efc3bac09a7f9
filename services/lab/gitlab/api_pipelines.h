// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/gitlab/api_call.h"

namespace faultline::lab {

/// Pipelines that are there: lists, one, cancel, retry, delete.
class ApiPipelines
{
public:
    explicit ApiPipelines(GitLabContext &context);
    void addRoutes(ApiRoutes &routes);

private:
    void list(const ApiCall &call) const;
    void replyList(const ApiCall &call, const PipelineFilter &filter, bool mayMatch = true) const;
    void latest(const ApiCall &call) const;
    void remove(const ApiCall &call);

    GitLabContext &m_context;
};

/// Answers with the whole of a pipeline.
void replyPipeline(const ApiCall &call, int status, std::int64_t id);

} // namespace faultline::lab
