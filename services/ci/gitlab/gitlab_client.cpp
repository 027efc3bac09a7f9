// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ci/gitlab/gitlab_client.h"

#include "services/ci/gitlab/pipeline_request.h"

namespace faultline::ci::gitlab {

namespace {

domain::Done<net::HttpResponse> bodyOnly(domain::Done<QByteArray> done)
{
    return [done = std::move(done)](domain::Result<net::HttpResponse> answer) {
        if (answer)
            done(std::move(answer->body));
        else
            done(domain::failure(std::move(answer.error())));
    };
}

} // namespace

QString shownRequest(const char *method, const QString &path)
{
    return QStringLiteral("%1 %2").arg(
        QLatin1StringView(method), path.left(path.indexOf(QLatin1Char('?'))));
}

GitLabClient::GitLabClient(
    net::ServerSettings settings, const QString &project, net::Surroundings surroundings)
    : m_http(std::move(settings), surroundings)
    , m_surroundings(std::move(surroundings))
    , m_projectPath(projectPath(project))
{
}

QString GitLabClient::inProject(const QString &rest) const
{
    return m_projectPath + rest;
}

net::Call GitLabClient::send(net::HttpRequest request, domain::Done<net::HttpResponse> done)
{
    return m_http.send(std::move(request), std::move(done));
}

net::Call GitLabClient::get(const QString &path, domain::Done<QByteArray> done)
{
    net::HttpRequest request;
    request.path = path;
    return m_http.send(request, bodyOnly(std::move(done)));
}

net::Call GitLabClient::post(
    const QString &path, const QByteArray &json, domain::Done<QByteArray> done)
{
    net::HttpRequest request;
    request.method = "POST";
    request.path = path;
    request.body = json;
    if (!json.isEmpty())
        request.contentType = "application/json";
    return m_http.send(request, bodyOnly(std::move(done)));
}

} // namespace faultline::ci::gitlab
