// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace faultline::lab {

/// Milliseconds since 1970, UTC; 0 = not yet.
using Milliseconds = std::int64_t;

struct PipelineRecord
{
    std::int64_t id = 0;
    std::int64_t iid = 0;
    std::string sha;
    std::string beforeSha;
    std::string ref;
    bool tag = false;
    std::string status = "created";
    std::string source;
    std::string name;
    std::string yamlErrors;
    std::string variables = "[]"; ///< JSON, as the API shows them
    Milliseconds created = 0;
    Milliseconds updated = 0;
    Milliseconds started = 0;
    Milliseconds finished = 0;
    Milliseconds committed = 0;
    bool withWarnings = false; ///< success, though a job that may fail did
    std::int64_t bridge = 0; ///< the job that started it as its child; 0 = none
    std::int64_t schedule = 0; ///< the schedule that started it; 0 = none
    std::string payload; ///< body of the trigger request, for TRIGGER_PAYLOAD
    std::string onNewCommit = "conservative"; ///< workflow:auto_cancel; interruptible, none
    std::string onJobFailure = "none"; ///< workflow:auto_cancel; all
};

struct JobRecord
{
    std::int64_t id = 0;
    std::int64_t pipeline = 0;
    std::string name;
    std::string stage;
    int stageIndex = 0;
    std::string status = "created";
    bool allowFailure = false;
    std::string when;
    std::string tags = "[]"; ///< JSON
    std::string resourceGroup;
    bool interruptible = false;
    std::string token;
    std::int64_t runner = 0; ///< 0 = none yet
    Milliseconds created = 0;
    Milliseconds queued = 0; ///< since when it is pending
    Milliseconds started = 0;
    Milliseconds finished = 0;
    Milliseconds erased = 0;
    Milliseconds heardOf = 0; ///< last word of its runner
    std::string failureReason;
    std::optional<int> exitCode;
    bool retried = false; ///< a newer job of the same name replaces it
    int retryCount = 0;
    std::int64_t traceSize = 0; ///< bytes, once the log is complete
    std::string
        kind; ///< "" = run by a runner, "bridge" = starts a pipeline, "status" = told by others
    std::int64_t downstream = 0; ///< the pipeline that a bridge started; 0 = none
    Milliseconds scheduled = 0; ///< when a delayed job starts
    std::string extra; ///< JSON of a status: target_url, description, coverage
};

struct ArtifactRecord
{
    std::int64_t job = 0;
    std::string type; ///< archive, junit
    std::string format; ///< zip, gzip
    std::string fileName;
    std::int64_t size = 0;
    Milliseconds expires = 0; ///< 0 = never
};

struct CommitRecord
{
    std::string sha;
    std::vector<std::string> parents;
    std::string authorName;
    std::string authorEmail;
    std::string authored; ///< ISO 8601 with offset
    std::string committerName;
    std::string committerEmail;
    std::string committed;
    std::string title;
    std::string message;
};

[[nodiscard]] inline bool isComplete(const std::string &status)
{
    return status == "success" || status == "failed" || status == "canceled" || status == "skipped";
}

} // namespace faultline::lab
