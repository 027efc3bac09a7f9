// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/schedule_entities.h"

#include "services/lab/gitlab/api_time.h"

namespace faultline::lab {

OrderedJson scheduleJson(const OrderedJson &d, const Entities &entities)
{
    const auto time = [&d](const char *key) {
        const Milliseconds value = d.value(key, Milliseconds(0));
        return value == 0 ? OrderedJson(nullptr) : OrderedJson(timeText(value));
    };
    return { { "id", d.at("id") }, { "description", d.at("description") }, { "ref", d.at("ref") },
        { "cron", d.at("cron") }, { "cron_timezone", d.at("zone") },
        { "next_run_at", time("next") }, { "active", d.at("active") },
        { "created_at", time("created") }, { "updated_at", time("updated") },
        { "owner", entities.userBasic() },
        { "inputs", d.value("inputs", OrderedJson(OrderedJson::array())) } };
}

OrderedJson scheduleDetailsJson(
    const OrderedJson &d, const Entities &entities, const std::optional<PipelineRecord> &last)
{
    OrderedJson out = scheduleJson(d, entities);
    out["last_pipeline"] = last ? entities.pipelineBasic(*last) : OrderedJson(nullptr);
    out["variables"] = d.value("variables", OrderedJson(OrderedJson::array()));
    return out;
}

} // namespace faultline::lab
