// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ci/gitlab/gitlab_verbs.h"

#include <QJsonDocument>

namespace faultline::ci::gitlab {

QString encoded(const QString &text)
{
    return QString::fromLatin1(QUrl::toPercentEncoding(text));
}

net::Call GitLabVerbs::raw(const QByteArray &method, const QString &path, const QJsonObject &body,
    domain::Done<QByteArray> done) const
{
    net::HttpRequest request;
    request.method = method;
    request.path = path;
    if (!body.isEmpty()) {
        request.body = QJsonDocument(body).toJson(QJsonDocument::Compact);
        request.contentType = "application/json";
    }
    return m_client->send(
        request, [done = std::move(done)](domain::Result<net::HttpResponse> answer) {
            if (answer)
                done(std::move(answer->body));
            else
                done(domain::failure(std::move(answer.error())));
        });
}

net::Call GitLabVerbs::effect(const QByteArray &method, const QString &path,
    const QJsonObject &body, domain::Done<void> done) const
{
    return raw(method, path, body, [done = std::move(done)](domain::Result<QByteArray> answer) {
        if (answer)
            done({});
        else
            done(domain::failure(std::move(answer.error())));
    });
}

} // namespace faultline::ci::gitlab
