// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/runner_entities.h"

#include "services/lab/gitlab/api_time.h"

namespace faultline::lab {

namespace {

using Json = nlohmann::ordered_json;

constexpr Milliseconds hour = 3'600'000;

Json timeOrNull(Milliseconds time)
{
    return time == 0 ? Json(nullptr) : Json(timeText(time));
}

Json textOrNull(const std::string &text)
{
    return text.empty() ? Json(nullptr) : Json(text);
}

} // namespace

const char *runnerStatus(Milliseconds contacted, Milliseconds now)
{
    if (contacted == 0)
        return "never_contacted";
    const Milliseconds silence = now - contacted;
    return silence < 2 * hour ? "online" : silence > 7 * 24 * hour ? "stale" : "offline";
}

Json runnerJson(const LabRunner &r, Milliseconds now)
{
    const std::string status = runnerStatus(r.contacted, now);
    return { { "id", r.id }, { "description", r.description }, { "ip_address", "127.0.0.1" },
        { "active", !r.paused }, { "paused", r.paused }, { "is_shared", false },
        { "runner_type", r.type }, { "name", r.slot != 0 ? Json("faultline-lab") : Json(nullptr) },
        { "online", status == "online" }, { "created_at", timeText(r.created) },
        { "created_by", nullptr }, { "status", status },
        { "job_execution_status", r.busy ? "active" : "idle" } };
}

Json runnerDetailsJson(const LabRunner &r, const Json &project, Milliseconds now)
{
    Json out = runnerJson(r, now);
    const RunnerManager last = r.managers.empty() ? RunnerManager() : r.managers.back();
    out["tag_list"] = r.tags;
    out["run_untagged"] = r.runUntagged;
    out["locked"] = r.locked;
    out["maximum_timeout"] = r.maximumTimeout > 0 ? Json(r.maximumTimeout) : Json(nullptr);
    out["access_level"] = r.accessLevel;
    out["version"] = textOrNull(last.version);
    out["revision"] = textOrNull(last.revision);
    out["platform"] = textOrNull(last.platform);
    out["architecture"] = textOrNull(last.architecture);
    out["contacted_at"] = timeOrNull(r.contacted);
    out["maintenance_note"] = textOrNull(r.note);
    out["projects"] = Json::array({ project });
    out["groups"] = Json::array();
    return out;
}

Json runnerManagerJson(const LabRunner &r, const RunnerManager &m, Milliseconds now)
{
    return { { "id", m.id }, { "system_id", m.systemId }, { "version", m.version },
        { "revision", m.revision }, { "platform", m.platform }, { "architecture", m.architecture },
        { "created_at", timeText(m.created) }, { "contacted_at", timeOrNull(m.contacted) },
        { "ip_address", "127.0.0.1" }, { "status", runnerStatus(m.contacted, now) },
        { "job_execution_status", r.busy ? "active" : "idle" } };
}

} // namespace faultline::lab
