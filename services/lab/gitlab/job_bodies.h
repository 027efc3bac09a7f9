// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "services/lab/gitlab/api_call.h"

namespace faultline::lab {

/// Writes jobs as JSON. The text of a complete job is kept, but for its pipeline, which may still
/// change: lists of thousands of jobs are mostly such.
class JobBodies
{
public:
    explicit JobBodies(GitLabContext &context);

    [[nodiscard]] std::string one(
        const JobRecord &job, const Entities &entities, const std::string &origin);
    [[nodiscard]] std::string list(
        const std::vector<JobRecord> &jobs, const Entities &entities, const std::string &origin);

private:
    struct Text
    {
        std::string origin;
        std::string before; ///< up to the pipeline's object
        std::string after;
    };
    struct PipelineText
    {
        PipelineRecord record;
        std::string text;
        OrderedJson commit;
    };
    using Pipelines = std::map<std::int64_t, PipelineText>;

    void append(std::string &out, const JobRecord &job, const Entities &entities,
        const std::string &origin, Pipelines &pipelines);
    [[nodiscard]] const PipelineText &pipelineText(
        std::int64_t id, const Entities &entities, Pipelines &pipelines);

    GitLabContext &m_context;
    std::unordered_map<std::int64_t, Text> m_complete;
};

} // namespace faultline::lab
