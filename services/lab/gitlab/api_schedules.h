// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/gitlab/api_call.h"
#include "services/lab/gitlab/pipeline_starter.h"

namespace faultline::lab {

/// Pipeline schedules: their API, and the clock that starts them. Runs that were missed while the
/// lab was off are not made up.
class ApiSchedules
{
public:
    ApiSchedules(GitLabContext &context, PipelineStarter &starter);
    void addRoutes(ApiRoutes &routes);

    /// Starts what is due. Call it every second.
    void tick();
    /// Moves what was due while the lab was off to its next time.
    void skipMissed();

private:
    void list(const ApiCall &call);
    void create(const ApiCall &call);
    void change(const ApiCall &call);
    void play(const ApiCall &call);
    void addVariable(const ApiCall &call);
    void changeVariable(const ApiCall &call);
    void removeVariable(const ApiCall &call);
    void apply(const ApiCall &call, OrderedJson &schedule) const;
    void setNext(OrderedJson &schedule) const;
    void run(const OrderedJson &schedule);
    void replyOne(const ApiCall &call, int status, const OrderedJson &schedule) const;

    GitLabContext &m_context;
    PipelineStarter &m_starter;
};

} // namespace faultline::lab
