// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/gitlab/store_records.h"
#include "services/lab/store/database.h"

namespace faultline::lab {

/// Columns in the order in which the functions below read and bind them; "id" comes first and is
/// never bound.
inline constexpr const char *pipelineColumns
    = "id, iid, sha, before_sha, ref, tag, status, source, name, yaml_errors, "
      "variables, created, updated, started, finished, committed, warnings, "
      "bridge, schedule, payload, on_new_commit, on_job_failure";
inline constexpr const char *jobColumns
    = "id, pipeline, name, stage, stage_index, status, allow_failure, "
      "run_when, tags, resource_group, interruptible, "
      "token, runner, created, queued, started, finished, erased, "
      "heard_of, failure_reason, exit_code, retried, "
      "retry_count, trace_size, kind, downstream, scheduled, extra";

[[nodiscard]] PipelineRecord readPipeline(const Statement &row);
[[nodiscard]] JobRecord readJob(const Statement &row);
/// Binds 1 to 21.
void bindPipeline(Statement &to, const PipelineRecord &pipeline);
/// Binds 1 to 27.
void bindJob(Statement &to, const JobRecord &job);

} // namespace faultline::lab
