// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ci/gitlab/gitlab_hooks.h"

#include "services/ci/gitlab/gitlab_parse_details.h"

namespace faultline::ci::gitlab {

namespace {

constexpr int mostHooks = 1'000;

QJsonObject bodyOf(const HookSpec &spec)
{
    QJsonObject out;
    if (spec.url)
        out.insert(QStringLiteral("url"), *spec.url);
    if (spec.token)
        out.insert(QStringLiteral("token"), *spec.token);
    const auto add = [&out](const char *key, std::optional<bool> value) {
        if (value)
            out.insert(QLatin1StringView(key), *value);
    };
    add("job_events", spec.tellsJobs);
    add("pipeline_events", spec.tellsPipelines);
    add("enable_ssl_verification", spec.verifiesTls);
    return out;
}

} // namespace

QString GitLabHooks::path(domain::HookId id, const QString &rest) const
{
    return inProject(QStringLiteral("/hooks/%1").arg(id.value()) + rest);
}

net::Call GitLabHooks::list(domain::Done<QList<domain::Hook>> done)
{
    return client().list<domain::Hook>(
        inProject(QStringLiteral("/hooks?per_page=100")), parseHooks, mostHooks, std::move(done));
}

net::Call GitLabHooks::one(domain::HookId id, domain::Done<domain::Hook> done)
{
    return value<domain::Hook>("GET", path(id), {}, parseHook, std::move(done));
}

net::Call GitLabHooks::create(HookSpec spec, domain::Done<domain::Hook> done)
{
    QJsonObject body = bodyOf(spec);
    // GitLab tells of pushes unless it is told not to; here nobody listens for them.
    body.insert(QStringLiteral("push_events"), false);
    return value<domain::Hook>(
        "POST", inProject(QStringLiteral("/hooks")), body, parseHook, std::move(done));
}

net::Call GitLabHooks::change(domain::HookId id, HookSpec spec, domain::Done<domain::Hook> done)
{
    // GitLab's PUT wants the address, also when it stays.
    net::Promise<domain::Hook> promise(std::move(done));
    const auto put = [this, promise, id](const HookSpec &wanted) {
        promise.follow(value<domain::Hook>("PUT", path(id), bodyOf(wanted), parseHook,
            [promise](domain::Result<domain::Hook> hook) { promise.finish(std::move(hook)); }));
    };
    if (spec.url) {
        put(spec);
        return promise.call();
    }
    promise.follow(one(id, [promise, put, spec](domain::Result<domain::Hook> present) {
        if (!present)
            return promise.finish(domain::failure(std::move(present.error())));
        HookSpec whole = spec;
        whole.url = present->url;
        put(whole);
    }));
    return promise.call();
}

net::Call GitLabHooks::remove(domain::HookId id, domain::Done<void> done)
{
    return effect("DELETE", path(id), {}, std::move(done));
}

net::Call GitLabHooks::test(domain::HookId id, Subject subject, domain::Done<void> done)
{
    const QString trigger = subject == Subject::Jobs ? QStringLiteral("job_events")
                                                     : QStringLiteral("pipeline_events");
    return effect("POST", path(id, QStringLiteral("/test/") + trigger), {}, std::move(done));
}

net::Call GitLabHooks::events(
    domain::HookId id, int limit, domain::Done<QList<domain::HookEvent>> done)
{
    return client().list<domain::HookEvent>(
        path(id, QStringLiteral("/events?per_page=20")), parseHookEvents, limit, std::move(done));
}

net::Call GitLabHooks::resend(domain::HookId id, domain::HookEventId event, domain::Done<void> done)
{
    return effect("POST", path(id, QStringLiteral("/events/%1/resend").arg(event.value())), {},
        std::move(done));
}

} // namespace faultline::ci::gitlab
