// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ci/gitlab/gitlab_backend.h"

#include "services/ci/gitlab/gitlab_client.h"
#include "services/ci/gitlab/gitlab_feed.h"
#include "services/ci/gitlab/gitlab_topics.h"
#include "services/ci/gitlab/gitlab_trace.h"
#include "services/ci/gitlab/pipeline_request.h"
#include "services/domain/attempt_delay.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace faultline::ci {

using gitlab::GitLabClient;

namespace {

constexpr qint64 largestFile = 1 << 20;

net::ServerSettings serverOf(const settings::GitLabSettings &settings, const QByteArray &token)
{
    net::ServerSettings out;
    out.origin = settings.url;
    out.caFile = settings.caFile;
    out.trustedFingerprint = settings.trustedFingerprint;
    // This machine connects at once or never. QNetworkAccessManager 6.4 can wait for ever on a
    // connection that was reset while it was idle, and only this limit ends that.
    if (domain::isLoopbackHost(settings.url.host()))
        out.connectTimeout = std::chrono::seconds(2);
    // facts/gitlab.md §1: a job's token has a header of its own.
    if (!token.isEmpty())
        out.authHeaders.append(
            net::Header(settings.isJobToken ? "JOB-TOKEN" : "PRIVATE-TOKEN", token));
    return out;
}

template <typename T>
using Parse = domain::Result<T> (*)(const QByteArray &, const QString &);

/// A receiver of bytes that hands on a value.
template <typename T>
domain::Done<QByteArray> parsed(Parse<T> parse, const QString &where, domain::Done<T> done)
{
    return [parse, where, done = std::move(done)](domain::Result<QByteArray> bytes) {
        if (bytes)
            done(parse(*bytes, where));
        else
            done(domain::failure(std::move(bytes.error())));
    };
}

QByteArray json(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

QJsonObject mapOfVariables(const QMap<QString, QString> &variables)
{
    QJsonObject out;
    for (auto it = variables.cbegin(); it != variables.cend(); ++it)
        out.insert(it.key(), it.value());
    return out;
}

QString pipelinePath(domain::PipelineId id)
{
    return QStringLiteral("/pipelines/%1").arg(id.value());
}

QString jobPath(domain::JobId id)
{
    return QStringLiteral("/jobs/%1").arg(id.value());
}

} // namespace

GitLabBackend::GitLabBackend(const settings::GitLabSettings &settings, const QByteArray &token,
    net::Surroundings surroundings, QObject *parent)
    : CiBackend(parent)
    , m_server(serverOf(settings, token))
    , m_project(settings.project)
    , m_surroundings(std::move(surroundings))
    , m_client(std::make_shared<GitLabClient>(m_server, m_project, m_surroundings))
{
    net::ServerSettings anonymous = m_server;
    anonymous.authHeaders.clear();
    m_anonymous = std::make_unique<GitLabClient>(anonymous, m_project, m_surroundings);
    m_topics = std::make_unique<Topics>(m_client);
}

GitLabBackend::~GitLabBackend() = default;

net::Call GitLabBackend::identity(domain::Done<CiIdentity> done)
{
    net::Promise<CiIdentity> promise(std::move(done));
    const auto takeVersion = [promise](CiIdentity identity, domain::Result<QByteArray> answer) {
        if (answer) { // an old or restricted server has no /version: the name alone is worth
                      // something
            identity.serverVersion
                = gitlab::parseTextField(*answer, "version", QStringLiteral("GET /api/v4/version"))
                      .value_or(QString());
        }
        promise.finish(identity);
    };
    promise.follow(m_client->get(QStringLiteral("/api/v4/user"),
        [this, promise, takeVersion](domain::Result<QByteArray> answer) {
            const domain::Result<QString> name = answer.and_then([](const QByteArray &bytes) {
                return gitlab::parseTextField(
                    bytes, "username", QStringLiteral("GET /api/v4/user"));
            });
            if (!name) {
                promise.finish(domain::failure(name.error()));
                return;
            }
            const CiIdentity identity{ *name, {} };
            promise.follow(m_client->get(QStringLiteral("/api/v4/version"),
                [takeVersion, identity](
                    domain::Result<QByteArray> version) { takeVersion(identity, version); }));
        }));
    return promise.call();
}

net::Call GitLabBackend::pipelines(int limit, domain::Done<QList<domain::Pipeline>> done)
{
    return m_client->listNewestFirst<domain::Pipeline>(
        m_client->inProject(QStringLiteral("/pipelines?per_page=100")), {}, gitlab::parsePipelines,
        limit, std::move(done));
}

net::Call GitLabBackend::jobs(int limit, domain::Done<QList<domain::Job>> done)
{
    // Keyset pages can be found only one after the other: their cursor is the server's secret.
    return m_client->listNewestFirst<domain::Job>(
        m_client->inProject(QStringLiteral("/jobs?per_page=100")),
        m_client->inProject(
            QStringLiteral("/jobs?pagination=keyset&order_by=id&sort=desc&per_page=100")),
        gitlab::parseJobs, limit, std::move(done));
}

net::Call GitLabBackend::pipelineJobs(domain::PipelineId id, domain::Done<QList<domain::Job>> done)
{
    const QString path = m_client->inProject(
        pipelinePath(id) + QStringLiteral("/jobs?include_retried=true&per_page=100"));
    return m_client->listNewestFirst<domain::Job>(
        path, {}, gitlab::parseJobs, std::numeric_limits<int>::max() / 2, std::move(done));
}

net::Call GitLabBackend::pipeline(domain::PipelineId id, domain::Done<domain::Pipeline> done)
{
    const QString path = m_client->inProject(pipelinePath(id));
    return m_client->get(path,
        parsed<domain::Pipeline>(
            gitlab::parsePipeline, gitlab::shownRequest("GET", path), std::move(done)));
}

net::Call GitLabBackend::job(domain::JobId id, domain::Done<domain::Job> done)
{
    const QString path = m_client->inProject(jobPath(id));
    return m_client->get(path,
        parsed<domain::Job>(gitlab::parseJob, gitlab::shownRequest("GET", path), std::move(done)));
}

net::Call GitLabBackend::runners(domain::Done<QList<domain::Runner>> done)
{
    return m_client->list<domain::Runner>(
        m_client->inProject(QStringLiteral("/runners?per_page=100")), gitlab::parseRunners, 1000,
        std::move(done));
}

net::Call GitLabBackend::branches(domain::Done<QStringList> done)
{
    const QString path = m_client->inProject(QStringLiteral("/repository/branches?per_page=100"));
    return m_client->get(path,
        parsed<QStringList>(
            gitlab::parseBranches, gitlab::shownRequest("GET", path), std::move(done)));
}

net::Call GitLabBackend::file(QString path, QString ref, domain::Done<QByteArray> done)
{
    net::Promise<QByteArray> promise(std::move(done));
    net::HttpRequest request;
    request.path = m_client->inProject(QStringLiteral("/repository/files/%1/raw?ref=%2")
                                           .arg(QString::fromLatin1(QUrl::toPercentEncoding(path)),
                                               QString::fromLatin1(QUrl::toPercentEncoding(ref))));
    request.expectJson = false;
    request.maxBody = largestFile;
    promise.follow(m_client->send(request, [promise](domain::Result<net::HttpResponse> answer) {
        if (answer)
            promise.finish(std::move(answer->body));
        else
            promise.finish(domain::failure(std::move(answer.error())));
    }));
    return promise.call();
}

net::Call GitLabBackend::trace(domain::JobId id, domain::Done<QByteArray> done)
{
    net::Promise<QByteArray> promise(std::move(done));
    net::HttpRequest request;
    request.path = m_client->inProject(QStringLiteral("/jobs/%1/trace").arg(id.value()));
    request.expectJson = false;
    request.maxBody = 256LL << 20; // GitLab's own limit is 100 MB by default
    request.headers.append(net::Header("Accept", "text/plain, */*"));
    promise.follow(m_client->send(request, [promise](domain::Result<net::HttpResponse> answer) {
        if (answer)
            promise.finish(std::move(answer->body));
        else
            promise.finish(domain::failure(std::move(answer.error())));
    }));
    return promise.call();
}

net::Call GitLabBackend::postForPipeline(
    const QString &rest, const QByteArray &body, domain::Done<domain::Pipeline> done)
{
    const QString path = m_client->inProject(rest);
    return m_client->post(path, body,
        parsed<domain::Pipeline>(
            gitlab::parsePipeline, gitlab::shownRequest("POST", path), std::move(done)));
}

net::Call GitLabBackend::postForJob(
    const QString &rest, const QByteArray &body, domain::Done<domain::Job> done)
{
    const QString path = m_client->inProject(rest);
    return m_client->post(path, body,
        parsed<domain::Job>(gitlab::parseJob, gitlab::shownRequest("POST", path), std::move(done)));
}

net::Call GitLabBackend::createPipeline(
    domain::PipelineRequest request, domain::Done<domain::Pipeline> done)
{
    return postForPipeline(
        QStringLiteral("/pipeline"), gitlab::createPipelineBody(request), std::move(done));
}

net::Call GitLabBackend::triggerPipeline(
    domain::PipelineRequest request, QString triggerToken, domain::Done<domain::Pipeline> done)
{
    QJsonObject body{
        { QStringLiteral("token"), triggerToken },
        { QStringLiteral("ref"), request.ref },
        { QStringLiteral("variables"), mapOfVariables(request.variables) },
    };
    if (!request.inputs.isEmpty())
        body.insert(QStringLiteral("inputs"), gitlab::mapOfInputs(request.inputs));
    const QString path = m_client->inProject(QStringLiteral("/trigger/pipeline"));
    return m_anonymous->post(path, json(body),
        parsed<domain::Pipeline>(
            gitlab::parsePipeline, gitlab::shownRequest("POST", path), std::move(done)));
}

net::Call GitLabBackend::cancelPipeline(domain::PipelineId id, domain::Done<domain::Pipeline> done)
{
    return postForPipeline(pipelinePath(id) + QStringLiteral("/cancel"), {}, std::move(done));
}

net::Call GitLabBackend::retryPipeline(domain::PipelineId id, domain::Done<domain::Pipeline> done)
{
    return postForPipeline(pipelinePath(id) + QStringLiteral("/retry"), {}, std::move(done));
}

net::Call GitLabBackend::cancelJob(domain::JobId id, domain::Done<domain::Job> done)
{
    return postForJob(jobPath(id) + QStringLiteral("/cancel"), {}, std::move(done));
}

net::Call GitLabBackend::forceCancelJob(domain::JobId id, domain::Done<domain::Job> done)
{
    return postForJob(jobPath(id) + QStringLiteral("/cancel"),
        json({ { QStringLiteral("force"), true } }), std::move(done));
}

net::Call GitLabBackend::retryJob(domain::JobId id, domain::Done<domain::Job> done)
{
    return postForJob(jobPath(id) + QStringLiteral("/retry"), {}, std::move(done));
}

net::Call GitLabBackend::playJob(
    domain::JobId id, QMap<QString, QString> variables, domain::Done<domain::Job> done)
{
    const QByteArray body = variables.isEmpty()
        ? QByteArray()
        : json(
            { { QStringLiteral("job_variables_attributes"), gitlab::listOfVariables(variables) } });
    return postForJob(jobPath(id) + QStringLiteral("/play"), body, std::move(done));
}

std::shared_ptr<GitLabClient> GitLabBackend::singleAttemptClient() const
{
    // Feeds and traces decide themselves when to try again.
    net::ServerSettings single = m_server;
    single.maxAttempts = 1;
    return std::make_shared<GitLabClient>(single, m_project, m_surroundings);
}

std::unique_ptr<JobTrace> GitLabBackend::openTrace(domain::JobId id)
{
    return std::make_unique<gitlab::GitLabTrace>(singleAttemptClient(), id);
}

std::unique_ptr<CiFeed> GitLabBackend::openFeed()
{
    return std::make_unique<gitlab::GitLabFeed>(singleAttemptClient());
}

} // namespace faultline::ci
