// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "services/lab/gitlab/api_time.h"
#include "services/lab/gitlab/document_store.h"
#include "services/lab/gitlab/git_repository.h"
#include "services/lab/gitlab/gitlab_side.h"
#include "services/lab/gitlab/pipeline_progress.h"
#include "services/lab/gitlab/pipeline_store.h"
#include "services/lab/gitlab/rate_limit.h"
#include "services/lab/gitlab/runner_registry.h"
#include "services/lab/gitlab/trace_store.h"
#include "services/lab/http/http_server.h"
#include "services/lab/http/workers.h"

namespace faultline::lab {

/// What the parts of the GitLab side share. Everything but `repository` is for the lab's thread.
struct GitLabContext
{
    GitLabContext(GitLabSide::Options givenOptions, Server &givenServer, Workers &givenWorkers)
        : options(std::move(givenOptions))
        , server(givenServer)
        , workers(givenWorkers)
        , repository(options.stateDirectory / "repositories" / (options.projectPath + ".git"))
        , store(options.stateDirectory / "gitlab.db")
        , rateLimit(options.requestsPerMinute)
        , documents(options.stateDirectory / "documents.db")
        , runners(documents)
        , progress(store, clock)
        , traces(options.stateDirectory / "traces")
    {
    }

    GitLabSide::Options options;
    Server &server;
    Workers &workers;
    GitRepository repository;
    PipelineProgress::Clock clock = currentTime;
    PipelineStore store;
    RateLimit rateLimit;
    DocumentStore documents;
    RunnerRegistry runners;
    PipelineProgress progress;
    TraceStore traces;
    std::string url; ///< the lab's own origin

    /// "<state>/artifacts/<job>/<type>"
    [[nodiscard]] std::filesystem::path artifactFile(
        std::int64_t job, const std::string &type) const
    {
        return options.stateDirectory / "artifacts" / std::to_string(job) / type;
    }
    [[nodiscard]] std::filesystem::path artifactFolder(std::int64_t job) const
    {
        return options.stateDirectory / "artifacts" / std::to_string(job);
    }
};

} // namespace faultline::lab
