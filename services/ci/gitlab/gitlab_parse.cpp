// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ci/gitlab/gitlab_parse.h"

#include "services/json/reader.h"

#include <algorithm>

namespace faultline::ci::gitlab {

namespace {

using domain::CiStatus;
using domain::Job;
using domain::Pipeline;
using domain::Runner;
using json::name;
using json::Object;
using json::SharedTexts;
using json::Value;
using simdjson::ondemand::json_type;

/// Texts and statuses that many objects of one answer have in common.
struct Shared
{
    SharedTexts texts;
    domain::OpenEnum<CiStatus> lastStatus;

    domain::OpenEnum<CiStatus> status(Value &value)
    {
        const QString text = texts.text(value);
        if (text != lastStatus.text())
            lastStatus = domain::OpenEnum<CiStatus>::fromText(text);
        return lastStatus;
    }
};

/// `take` on the fields of a nested object; null and anything else is passed over.
template <typename Take>
void eachFieldOf(Value &value, Take take)
{
    if (value.type() == json_type::object)
        json::eachField(value.get_object(), take);
}

void readPipeline(Object object, Shared &shared, Pipeline &out)
{
    json::eachField(object, [&](quint64 field, Value &value) {
        switch (field) {
        case name("id"):
            out.id = domain::PipelineId(json::integer(value, 0));
            break;
        case name("iid"):
            out.number = json::integer(value, 0);
            break;
        case name("name"):
            out.name = shared.texts.text(value);
            break;
        case name("ref"):
            out.ref = shared.texts.text(value);
            break;
        case name("sha"):
            out.sha = shared.texts.text(value);
            break;
        case name("source"):
            out.source = shared.texts.text(value);
            break;
        case name("status"):
            out.status = shared.status(value);
            break;
        case name("created_at"):
            out.createdAt = json::time(value);
            break;
        case name("updated_at"):
            out.updatedAt = json::time(value);
            break;
        case name("web_url"):
            out.webUrl = json::text(value);
            break;
        default:
            break;
        }
    });
    if (out.id.value() <= 0)
        throw json::Unexpected{ QStringLiteral("a pipeline has no id") };
}

// Nested objects are long (a person has twenty fields): they are left as soon as all that is wanted
// was found.

void readJobRunner(Value &value, Job &job, Shared &shared)
{
    int missing = 2;
    eachFieldOf(value, [&](quint64 field, Value &inner) {
        if (field == name("id")) {
            job.runnerId = domain::RunnerId(json::integer(inner, 0));
            --missing;
        } else if (field == name("description")) {
            job.runnerName = shared.texts.text(inner);
            --missing;
        }
        return missing == 0;
    });
}

void readJobCommit(Value &value, Job &job, Shared &shared)
{
    int missing = 2;
    eachFieldOf(value, [&](quint64 field, Value &inner) {
        if (field == name("id")) {
            job.sha = shared.texts.text(inner);
            --missing;
        } else if (field == name("title")) {
            job.commitTitle = shared.texts.text(inner);
            --missing;
        }
        return missing == 0;
    });
}

void readJobUser(Value &value, Job &job, Shared &shared)
{
    eachFieldOf(value, [&](quint64 field, Value &inner) {
        if (field != name("username"))
            return false;
        job.userName = shared.texts.text(inner);
        return true;
    });
}

void readJobPipeline(Value &value, Job &job)
{
    eachFieldOf(value, [&](quint64 field, Value &inner) {
        if (field != name("id"))
            return false;
        job.pipelineId = domain::PipelineId(json::integer(inner, 0));
        return true;
    });
}

void readArtifact(Value &value, Job &job, Shared &shared)
{
    bool isTrace = false;
    bool isArchive = false;
    qint64 size = -1;
    eachFieldOf(value, [&](quint64 field, Value &inner) {
        if (field == name("file_type")) {
            const QString type = shared.texts.text(inner);
            isTrace = type == QLatin1StringView("trace");
            isArchive = type == QLatin1StringView("archive");
        } else if (field == name("size")) {
            size = json::integer(inner, -1);
        }
    });
    if (isTrace)
        job.traceSize = size;
    if (isArchive)
        job.hasArtifacts = true;
}

void readArtifacts(Value &value, Job &job, Shared &shared)
{
    if (value.type() != json_type::array)
        return;
    for (auto element : value.get_array()) {
        Value one = element.value();
        readArtifact(one, job, shared);
    }
}

void readJob(Object object, Shared &shared, Job &out)
{
    json::eachField(object, [&](quint64 field, Value &value) {
        switch (field) {
        case name("id"):
            out.id = domain::JobId(json::integer(value, 0));
            break;
        case name("status"):
            out.status = shared.status(value);
            break;
        case name("stage"):
            out.stage = shared.texts.text(value);
            break;
        case name("name"):
            out.name = shared.texts.text(value);
            break;
        case name("ref"):
            out.ref = shared.texts.text(value);
            break;
        case name("allow_failure"):
            out.allowFailure = json::boolean(value, false);
            break;
        case name("created_at"):
            out.createdAt = json::time(value);
            break;
        case name("started_at"):
            out.startedAt = json::time(value);
            break;
        case name("finished_at"):
            out.finishedAt = json::time(value);
            break;
        case name("user"):
            readJobUser(value, out, shared);
            break;
        case name("commit"):
            readJobCommit(value, out, shared);
            break;
        case name("pipeline"):
            readJobPipeline(value, out);
            break;
        case name("failure_reason"):
            out.failureReason = shared.texts.text(value);
            break;
        case name("web_url"):
            out.webUrl = json::text(value);
            break;
        case name("artifacts"):
            readArtifacts(value, out, shared);
            break;
        case name("artifacts_file"):
            out.hasArtifacts |= value.type() == json_type::object;
            break;
        case name("runner"):
            readJobRunner(value, out, shared);
            break;
        case name("tag_list"):
            out.tags = shared.texts.texts(value);
            break;
        default:
            break;
        }
    });
    if (out.id.value() <= 0)
        throw json::Unexpected{ QStringLiteral("a job has no id") };
}

void readRunner(Object object, Shared &shared, Runner &out)
{
    json::eachField(object, [&](quint64 field, Value &value) {
        switch (field) {
        case name("id"):
            out.id = domain::RunnerId(json::integer(value, 0));
            break;
        case name("description"):
            out.description = json::text(value);
            break;
        case name("paused"):
            out.paused = json::boolean(value, false);
            break;
        case name("online"):
            out.online = json::boolean(value, false);
            break;
        case name("contacted_at"):
            out.contactedAt = json::time(value);
            break;
        case name("tag_list"):
            out.tags = shared.texts.texts(value);
            break;
        case name("status"):
            out.status = shared.texts.text(value);
            break;
        case name("runner_type"):
            out.type = shared.texts.text(value);
            break;
        case name("job_execution_status"):
            out.isBusy = shared.texts.text(value) == QLatin1StringView("active");
            break;
        case name("version"):
            out.version = shared.texts.text(value);
            break;
        case name("maximum_timeout"):
            out.maximumTimeout = static_cast<int>(json::integer(value, 0));
            break;
        case name("run_untagged"):
            out.runsUntagged = json::boolean(value, false);
            break;
        case name("locked"):
            out.isLocked = json::boolean(value, false);
            break;
        default:
            break;
        }
    });
    if (out.id.value() <= 0)
        throw json::Unexpected{ QStringLiteral("a runner has no id") };
}

template <typename T>
domain::Result<QList<T>> parseList(
    const QByteArray &bytes, const QString &where, void (*read)(Object, Shared &, T &))
{
    return json::parse(bytes, where, [&bytes, read](simdjson::ondemand::document &document) {
        Shared shared;
        QList<T> out;
        out.reserve(std::min<qsizetype>(
            100, bytes.size() / 1000 + 1)); // a page; a row has 1,000 bytes at least
        for (auto element : document.get_array())
            read(element.get_object(), shared, out.emplaceBack());
        return out;
    });
}

template <typename T>
domain::Result<T> parseOne(
    const QByteArray &bytes, const QString &where, void (*read)(Object, Shared &, T &))
{
    return json::parse(bytes, where, [read](simdjson::ondemand::document &document) {
        Shared shared;
        T out;
        read(document.get_object(), shared, out);
        return out;
    });
}

} // namespace

domain::Result<QList<Pipeline>> parsePipelines(const QByteArray &json, const QString &where)
{
    return parseList<Pipeline>(json, where, readPipeline);
}

domain::Result<Pipeline> parsePipeline(const QByteArray &json, const QString &where)
{
    return parseOne<Pipeline>(json, where, readPipeline);
}

domain::Result<QList<Job>> parseJobs(const QByteArray &json, const QString &where)
{
    return parseList<Job>(json, where, readJob);
}

domain::Result<Job> parseJob(const QByteArray &json, const QString &where)
{
    return parseOne<Job>(json, where, readJob);
}

domain::Result<QList<Runner>> parseRunners(const QByteArray &json, const QString &where)
{
    return parseList<Runner>(json, where, readRunner);
}

domain::Result<Runner> parseRunner(const QByteArray &json, const QString &where)
{
    return parseOne<Runner>(json, where, readRunner);
}

domain::Result<QStringList> parseBranches(const QByteArray &json, const QString &where)
{
    return json::parse(json, where, [](simdjson::ondemand::document &document) {
        QStringList out;
        for (auto element : document.get_array()) {
            json::eachField(element.get_object(), [&out](quint64 field, Value &value) {
                if (field == name("name"))
                    out.append(json::text(value));
            });
        }
        return out;
    });
}

domain::Result<QString> parseTextField(
    const QByteArray &json, const QByteArray &field, const QString &where)
{
    const quint64 wanted = name({ field.constData(), static_cast<size_t>(field.size()) });
    return json::parse(json, where, [wanted](simdjson::ondemand::document &document) {
        QString out;
        json::eachField(document.get_object(), [&out, wanted](quint64 found, Value &value) {
            if (found == wanted)
                out = json::text(value);
        });
        return out;
    });
}

} // namespace faultline::ci::gitlab
