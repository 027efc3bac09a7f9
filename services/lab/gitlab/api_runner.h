// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/gitlab/api_call.h"
#include "services/lab/gitlab/job_queue.h"

namespace faultline::lab {

/// The runner protocol: jobs/request, jobs/:id, its trace and its artifacts; and the list of
/// runners.
class ApiRunner
{
public:
    ApiRunner(GitLabContext &context, JobQueue &queue);
    void addRoutes(ApiRoutes &routes);

private:
    [[nodiscard]] JobRecord jobOfToken(const ApiCall &call) const;
    void update(const ApiCall &call);
    void appendTrace(const ApiCall &call);
    void uploadArtifacts(const ApiCall &call);
    void downloadArtifacts(const ApiCall &call) const;
    void hear(JobRecord &job);

    GitLabContext &m_context;
    JobQueue &m_queue;
};

} // namespace faultline::lab
