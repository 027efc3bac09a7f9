// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/job_queue.h"

#include <algorithm>
#include <utility>

#include "services/lab/gitlab/job_payload.h"
#include "services/lab/gitlab/random_token.h"

namespace faultline::lab {

namespace {

constexpr std::chrono::seconds longestWait(20);
constexpr std::int64_t mostLookedAt = 100;

} // namespace

JobQueue::JobQueue(GitLabContext &context)
    : m_context(context)
{
}

void JobQueue::request(const ApiCall &call)
{
    const std::string token = call.text("token");
    LabRunner *found = m_context.runners.byToken(token);
    if (!found)
        throw ApiFailure::message(403, "403 Forbidden");
    m_context.runners.hear(*found, call.parameters(), m_context.progress.now());
    JobFilter running;
    running.runner = found->id;
    running.scopes = { "running", "canceling" };
    found->busy = m_context.store.countJobs(running) > 0;
    if (give(call, *found))
        return;
    if (call.text("last_update") == std::to_string(m_update))
        m_waiting.push_back({ call, found->id, std::chrono::steady_clock::now() });
    else
        replyNothing(call);
}

bool JobQueue::give(const ApiCall &call, LabRunner &runner)
{
    if (runner.paused)
        return false;
    for (const JobRecord &pending : m_context.store.jobsWithStatus("pending", mostLookedAt)) {
        if (!pending.kind.empty() || !takesTags(runner, pending.tags))
            continue;
        m_context.progress.start(pending, runner.id);
        const auto job = m_context.store.job(pending.id);
        runner.busy = true;
        call.reply(201, jobPayload(m_context, *job, runner));
        return true;
    }
    return false;
}

void JobQueue::assign()
{
    ++m_update;
    // What one runner may not take, the next one may. Those that are served leave the row.
    std::deque<Waiting> waiting = std::exchange(m_waiting, {});
    for (const Waiting &each : waiting) {
        LabRunner *runner = m_context.runners.find(each.runner);
        if (!runner)
            replyNothing(each.call);
        else if (!give(each.call, *runner))
            m_waiting.push_back(each);
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
