// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <string>

#include "services/lab/gitlab/api_call.h"

namespace faultline::lab {

/// Hands pending jobs to runners that ask. A runner that has seen that there is nothing (it sends
/// the last update back) is kept waiting until there is, so that jobs start at once without
/// polling. Lab thread.
class JobQueue
{
public:
    explicit JobQueue(GitLabContext &context);

    /// POST /jobs/request.
    void request(const ApiCall &call);
    /// Gives pending jobs to waiting runners. Call it when jobs became pending.
    void assign();
    /// Answers runners that have waited for long. Call it every second.
    void expire();
    /// Answers all waiting runners, with nothing.
    void release();

private:
    struct Waiting
    {
        ApiCall call;
        std::int64_t runner = 0;
        std::chrono::steady_clock::time_point since;
    };

    [[nodiscard]] bool give(const ApiCall &call, LabRunner &runner);
    void replyNothing(const ApiCall &call) const;

    GitLabContext &m_context;
    std::deque<Waiting> m_waiting;
    std::int64_t m_update = 1;
};

} // namespace faultline::lab
