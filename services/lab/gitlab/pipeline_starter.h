// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

#include <nlohmann/json.hpp>
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
    std::set<std::string> fileVariables; ///< those of `variables` that the job gets as files
    std::map<std::string, nlohmann::json> inputs; ///< of spec:inputs
    std::string payload; ///< body of a trigger request
    std::int64_t schedule = 0;
    std::optional<std::int64_t> bridge; ///< the job whose child this is
    std::vector<std::string> files = { ".gitlab-ci.yml" }; ///< the configuration, merged in order
    std::string sha; ///< in place of the ref's newest commit
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
