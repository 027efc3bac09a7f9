// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>

#include <tl/expected.hpp>

#include "services/lab/gitlab/gitlab_context.h"

namespace faultline::lab {

/// Who wants a pipeline, and for what.
struct PipelineRequest
{
    std::string source; ///< push, api, trigger, …
    std::string ref; ///< branch or tag, short or full
    std::string beforeSha; ///< of a push
    Variables variables;
    bool keepBroken = false; ///< a push whose file can't be read leaves a failed pipeline
};

/// Makes pipelines of a ref's .gitlab-ci.yml: git and YAML on a worker, the rest on the lab's
/// thread.
class PipelineStarter
{
public:
    /// The pipeline, or the text that GitLab puts into message.base.
    using Done = std::function<void(tl::expected<PipelineRecord, std::string>)>;

    explicit PipelineStarter(GitLabContext &context);

    /// Lab thread; `done` later, on the lab's thread.
    void start(PipelineRequest request, Done done);

private:
    struct Prepared;
    [[nodiscard]] static tl::expected<Prepared, std::string> prepare(
        const GitRepository &repository, const std::string &projectPath,
        const PipelineRequest &request);
    [[nodiscard]] tl::expected<PipelineRecord, std::string> store(
        const PipelineRequest &request, const tl::expected<Prepared, std::string> &prepared);

    GitLabContext &m_context;
};

} // namespace faultline::lab
