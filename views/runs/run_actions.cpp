// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/runs/run_actions.h"

#include <algorithm>

namespace faultline::views {

using domain::Job;
using domain::Pipeline;
using models::RunRow;
using models::Verdict;

RunActions::RunActions(session::Session &session, const models::RunsModel &model, QObject *parent)
    : QObject(parent)
    , m_session(session)
    , m_model(model)
{
}

bool RunActions::canStop(const RunRow &row) const
{
    if (row.kind == RunRow::Kind::Pipeline)
        return !row.pipelineId.isEmpty()
            && row.counts.at(static_cast<size_t>(Verdict::Running))
                + row.counts.at(static_cast<size_t>(Verdict::Queued))
            > 0;
    const Job *job = m_model.job(row.jobId);
    return job && !domain::isComplete(job->status.known())
        && !(job->status == domain::CiStatus::Canceling) && !job->status.isUnknown();
}

bool RunActions::canRetry(const RunRow &row) const
{
    if (row.kind == RunRow::Kind::Pipeline) {
        const int again = row.counts.at(static_cast<size_t>(Verdict::Fail))
            + row.counts.at(static_cast<size_t>(Verdict::Infrastructure))
            + row.counts.at(static_cast<size_t>(Verdict::Cancelled));
        return !row.pipelineId.isEmpty() && again > 0;
    }
    const Job *job = m_model.job(row.jobId);
    return job && domain::isComplete(job->status.known())
        && !(job->status == domain::CiStatus::Skipped);
}

QString RunActions::nameOf(const RunRow &row)
{
    const qint64 number = row.pipelineNumber == 0 ? row.pipelineId.value() : row.pipelineNumber;
    if (row.kind == RunRow::Kind::Pipeline)
        return tr("pipeline #%1").arg(number);
    return tr("%1 (job %2 of pipeline #%3)").arg(row.name).arg(row.jobId.value()).arg(number);
}

template <typename T>
void RunActions::send(
    std::function<net::Call(ci::CiBackend &, domain::Done<T>)> verb, QString notice)
{
    std::erase_if(m_calls, [](const net::Call &call) { return !call.isActive(); });
    m_calls.push_back(m_session.onCi<T>(
        std::move(verb), [this, notice = std::move(notice)](domain::Result<T> answer) {
            m_session.refreshCi();
            if (!answer) {
                Q_EMIT failed(answer.error());
                return;
            }
            if constexpr (std::is_same_v<T, Job>)
                Q_EMIT jobMade(answer->id);
            Q_EMIT done(notice);
        }));
}

void RunActions::stop(const RunRow &row)
{
    const QString notice = tr("Asked the server to stop %1.").arg(nameOf(row));
    if (row.kind == RunRow::Kind::Pipeline)
        send<Pipeline>(
            [id = row.pipelineId](ci::CiBackend &ci, domain::Done<Pipeline> done) {
                return ci.cancelPipeline(id, std::move(done));
            },
            notice);
    else
        send<Job>([id = row.jobId](ci::CiBackend &ci,
                      domain::Done<Job> done) { return ci.cancelJob(id, std::move(done)); },
            notice);
}

void RunActions::retry(const RunRow &row)
{
    const QString notice = tr("Runs again: %1.").arg(nameOf(row));
    if (row.kind == RunRow::Kind::Pipeline)
        send<Pipeline>(
            [id = row.pipelineId](ci::CiBackend &ci, domain::Done<Pipeline> done) {
                return ci.retryPipeline(id, std::move(done));
            },
            notice);
    else
        send<Job>([id = row.jobId](ci::CiBackend &ci,
                      domain::Done<Job> done) { return ci.retryJob(id, std::move(done)); },
            notice);
}

} // namespace faultline::views
