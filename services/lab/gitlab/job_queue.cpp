// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/job_queue.h"

#include <algorithm>
#include <utility>

#include "services/lab/gitlab/job_payload.h"
#include "services/lab/gitlab/random_token.h"

namespace faultline::lab {

namespace {

constexpr std::chrono::seconds longestWait(20);

} // namespace

JobQueue::JobQueue(GitLabContext &context)
    : m_context(context)
{
}

void JobQueue::request(const ApiCall &call)
{
    const std::string token = call.text("token");
    const auto found = std::find_if(m_context.runners.begin(), m_context.runners.end(),
        [&](const LabRunner &runner) { return sameSecret(token, runner.token); });
    if (found == m_context.runners.end())
        throw ApiFailure::message(403, "403 Forbidden");
    found->contacted = m_context.progress.now();
    found->busy = false;
    if (give(call, *found))
        return;
    if (call.text("last_update") == std::to_string(m_update))
        m_waiting.push_back({ call, found->id, std::chrono::steady_clock::now() });
    else
        replyNothing(call);
}

bool JobQueue::give(const ApiCall &call, LabRunner &runner)
{
    const std::vector<JobRecord> pending = m_context.store.jobsWithStatus("pending", 1);
    if (pending.empty())
        return false;
    m_context.progress.start(pending.front(), runner.id);
    const auto job = m_context.store.job(pending.front().id);
    runner.busy = true;
    call.reply(201, jobPayload(m_context, *job, runner));
    return true;
}

void JobQueue::assign()
{
    ++m_update;
    while (!m_waiting.empty()) {
        LabRunner *runner = m_context.runner(m_waiting.front().runner);
        if (runner && !give(m_waiting.front().call, *runner))
            return;
        m_waiting.pop_front();
    }
}

void JobQueue::expire()
{
    const auto now = std::chrono::steady_clock::now();
    while (!m_waiting.empty() && now - m_waiting.front().since > longestWait) {
        const ApiCall call = m_waiting.front().call;
        m_waiting.pop_front();
        replyNothing(call);
    }
}

void JobQueue::release()
{
    for (const Waiting &waiting : std::exchange(m_waiting, {}))
        replyNothing(waiting.call);
}

void JobQueue::replyNothing(const ApiCall &call) const
{
    Response response;
    response.status = 204;
    response.headers.emplace_back("X-GitLab-Last-Update", std::to_string(m_update));
    call.reply(std::move(response));
}

} // namespace faultline::lab
