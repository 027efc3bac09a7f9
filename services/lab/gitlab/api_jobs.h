// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/gitlab/api_call.h"
#include "services/lab/gitlab/job_bodies.h"
#include "services/lab/gitlab/paging.h"

namespace faultline::lab {

/// Jobs: the lists of the project and of a pipeline, get, cancel, retry, play, erase, and the job
/// of a job token.
class ApiJobs
{
public:
    explicit ApiJobs(GitLabContext &context);
    void addRoutes(ApiRoutes &routes);

private:
    void listOfProject(const ApiCall &call);
    void listOfPipeline(const ApiCall &call, const std::string &kind);
    void listOfRunner(const ApiCall &call);
    void replyUncounted(const ApiCall &call, const JobFilter &filter, Page page, bool keyset);
    void cancel(const ApiCall &call);
    void erase(const ApiCall &call);
    void keepArtifacts(const ApiCall &call);
    void replyJob(const ApiCall &call, int status, const JobRecord &job);
    void replyList(const ApiCall &call, const std::vector<JobRecord> &jobs, Response response);

    GitLabContext &m_context;
    JobBodies m_bodies;
};

} // namespace faultline::lab
