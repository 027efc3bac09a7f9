// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "services/lab/gitlab/api_call.h"
#include "services/lab/gitlab/hook_log.h"
#include "services/lab/runner/stop_signal.h"

namespace faultline::lab {

/// Webhooks of the project: their API, and the events of jobs and pipelines that go out. Only to
/// addresses of this machine, unless the lab was told otherwise. A hook that fails four times in a
/// row rests for a minute, then twice as long each time, at most a day; at the 40th it is off for
/// good, until it is changed.
class WebHooks
{
public:
    explicit WebHooks(GitLabContext &context);
    /// Ends a delivery that is on its way.
    ~WebHooks();
    WebHooks(const WebHooks &) = delete;
    WebHooks &operator=(const WebHooks &) = delete;
    void addRoutes(ApiRoutes &routes);

private:
    void load();
    void create(const ApiCall &call);
    void change(const ApiCall &call);
    void apply(const ApiCall &call, OrderedJson &hook) const;
    void test(const ApiCall &call);
    void jobSaved(const JobRecord &job);
    void pipelineSaved(const PipelineRecord &pipeline);
    void send(const char *flag, const char *event, const std::string &body);
    void deliver(const OrderedJson &hook, const std::string &event, const std::string &body,
        std::function<void(const HookDelivery &)> done = {});
    void delivered(const HookDelivery &delivery);
    void listEvents(const ApiCall &call);
    void resend(const ApiCall &call);
    [[nodiscard]] OrderedJson hookJson(const OrderedJson &hook) const;
    [[nodiscard]] bool mayBeCalled(const OrderedJson &hook) const;

    GitLabContext &m_context;
    std::vector<OrderedJson> m_hooks; // of the documents: looked at whenever a job changes
    std::unordered_map<std::int64_t, std::string> m_jobStates; // last told
    std::unordered_map<std::int64_t, std::string> m_pipelineStates;
    HookLog m_log;
    Milliseconds m_resendMinute = 0; // and how often in it
    int m_resends = 0;
    StopSignal m_stop;
    Workers m_delivery{ 1 }; // one after the other: a receiver that hangs holds up nothing else
};

} // namespace faultline::lab
