// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <vector>

#include "services/lab/gitlab/api_call.h"

namespace faultline::lab {

/// Writes jobs and bridges as JSON text. Straight into the text, and with one question to the
/// database for the artifacts of a whole page: lists of thousands of jobs are what clients ask for
/// most.
class JobBodies
{
public:
    explicit JobBodies(GitLabContext &context);

    [[nodiscard]] std::string one(const JobRecord &job, const Entities &entities) const;
    [[nodiscard]] std::string list(
        const std::vector<JobRecord> &jobs, const Entities &entities) const;

private:
    struct PipelineText
    {
        PipelineRecord record;
        std::string basic;
        std::string commit;
    };
    struct Page; // what the jobs of one answer share

    void append(Page &page, const JobRecord &job) const;
    void appendBasic(Page &page, const JobRecord &job, const PipelineText &pipeline) const;
    void appendArtifacts(Page &page, const JobRecord &job) const;
    void appendRunner(Page &page, const JobRecord &job) const;
    void appendDownstream(Page &page, const JobRecord &bridge) const;
    [[nodiscard]] const PipelineText &pipelineText(Page &page, std::int64_t id) const;

    GitLabContext &m_context;
};

} // namespace faultline::lab
