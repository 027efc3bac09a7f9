// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/entities.h"

#include <cmath>

#include "services/lab/gitlab/api_time.h"

namespace faultline::lab {

namespace {

OrderedJson timeOrNull(Milliseconds time)
{
    return time == 0 ? OrderedJson(nullptr) : OrderedJson(timeText(time));
}

OrderedJson textOrNull(const std::string &text)
{
    return text.empty() ? OrderedJson(nullptr) : OrderedJson(text);
}

double seconds(Milliseconds duration)
{
    return static_cast<double>(duration) / 1000.0;
}

std::string lastSegment(const std::string &path)
{
    return path.substr(path.rfind('/') + 1);
}

struct StatusWords
{
    const char *status;
    const char *text;
    const char *label;
};

constexpr StatusWords statusWords[]
    = { { "created", "Created", "created" }, { "pending", "Pending", "pending" },
          { "waiting_for_resource", "Waiting", "waiting for resource" },
          { "running", "Running", "running" }, { "success", "Passed", "passed" },
          { "failed", "Failed", "failed" }, { "canceling", "Canceling", "canceling" },
          { "canceled", "Canceled", "canceled" }, { "skipped", "Skipped", "skipped" },
          { "manual", "Blocked", "waiting for manual action" },
          { "scheduled", "Delayed", "waiting for delayed job" },
          { "preparing", "Preparing", "preparing" } };

StatusWords wordsOf(const std::string &status)
{
    for (const StatusWords &words : statusWords)
        if (status == words.status)
            return words;
    return { status.c_str(), status.c_str(), status.c_str() };
}

} // namespace

std::string jsonText(const OrderedJson &value)
{
    return value.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

Entities::Entities(std::string origin, std::string project)
    : m_origin(std::move(origin))
    , m_project(std::move(project))
    , m_web(m_origin + "/" + m_project)
{
}

OrderedJson Entities::userBasic() const
{
    return { { "id", 1 }, { "username", "lab" }, { "public_email", nullptr },
        { "name", "Lab user" }, { "state", "active" }, { "locked", false },
        { "avatar_url", nullptr }, { "web_url", m_origin + "/lab" } };
}

OrderedJson Entities::user() const
{
    OrderedJson user = userBasic();
    const OrderedJson more = { { "created_at", "2024-01-01T00:00:00.000Z" }, { "bio", "" },
        { "location", "" }, { "job_title", "" }, { "bot", false }, { "email", "lab@localhost" },
        { "is_admin", false }, { "two_factor_enabled", false }, { "external", false },
        { "can_create_project", false } };
    for (const auto &[key, value] : more.items())
        user[key] = value;
    return user;
}

OrderedJson Entities::project(const std::string &defaultBranch) const
{
    const std::string name = lastSegment(m_project);
    const std::string space = m_project.substr(0, m_project.rfind('/'));
    return { { "id", 1 }, { "description", "The project of this lab" }, { "name", name },
        { "name_with_namespace", space + " / " + name }, { "path", name },
        { "path_with_namespace", m_project }, { "created_at", "2024-01-01T00:00:00.000Z" },
        { "default_branch", defaultBranch }, { "tag_list", OrderedJson::array() },
        { "topics", OrderedJson::array() }, { "ssh_url_to_repo", nullptr },
        { "http_url_to_repo", m_web + ".git" }, { "web_url", m_web }, { "readme_url", nullptr },
        { "forks_count", 0 }, { "avatar_url", nullptr }, { "star_count", 0 },
        { "last_activity_at", timeText(currentTime()) }, { "visibility", "private" },
        { "archived", false }, { "empty_repo", false }, { "jobs_enabled", true },
        { "builds_access_level", "enabled" }, { "build_timeout", 3600 }, { "ci_config_path", "" },
        { "auto_cancel_pending_pipelines", "enabled" },
        { "namespace",
            { { "id", 1 }, { "name", space }, { "path", space }, { "kind", "group" },
                { "full_path", space }, { "parent_id", nullptr }, { "avatar_url", nullptr },
                { "web_url", m_origin + "/groups/" + space } } },
        { "permissions",
            { { "project_access", { { "access_level", 40 }, { "notification_level", 3 } } },
                { "group_access", nullptr } } } };
}

OrderedJson Entities::commit(const CommitRecord &commit) const
{
    return { { "id", commit.sha }, { "short_id", commit.sha.substr(0, 8) },
        { "created_at", commit.committed }, { "parent_ids", commit.parents },
        { "title", commit.title }, { "message", commit.message },
        { "author_name", commit.authorName }, { "author_email", commit.authorEmail },
        { "authored_date", commit.authored }, { "committer_name", commit.committerName },
        { "committer_email", commit.committerEmail }, { "committed_date", commit.committed },
        { "trailers", OrderedJson::object() }, { "extended_trailers", OrderedJson::object() },
        { "web_url", m_web + "/-/commit/" + commit.sha } };
}

OrderedJson Entities::branch(
    const std::string &name, const CommitRecord &head, bool isDefault) const
{
    return { { "name", name }, { "commit", commit(head) }, { "merged", false },
        { "protected", isDefault }, { "developers_can_push", !isDefault },
        { "developers_can_merge", !isDefault }, { "can_push", true }, { "default", isDefault },
        { "web_url", m_web + "/-/tree/" + name } };
}

OrderedJson Entities::pipelineBasic(const PipelineRecord &p) const
{
    return { { "id", p.id }, { "iid", p.iid }, { "project_id", 1 }, { "sha", p.sha },
        { "ref", p.ref }, { "status", p.status }, { "source", p.source },
        { "created_at", timeText(p.created) }, { "updated_at", timeText(p.updated) },
        { "web_url", m_web + "/-/pipelines/" + std::to_string(p.id) },
        { "name", textOrNull(p.name) } };
}

OrderedJson Entities::detailedStatus(const PipelineRecord &p) const
{
    const bool warnings = p.status == "success" && p.withWarnings;
    const StatusWords words = warnings ? StatusWords{ "warning", "Warning", "passed with warnings" }
                                       : wordsOf(p.status);
    const std::string icon = std::string("status_") + words.status;
    return { { "icon", icon }, { "text", words.text }, { "label", words.label },
        { "group",
            warnings                                 ? "success-with-warnings"
                : p.status == "waiting_for_resource" ? "waiting-for-resource"
                                                     : p.status },
        { "tooltip", words.label }, { "has_details", true },
        { "details_path", "/" + m_project + "/-/pipelines/" + std::to_string(p.id) },
        { "illustration", nullptr },
        { "favicon", "/assets/ci_favicons/favicon_" + icon + ".png" } };
}

OrderedJson Entities::pipeline(const PipelineRecord &p, double queuedSeconds) const
{
    OrderedJson out = pipelineBasic(p);
    out["before_sha"] = p.beforeSha;
    out["tag"] = p.tag;
    out["yaml_errors"] = textOrNull(p.yamlErrors);
    out["user"] = userBasic();
    out["started_at"] = timeOrNull(p.started);
    out["finished_at"] = timeOrNull(p.finished);
    out["committed_at"] = timeOrNull(p.committed);
    const bool measured = p.started != 0 && p.finished != 0;
    out["duration"] = measured ? OrderedJson(std::lround(seconds(p.finished - p.started)))
                               : OrderedJson(nullptr);
    out["queued_duration"]
        = p.started != 0 ? OrderedJson(std::lround(queuedSeconds)) : OrderedJson(nullptr);
    out["coverage"] = nullptr;
    out["detailed_status"] = detailedStatus(p);
    return out;
}

} // namespace faultline::lab
