// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/pipeline_schema.h"

namespace faultline::lab {

std::vector<std::string> pipelineMigrations()
{
    return { R"(
CREATE TABLE pipelines (
    id INTEGER PRIMARY KEY AUTOINCREMENT, iid INTEGER NOT NULL, sha TEXT NOT NULL, before_sha TEXT NOT NULL,
    ref TEXT NOT NULL, tag INTEGER NOT NULL, status TEXT NOT NULL, source TEXT NOT NULL, name TEXT NOT NULL,
    yaml_errors TEXT NOT NULL, variables TEXT NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL,
    started INTEGER NOT NULL, finished INTEGER NOT NULL, committed INTEGER NOT NULL, warnings INTEGER NOT NULL);
CREATE INDEX pipelines_updated ON pipelines (updated, id);
CREATE INDEX pipelines_ref ON pipelines (ref, id);
CREATE INDEX pipelines_status ON pipelines (status, id);
CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT, pipeline INTEGER NOT NULL REFERENCES pipelines (id) ON DELETE CASCADE,
    name TEXT NOT NULL, stage TEXT NOT NULL, stage_index INTEGER NOT NULL, status TEXT NOT NULL,
    allow_failure INTEGER NOT NULL, run_when TEXT NOT NULL, tags TEXT NOT NULL, resource_group TEXT NOT NULL,
    interruptible INTEGER NOT NULL, token TEXT NOT NULL, runner INTEGER NOT NULL, created INTEGER NOT NULL,
    queued INTEGER NOT NULL, started INTEGER NOT NULL, finished INTEGER NOT NULL, erased INTEGER NOT NULL,
    heard_of INTEGER NOT NULL, failure_reason TEXT NOT NULL, exit_code INTEGER, retried INTEGER NOT NULL,
    retry_count INTEGER NOT NULL, trace_size INTEGER NOT NULL);
CREATE INDEX jobs_pipeline ON jobs (pipeline, id);
CREATE INDEX jobs_status ON jobs (status, id);
CREATE UNIQUE INDEX jobs_token ON jobs (token);
CREATE TABLE job_specs (job INTEGER PRIMARY KEY REFERENCES jobs (id) ON DELETE CASCADE, spec TEXT NOT NULL);
CREATE TABLE artifacts (
    job INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE, type TEXT NOT NULL, format TEXT NOT NULL,
    file_name TEXT NOT NULL, size INTEGER NOT NULL, expires INTEGER NOT NULL, PRIMARY KEY (job, type));
CREATE TABLE commits (sha TEXT PRIMARY KEY, content TEXT NOT NULL);
CREATE TABLE known_refs (ref TEXT PRIMARY KEY, sha TEXT NOT NULL);
CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL);
)",
        R"(
ALTER TABLE pipelines ADD COLUMN bridge INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pipelines ADD COLUMN schedule INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pipelines ADD COLUMN payload TEXT NOT NULL DEFAULT '';
ALTER TABLE jobs ADD COLUMN kind TEXT NOT NULL DEFAULT '';
ALTER TABLE jobs ADD COLUMN downstream INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN scheduled INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN extra TEXT NOT NULL DEFAULT '';
CREATE INDEX pipelines_schedule ON pipelines (schedule, id);
CREATE INDEX pipelines_sha ON pipelines (sha, id);
CREATE INDEX jobs_runner ON jobs (runner, id);
)",
        R"(
ALTER TABLE pipelines ADD COLUMN on_new_commit TEXT NOT NULL DEFAULT 'conservative';
ALTER TABLE pipelines ADD COLUMN on_job_failure TEXT NOT NULL DEFAULT 'none';
)" };
}

} // namespace faultline::lab
