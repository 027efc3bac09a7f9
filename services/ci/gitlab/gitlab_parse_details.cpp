// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ci/gitlab/gitlab_parse_details.h"

#include "services/ci/gitlab/gitlab_fields.h"

namespace faultline::ci::gitlab {

namespace {

using domain::CiStatus;
using json::name;
using json::Object;
using json::Value;

void readVariable(Object object, domain::CiVariable &out)
{
    json::eachField(object, [&](quint64 field, Value &value) {
        if (field == name("key"))
            out.key = json::text(value);
        else if (field == name("value"))
            out.value = json::text(value);
        else if (field == name("variable_type"))
            out.isFile = json::text(value) == QLatin1StringView("file");
    });
}

void readDownstream(Value &pipeline, domain::Bridge &out)
{
    eachFieldOf(pipeline, [&](quint64 field, Value &value) {
        if (field == name("id"))
            out.downstream = domain::PipelineId(json::integer(value, 0));
        else if (field == name("status"))
            out.downstreamStatus = statusOf(value);
        else if (field == name("web_url"))
            out.downstreamUrl = json::text(value);
    });
}

void readBridge(Object object, domain::Bridge &out)
{
    json::eachField(object, [&](quint64 field, Value &value) {
        if (field == name("id"))
            out.id = domain::JobId(json::integer(value, 0));
        else if (field == name("name"))
            out.name = json::text(value);
        else if (field == name("stage"))
            out.stage = json::text(value);
        else if (field == name("status"))
            out.status = statusOf(value);
        else if (field == name("downstream_pipeline"))
            readDownstream(value, out);
    });
    requireId(out.id, "a bridge");
}

void readScheduleLast(Value &pipeline, domain::Schedule &out)
{
    eachFieldOf(pipeline, [&](quint64 field, Value &value) {
        if (field == name("id"))
            out.lastPipeline = domain::PipelineId(json::integer(value, 0));
        else if (field == name("status"))
            out.lastStatus = statusOf(value);
    });
}

/// [{name, value}]; values are of any kind.
void readInputs(Value &list, QMap<QString, QJsonValue> &out)
{
    if (list.type() != simdjson::ondemand::json_type::array)
        return;
    for (auto element : list.get_array()) {
        QString key;
        QJsonValue kept;
        json::eachField(element.get_object(), [&](quint64 field, Value &value) {
            if (field == name("name"))
                key = json::text(value);
            else if (field == name("value"))
                kept = json::anyValue(value);
        });
        out.insert(key, kept);
    }
}

// Newer servers write the whole name of a branch.
QString shortRef(const QString &ref)
{
    constexpr QLatin1StringView heads("refs/heads/");
    return ref.startsWith(heads) ? ref.mid(heads.size()) : ref;
}

void readSchedule(Object object, domain::Schedule &out)
{
    json::eachField(object, [&](quint64 field, Value &value) {
        switch (field) {
        case name("id"):
            out.id = domain::ScheduleId(json::integer(value, 0));
            break;
        case name("description"):
            out.description = json::text(value);
            break;
        case name("ref"):
            out.ref = shortRef(json::text(value));
            break;
        case name("cron"):
            out.cron = json::text(value);
            break;
        case name("cron_timezone"):
            out.cronTimezone = json::text(value);
            break;
        case name("active"):
            out.active = json::boolean(value, false);
            break;
        case name("next_run_at"):
            out.nextRunAt = json::time(value);
            break;
        case name("created_at"):
            out.createdAt = json::time(value);
            break;
        case name("updated_at"):
            out.updatedAt = json::time(value);
            break;
        case name("owner"):
            out.owner = userNameOf(value);
            break;
        case name("variables"):
            out.variables = listOf<domain::CiVariable>(value, readVariable);
            break;
        case name("inputs"):
            readInputs(value, out.inputs);
            break;
        case name("last_pipeline"):
            readScheduleLast(value, out);
            break;
        default:
            break;
        }
    });
    requireId(out.id, "a schedule");
}

void readTrigger(Object object, domain::CiTrigger &out)
{
    json::eachField(object, [&](quint64 field, Value &value) {
        if (field == name("id"))
            out.id = domain::TriggerId(json::integer(value, -1));
        else if (field == name("description"))
            out.description = json::text(value);
        else if (field == name("token"))
            out.token = json::text(value);
        else if (field == name("created_at"))
            out.createdAt = json::time(value);
        else if (field == name("last_used"))
            out.lastUsedAt = json::time(value);
        else if (field == name("expires_at"))
            out.expiresAt = json::time(value);
        else if (field == name("owner"))
            out.owner = userNameOf(value);
    });
    if (out.id.value() < 0)
        throw json::Unexpected{ QStringLiteral("a trigger has no id") };
}

void readLink(Object object, domain::ReleaseLink &out)
{
    json::eachField(object, [&](quint64 field, Value &value) {
        if (field == name("name"))
            out.name = json::text(value);
        else if (field == name("url"))
            out.url = json::text(value);
        else if (field == name("link_type"))
            out.type = json::text(value);
        else if (field == name("id"))
            out.id = domain::ReleaseLinkId(json::integer(value, 0));
    });
}

void readRelease(Object object, domain::Release &out)
{
    json::eachField(object, [&](quint64 field, Value &value) {
        if (field == name("tag_name"))
            out.id = domain::ReleaseTag(json::text(value));
        else if (field == name("name"))
            out.name = json::text(value);
        else if (field == name("description"))
            out.description = json::text(value);
        else if (field == name("created_at"))
            out.createdAt = json::time(value);
        else if (field == name("released_at"))
            out.releasedAt = json::time(value);
        else if (field == name("author"))
            out.author = userNameOf(value);
        else if (field == name("commit"))
            out.sha = textIn(value, name("id"));
        else if (field == name("assets"))
            eachFieldOf(value, [&](quint64 inner, Value &links) {
                if (inner == name("links"))
                    out.links = listOf<domain::ReleaseLink>(links, readLink);
            });
    });
    if (out.id.isEmpty())
        throw json::Unexpected{ QStringLiteral("a release has no tag") };
}

void readCommitStatus(Object object, domain::CommitStatus &out)
{
    json::eachField(object, [&](quint64 field, Value &value) {
        if (field == name("id"))
            out.id = domain::JobId(json::integer(value, 0));
        else if (field == name("sha"))
            out.sha = json::text(value);
        else if (field == name("ref"))
            out.ref = json::text(value);
        else if (field == name("name"))
            out.name = json::text(value);
        else if (field == name("status"))
            out.status = statusOf(value);
        else if (field == name("target_url"))
            out.targetUrl = json::text(value);
        else if (field == name("description"))
            out.description = json::text(value);
        else if (field == name("pipeline_id"))
            out.pipelineId = domain::PipelineId(json::integer(value, 0));
        else if (field == name("created_at"))
            out.createdAt = json::time(value);
    });
    requireId(out.id, "a commit status");
}

void readLintJob(Object object, domain::CiLint::Job &out)
{
    json::eachField(object, [&](quint64 field, Value &value) {
        if (field == name("name"))
            out.name = json::text(value);
        else if (field == name("stage"))
            out.stage = json::text(value);
        else if (field == name("when"))
            out.when = json::text(value);
    });
}

void readInclude(Object object, QString &out)
{
    json::eachField(object, [&](quint64 field, Value &value) {
        if (field == name("location"))
            out = json::text(value);
    });
}

void readLint(Object object, domain::CiLint &out)
{
    json::eachField(object, [&](quint64 field, Value &value) {
        if (field == name("valid"))
            out.isValid = json::boolean(value, false);
        else if (field == name("errors"))
            out.errors = json::texts(value);
        else if (field == name("warnings"))
            out.warnings = json::texts(value);
        else if (field == name("merged_yaml"))
            out.mergedYaml = json::text(value);
        else if (field == name("includes"))
            out.includes = listOf<QString>(value, readInclude);
        else if (field == name("jobs"))
            out.jobs = listOf<domain::CiLint::Job>(value, readLintJob);
    });
}

void readToken(Object object, domain::TokenFacts &out)
{
    json::eachField(object, [&](quint64 field, Value &value) {
        if (field == name("name"))
            out.name = json::text(value);
        else if (field == name("scopes"))
            out.scopes = json::texts(value);
        else if (field == name("active"))
            out.isActive = json::boolean(value, false);
        else if (field == name("expires_at"))
            out.expiresAt = QDate::fromString(json::text(value).left(10), Qt::ISODate);
    });
}

} // namespace

Parsed<QList<domain::CiVariable>> parseVariables(const QByteArray &json, const QString &where)
{
    return parseListOf<domain::CiVariable>(json, where, readVariable);
}

Parsed<QList<domain::Bridge>> parseBridges(const QByteArray &json, const QString &where)
{
    return parseListOf<domain::Bridge>(json, where, readBridge);
}

Parsed<QList<domain::Schedule>> parseSchedules(const QByteArray &json, const QString &where)
{
    return parseListOf<domain::Schedule>(json, where, readSchedule);
}

Parsed<domain::Schedule> parseSchedule(const QByteArray &json, const QString &where)
{
    return parseOneOf<domain::Schedule>(json, where, readSchedule);
}

Parsed<QList<domain::CiTrigger>> parseTriggers(const QByteArray &json, const QString &where)
{
    return parseListOf<domain::CiTrigger>(json, where, readTrigger);
}

Parsed<domain::CiTrigger> parseTrigger(const QByteArray &json, const QString &where)
{
    return parseOneOf<domain::CiTrigger>(json, where, readTrigger);
}

Parsed<QList<domain::Release>> parseReleases(const QByteArray &json, const QString &where)
{
    return parseListOf<domain::Release>(json, where, readRelease);
}

Parsed<domain::Release> parseRelease(const QByteArray &json, const QString &where)
{
    return parseOneOf<domain::Release>(json, where, readRelease);
}

Parsed<domain::ReleaseLink> parseReleaseLink(const QByteArray &json, const QString &where)
{
    return parseOneOf<domain::ReleaseLink>(json, where, readLink);
}

Parsed<QList<domain::CommitStatus>> parseCommitStatuses(
    const QByteArray &json, const QString &where)
{
    return parseListOf<domain::CommitStatus>(json, where, readCommitStatus);
}

Parsed<domain::CommitStatus> parseCommitStatus(const QByteArray &json, const QString &where)
{
    return parseOneOf<domain::CommitStatus>(json, where, readCommitStatus);
}

Parsed<domain::CiLint> parseLint(const QByteArray &json, const QString &where)
{
    return parseOneOf<domain::CiLint>(json, where, readLint);
}

Parsed<domain::TokenFacts> parseToken(const QByteArray &json, const QString &where)
{
    return parseOneOf<domain::TokenFacts>(json, where, readToken);
}

} // namespace faultline::ci::gitlab
