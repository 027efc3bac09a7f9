// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/pipeline_store.h"

#include "services/lab/gitlab/pipeline_schema.h"
#include "services/lab/gitlab/store_rows.h"

namespace faultline::lab {

namespace {

template <typename T>
T must(Stored<T> stored)
{
    if (!stored)
        throw StoreFailure(stored.error());
    if constexpr (!std::is_void_v<T>)
        return std::move(*stored);
}

// Conditions with their values, in the order of the question marks.
struct Where
{
    std::string sql = " WHERE 1";
    int count = 0;
    std::vector<std::pair<std::string, std::int64_t>> values;

    void text(const char *condition, const std::string &value)
    {
        if (value.empty())
            return;
        sql += std::string(" AND ") + condition + "?" + std::to_string(++count);
        values.emplace_back(value, 0);
    }
    void number(const char *condition, std::int64_t value)
    {
        if (value == 0)
            return;
        sql += std::string(" AND ") + condition + "?" + std::to_string(++count);
        values.emplace_back(std::string(), value);
    }
    void among(const char *column, const std::vector<std::string> &list)
    {
        if (list.empty())
            return;
        sql += std::string(" AND ") + column + " IN (";
        for (std::size_t i = 0; i < list.size(); ++i) {
            sql += (i == 0 ? "?" : ", ?") + std::to_string(++count);
            values.emplace_back(list[i], 0);
        }
        sql += ")";
    }
    void bind(Statement &statement) const
    {
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (values[i].first.empty())
                statement.bind(static_cast<int>(i) + 1, values[i].second);
            else
                statement.bind(static_cast<int>(i) + 1, values[i].first);
        }
    }
};

Where whereOf(const PipelineFilter &filter)
{
    Where where;
    where.text("status = ", filter.status);
    where.text("ref = ", filter.ref);
    where.text("sha = ", filter.sha);
    where.text("source = ", filter.source);
    if (filter.source.empty() && filter.schedule == 0)
        where.sql += " AND source != 'parent_pipeline'";
    if (filter.yamlErrors)
        where.sql += *filter.yamlErrors ? " AND yaml_errors != ''" : " AND yaml_errors = ''";
    where.number("schedule = ", filter.schedule);
    where.text("name = ", filter.name);
    where.number("updated > ", filter.updatedAfter);
    where.number("updated < ", filter.updatedBefore);
    where.number("created > ", filter.createdAfter);
    where.number("created < ", filter.createdBefore);
    if (filter.scope == "running" || filter.scope == "pending")
        where.text("status = ", filter.scope);
    else if (filter.scope == "finished")
        where.sql += " AND status IN ('success', 'failed', 'canceled')";
    else if (filter.scope == "branches" || filter.scope == "tags")
        where.sql += filter.scope == "tags" ? " AND tag = 1" : " AND tag = 0";
    return where;
}

Where whereOf(const JobFilter &filter)
{
    Where where;
    where.sql += filter.kind.empty() ? " AND kind = ''"
        : filter.kind == "bridge"    ? " AND kind = 'bridge'"
                                     : " AND kind = 'status'";
    where.number("pipeline = ", filter.pipeline);
    where.number("runner = ", filter.runner);
    where.number(filter.ascending ? "id > " : "id < ", filter.cursor);
    where.among("status", filter.scopes);
    if (!filter.includeRetried)
        where.sql += " AND retried = 0";
    return where;
}

std::string limitText(Slice slice)
{
    return " LIMIT " + std::to_string(slice.limit) + " OFFSET " + std::to_string(slice.offset);
}

} // namespace

PipelineStore::PipelineStore(const std::filesystem::path &file)
    : m_database(must(Database::open(file, pipelineMigrations())))
{
    must(m_database.run("PRAGMA foreign_keys = ON"));
}

Statement &PipelineStore::prepared(const std::string &sql)
{
    auto found = m_statements.find(sql);
    if (found == m_statements.end())
        found = m_statements.emplace(sql, must(m_database.prepare(sql))).first;
    found->second.reset();
    return found->second;
}

template <typename Record, typename Read>
std::vector<Record> PipelineStore::rows(Statement &statement, Read read)
{
    std::vector<Record> out;
    while (must(statement.step()))
        out.push_back(read(statement));
    return out;
}

Transaction PipelineStore::begin()
{
    return must(Transaction::begin(m_database));
}

void PipelineStore::commit(Transaction &transaction)
{
    must(transaction.commit());
}

void PipelineStore::insert(PipelineRecord &pipeline)
{
    Statement &next = prepared("SELECT COALESCE(MAX(iid), 0) + 1 FROM pipelines");
    must(next.step());
    pipeline.iid = next.integer(0);
    next.reset();
    Statement &insert = prepared(std::string("INSERT INTO pipelines (") + (pipelineColumns + 4)
        + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    bindPipeline(insert, pipeline);
    must(insert.run());
    pipeline.id = m_database.lastInsertId();
    if (onPipelineSaved)
        onPipelineSaved(pipeline);
}

void PipelineStore::insert(JobRecord &job, const std::string &spec)
{
    Statement &insert = prepared(std::string("INSERT INTO jobs (") + (jobColumns + 4)
        + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
          "?)");
    bindJob(insert, job);
    must(insert.run());
    job.id = m_database.lastInsertId();
    must(prepared("INSERT INTO job_specs VALUES (?, ?)").bind(1, job.id).bind(2, spec).run());
    if (onJobSaved)
        onJobSaved(job);
}

void PipelineStore::save(PipelineRecord &pipeline, Milliseconds now)
{
    pipeline.updated = now;
    Statement &update
        = prepared("UPDATE pipelines SET iid = ?, sha = ?, before_sha = ?, ref = ?, "
                   "tag = ?, status = ?, source = ?, "
                   "name = ?, yaml_errors = ?, variables = ?, created = ?, updated = "
                   "?, started = ?, finished = ?, "
                   "committed = ?, warnings = ?, bridge = ?, schedule = ?, payload = ?, "
                   "on_new_commit = ?, on_job_failure = ? WHERE id = ?");
    bindPipeline(update, pipeline);
    must(update.bind(22, pipeline.id).run());
    if (onPipelineSaved)
        onPipelineSaved(pipeline);
}

void PipelineStore::save(const JobRecord &job)
{
    Statement &update = prepared("UPDATE jobs SET pipeline = ?, name = ?, stage = ?, stage_index = "
                                 "?, status = ?, allow_failure = ?, "
                                 "run_when = ?, tags = ?, resource_group = ?, interruptible = ?, "
                                 "token = ?, runner = ?, created = ?, "
                                 "queued = ?, started = ?, finished = ?, erased = ?, heard_of = ?, "
                                 "failure_reason = ?, exit_code = ?, "
                                 "retried = ?, retry_count = ?, trace_size = ?, kind = ?, "
                                 "downstream = ?, scheduled = ?, extra = ? WHERE id = ?");
    bindJob(update, job);
    must(update.bind(28, job.id).run());
    if (onJobChanged)
        onJobChanged(job.id);
    if (onJobSaved)
        onJobSaved(job);
}

void PipelineStore::removePipeline(std::int64_t id)
{
    must(prepared("DELETE FROM pipelines WHERE id = ?").bind(1, id).run());
}

std::optional<PipelineRecord> PipelineStore::pipeline(std::int64_t id)
{
    Statement &select
        = prepared(std::string("SELECT ") + pipelineColumns + " FROM pipelines WHERE id = ?");
    select.bind(1, id);
    auto found = rows<PipelineRecord>(select, readPipeline);
    return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

std::vector<PipelineRecord> PipelineStore::pipelines(const PipelineFilter &filter, Slice slice)
{
    const Where where = whereOf(filter);
    const std::string column = filter.orderBy == "updated_at"   ? "updated"
        : filter.orderBy == "status" || filter.orderBy == "ref" ? filter.orderBy
                                                                : "id";
    const std::string direction = filter.ascending ? " ASC" : " DESC";
    const std::string order
        = " ORDER BY " + column + direction + (column == "id" ? std::string() : ", id" + direction);
    Statement &select = prepared(std::string("SELECT ") + pipelineColumns + " FROM pipelines"
        + where.sql + order + limitText(slice));
    where.bind(select);
    return rows<PipelineRecord>(select, readPipeline);
}

std::int64_t PipelineStore::countPipelines(const PipelineFilter &filter)
{
    const Where where = whereOf(filter);
    Statement &select = prepared("SELECT COUNT(*) FROM pipelines" + where.sql);
    where.bind(select);
    return must(select.step()) ? select.integer(0) : 0;
}

std::vector<std::int64_t> PipelineStore::activePipelines()
{
    Statement &select = prepared("SELECT id FROM pipelines WHERE status NOT IN ('success', "
                                 "'failed', 'canceled', 'skipped') ORDER BY id");
    return rows<std::int64_t>(select, [](const Statement &row) { return row.integer(0); });
}

std::optional<JobRecord> PipelineStore::job(std::int64_t id)
{
    Statement &select = prepared(std::string("SELECT ") + jobColumns + " FROM jobs WHERE id = ?");
    select.bind(1, id);
    auto found = rows<JobRecord>(select, readJob);
    return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

std::optional<JobRecord> PipelineStore::jobByToken(std::string_view token)
{
    Statement &select
        = prepared(std::string("SELECT ") + jobColumns + " FROM jobs WHERE token = ?");
    select.bind(1, token);
    auto found = rows<JobRecord>(select, readJob);
    return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

std::string PipelineStore::spec(std::int64_t job)
{
    Statement &select = prepared("SELECT spec FROM job_specs WHERE job = ?");
    select.bind(1, job);
    auto found = rows<std::string>(select, [](const Statement &row) { return row.text(0); });
    return found.empty() ? std::string() : std::move(found.front());
}

std::vector<JobRecord> PipelineStore::currentJobs(std::int64_t pipeline)
{
    Statement &select = prepared(std::string("SELECT ") + jobColumns
        + " FROM jobs WHERE pipeline = ? AND retried = 0 ORDER BY id");
    select.bind(1, pipeline);
    return rows<JobRecord>(select, readJob);
}

std::vector<JobRecord> PipelineStore::jobs(const JobFilter &filter, Slice slice)
{
    const Where where = whereOf(filter);
    Statement &select = prepared(std::string("SELECT ") + jobColumns + " FROM jobs" + where.sql
        + " ORDER BY id" + (filter.ascending ? "" : " DESC") + limitText(slice));
    where.bind(select);
    return rows<JobRecord>(select, readJob);
}

std::int64_t PipelineStore::countJobs(const JobFilter &filter)
{
    const Where where = whereOf(filter);
    Statement &select = prepared("SELECT COUNT(*) FROM jobs" + where.sql);
    where.bind(select);
    return must(select.step()) ? select.integer(0) : 0;
}

std::vector<JobRecord> PipelineStore::jobsWithStatus(const std::string &status, std::int64_t limit)
{
    Statement &select = prepared(std::string("SELECT ") + jobColumns
        + " FROM jobs WHERE status = ? ORDER BY id" + limitText({ 0, limit }));
    select.bind(1, status);
    return rows<JobRecord>(select, readJob);
}

std::vector<JobRecord> PipelineStore::jobsOfCommit(const std::string &sha)
{
    Statement &select = prepared(std::string("SELECT ") + jobColumns
        + " FROM jobs WHERE pipeline IN (SELECT id FROM pipelines WHERE sha = ?) ORDER BY id");
    select.bind(1, sha);
    return rows<JobRecord>(select, readJob);
}

bool PipelineStore::isGroupHeld(const std::string &resourceGroup)
{
    Statement &select = prepared(
        "SELECT 1 FROM jobs WHERE resource_group = ? AND status IN ('pending', 'running', "
        "'canceling') LIMIT 1");
    select.bind(1, resourceGroup);
    return !rows<int>(select, [](const Statement &) { return 1; }).empty();
}

std::vector<std::string> PipelineStore::resourceGroups()
{
    Statement &select = prepared("SELECT DISTINCT resource_group FROM jobs WHERE resource_group != "
                                 "'' ORDER BY resource_group");
    return rows<std::string>(select, [](const Statement &row) { return row.text(0); });
}

std::vector<JobRecord> PipelineStore::comingJobs(const std::string &resourceGroup)
{
    Statement &select = prepared(std::string("SELECT ") + jobColumns
        + " FROM jobs WHERE status IN ('waiting_for_resource', 'created', 'scheduled') AND "
          "resource_group = ? ORDER BY id LIMIT 1000");
    select.bind(1, resourceGroup);
    return rows<JobRecord>(select, readJob);
}

} // namespace faultline::lab
