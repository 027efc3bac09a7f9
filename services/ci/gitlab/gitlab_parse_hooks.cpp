// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ci/gitlab/gitlab_fields.h"
#include "services/ci/gitlab/gitlab_parse_details.h"

namespace faultline::ci::gitlab {

namespace {

using json::name;
using json::Object;
using json::Value;

void readHook(Object object, domain::Hook &out)
{
    json::eachField(object, [&](quint64 field, Value &value) {
        if (field == name("id"))
            out.id = domain::HookId(json::integer(value, 0));
        else if (field == name("url"))
            out.url = json::text(value);
        else if (field == name("job_events"))
            out.tellsJobs = json::boolean(value, false);
        else if (field == name("pipeline_events"))
            out.tellsPipelines = json::boolean(value, false);
        else if (field == name("enable_ssl_verification"))
            out.verifiesTls = json::boolean(value, true);
        else if (field == name("alert_status"))
            out.state = json::text(value);
        else if (field == name("disabled_until"))
            out.disabledUntil = json::time(value);
        else if (field == name("created_at"))
            out.createdAt = json::time(value);
    });
    requireId(out.id, "a hook");
}

void readHookEvent(Object object, domain::HookEvent &out)
{
    json::eachField(object, [&](quint64 field, Value &value) {
        if (field == name("id"))
            out.id = domain::HookEventId(json::integer(value, 0));
        else if (field == name("url"))
            out.url = json::text(value);
        else if (field == name("trigger"))
            out.trigger = json::text(value);
        else if (field == name("response_status"))
            out.status = json::text(value);
        else if (field == name("response_body"))
            out.response = json::text(value);
        else if (field == name("execution_duration"))
            out.seconds = json::text(value).toDouble();
    });
    requireId(out.id, "a hook's event");
}

} // namespace

Parsed<QList<domain::Hook>> parseHooks(const QByteArray &json, const QString &where)
{
    return parseListOf<domain::Hook>(json, where, readHook);
}

Parsed<domain::Hook> parseHook(const QByteArray &json, const QString &where)
{
    return parseOneOf<domain::Hook>(json, where, readHook);
}

Parsed<QList<domain::HookEvent>> parseHookEvents(const QByteArray &json, const QString &where)
{
    return parseListOf<domain::HookEvent>(json, where, readHookEvent);
}

} // namespace faultline::ci::gitlab
