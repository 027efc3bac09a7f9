// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "services/lab/gitlab/store_records.h"
#include "services/lab/store/database.h"

namespace faultline::lab {

/// Thrown when SQLite fails (disk full, file broken). The routes turn it into a 500, start() into
/// its error.
struct StoreFailure : std::runtime_error
{
    using std::runtime_error::runtime_error;
};

struct PipelineFilter
{
    std::string status;
    std::string scope; ///< running, pending, finished, branches, tags
    std::string ref;
    std::string sha;
    std::string source; ///< empty: any but those of child pipelines
    std::string name;
    std::optional<bool> yamlErrors;
    std::int64_t schedule = 0; ///< only those of this schedule
    Milliseconds updatedAfter = 0;
    Milliseconds updatedBefore = 0;
    Milliseconds createdAfter = 0;
    Milliseconds createdBefore = 0;
    std::string orderBy = "id"; ///< id, status, ref, updated_at
    bool ascending = false;
};

/// Which jobs of the project.
struct JobFilter
{
    std::vector<std::string> scopes; ///< statuses, empty = any
    std::string kind; ///< as JobRecord::kind
    std::int64_t pipeline = 0; ///< 0 = any
    std::int64_t runner = 0; ///< 0 = any
    bool includeRetried = true;
    std::int64_t cursor = 0; ///< ids below (or above, when ascending); 0 = all
    bool ascending = false;
};

struct Slice
{
    std::int64_t offset = 0;
    std::int64_t limit = 20;
};

/// Pipelines, jobs, artifacts and commits in SQLite. Lab thread. Every function may throw
/// StoreFailure.
class PipelineStore
{
public:
    explicit PipelineStore(const std::filesystem::path &file);

    /// Fills in the id (and the iid); tokens are the caller's.
    void insert(PipelineRecord &pipeline);
    void insert(JobRecord &job, const std::string &spec);
    /// Marks a pipeline as changed now, too.
    void save(PipelineRecord &pipeline, Milliseconds now);
    void save(const JobRecord &job);
    void removePipeline(std::int64_t id);

    [[nodiscard]] std::optional<PipelineRecord> pipeline(std::int64_t id);
    [[nodiscard]] std::vector<PipelineRecord> pipelines(const PipelineFilter &filter, Slice slice);
    [[nodiscard]] std::int64_t countPipelines(const PipelineFilter &filter);
    [[nodiscard]] std::vector<std::int64_t> activePipelines();

    [[nodiscard]] std::optional<JobRecord> job(std::int64_t id);
    [[nodiscard]] std::optional<JobRecord> jobByToken(std::string_view token);
    [[nodiscard]] std::string spec(std::int64_t job);
    void saveSpec(std::int64_t job, const std::string &spec);
    /// Of one pipeline, oldest first, without those that were retried.
    [[nodiscard]] std::vector<JobRecord> currentJobs(std::int64_t pipeline);
    /// By id.
    [[nodiscard]] std::vector<JobRecord> jobs(const JobFilter &filter, Slice slice);
    [[nodiscard]] std::int64_t countJobs(const JobFilter &filter);
    /// Of any kind, oldest first.
    [[nodiscard]] std::vector<JobRecord> jobsWithStatus(
        const std::string &status, std::int64_t limit);
    /// Those of the pipelines of one commit, of any kind, oldest first.
    [[nodiscard]] std::vector<JobRecord> jobsOfCommit(const std::string &sha);
    [[nodiscard]] bool isGroupHeld(const std::string &resourceGroup);
    /// Every key that a job has named.
    [[nodiscard]] std::vector<std::string> resourceGroups();
    /// Of a group, those that wait for it or may come to that: oldest first, at most 1000.
    [[nodiscard]] std::vector<JobRecord> comingJobs(const std::string &resourceGroup);

    void saveArtifact(const ArtifactRecord &artifact);
    [[nodiscard]] std::vector<ArtifactRecord> artifacts(std::int64_t job);
    /// Of the jobs with ids from `first` to `last`, by job.
    [[nodiscard]] std::vector<ArtifactRecord> artifactsBetween(
        std::int64_t first, std::int64_t last);
    /// Those whose time has come, at most `limit`.
    [[nodiscard]] std::vector<ArtifactRecord> expiredArtifacts(
        Milliseconds now, std::int64_t limit);
    void removeArtifact(std::int64_t job, const std::string &type);
    void removeArtifacts(std::int64_t job);

    void saveCommit(const CommitRecord &commit);
    [[nodiscard]] std::optional<CommitRecord> commit(const std::string &sha);

    /// The refs that pipelines were last made for.
    [[nodiscard]] std::map<std::string, std::string> knownRefs();
    void saveKnownRefs(const std::map<std::string, std::string> &refs);
    [[nodiscard]] bool hasSetting(const std::string &key);
    void saveSetting(const std::string &key, const std::string &value);

    [[nodiscard]] Transaction begin();
    static void commit(Transaction &transaction);

    /// Called after a job or its artifacts changed, so that a written form of it can be dropped.
    std::function<void(std::int64_t job)> onJobChanged;
    /// Called after a job or pipeline was made or saved.
    std::function<void(const JobRecord &job)> onJobSaved;
    std::function<void(const PipelineRecord &pipeline)> onPipelineSaved;

private:
    Statement &prepared(const std::string &sql);
    template <typename Record, typename Read>
    std::vector<Record> rows(Statement &statement, Read read);

    Database m_database;
    std::map<std::string, Statement, std::less<>> m_statements;
};

} // namespace faultline::lab
