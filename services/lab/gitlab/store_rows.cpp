// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/store_rows.h"

namespace faultline::lab {

PipelineRecord readPipeline(const Statement &row)
{
    PipelineRecord p;
    p.id = row.integer(0);
    p.iid = row.integer(1);
    p.sha = row.text(2);
    p.beforeSha = row.text(3);
    p.ref = row.text(4);
    p.tag = row.integer(5) != 0;
    p.status = row.text(6);
    p.source = row.text(7);
    p.name = row.text(8);
    p.yamlErrors = row.text(9);
    p.variables = row.text(10);
    p.created = row.integer(11);
    p.updated = row.integer(12);
    p.started = row.integer(13);
    p.finished = row.integer(14);
    p.committed = row.integer(15);
    p.withWarnings = row.integer(16) != 0;
    p.bridge = row.integer(17);
    p.schedule = row.integer(18);
    p.payload = row.text(19);
    p.onNewCommit = row.text(20);
    p.onJobFailure = row.text(21);
    return p;
}

JobRecord readJob(const Statement &row)
{
    JobRecord j;
    j.id = row.integer(0);
    j.pipeline = row.integer(1);
    j.name = row.text(2);
    j.stage = row.text(3);
    j.stageIndex = static_cast<int>(row.integer(4));
    j.status = row.text(5);
    j.allowFailure = row.integer(6) != 0;
    j.when = row.text(7);
    j.tags = row.text(8);
    j.resourceGroup = row.text(9);
    j.interruptible = row.integer(10) != 0;
    j.token = row.text(11);
    j.runner = row.integer(12);
    j.created = row.integer(13);
    j.queued = row.integer(14);
    j.started = row.integer(15);
    j.finished = row.integer(16);
    j.erased = row.integer(17);
    j.heardOf = row.integer(18);
    j.failureReason = row.text(19);
    if (!row.isNull(20))
        j.exitCode = static_cast<int>(row.integer(20));
    j.retried = row.integer(21) != 0;
    j.retryCount = static_cast<int>(row.integer(22));
    j.traceSize = row.integer(23);
    j.kind = row.text(24);
    j.downstream = row.integer(25);
    j.scheduled = row.integer(26);
    j.extra = row.text(27);
    return j;
}

void bindPipeline(Statement &to, const PipelineRecord &p)
{
    to.bind(1, p.iid)
        .bind(2, p.sha)
        .bind(3, p.beforeSha)
        .bind(4, p.ref)
        .bind(5, std::int64_t(p.tag))
        .bind(6, p.status)
        .bind(7, p.source)
        .bind(8, p.name)
        .bind(9, p.yamlErrors)
        .bind(10, p.variables)
        .bind(11, p.created)
        .bind(12, p.updated)
        .bind(13, p.started)
        .bind(14, p.finished)
        .bind(15, p.committed)
        .bind(16, std::int64_t(p.withWarnings))
        .bind(17, p.bridge)
        .bind(18, p.schedule)
        .bind(19, p.payload)
        .bind(20, p.onNewCommit)
        .bind(21, p.onJobFailure);
}

void bindJob(Statement &to, const JobRecord &j)
{
    to.bind(1, j.pipeline)
        .bind(2, j.name)
        .bind(3, j.stage)
        .bind(4, std::int64_t(j.stageIndex))
        .bind(5, j.status)
        .bind(6, std::int64_t(j.allowFailure))
        .bind(7, j.when)
        .bind(8, j.tags)
        .bind(9, j.resourceGroup)
        .bind(10, std::int64_t(j.interruptible))
        .bind(11, j.token)
        .bind(12, j.runner)
        .bind(13, j.created)
        .bind(14, j.queued)
        .bind(15, j.started)
        .bind(16, j.finished)
        .bind(17, j.erased)
        .bind(18, j.heardOf)
        .bind(19, j.failureReason)
        .bind(21, std::int64_t(j.retried))
        .bind(22, std::int64_t(j.retryCount))
        .bind(23, j.traceSize)
        .bind(24, j.kind)
        .bind(25, j.downstream)
        .bind(26, j.scheduled)
        .bind(27, j.extra);
    if (j.exitCode)
        to.bind(20, std::int64_t(*j.exitCode));
    else
        to.bindNull(20);
}

} // namespace faultline::lab
