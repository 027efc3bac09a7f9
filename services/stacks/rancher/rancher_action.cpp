// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/net/backoff.h"
#include "services/stacks/rancher/rancher_client.h"
#include "services/stacks/rancher/rancher_paths.h"

#include <QCoreApplication>

namespace faultline::stacks::rancher {

struct RancherClient::Action
{
    QString collection;
    QString id;
    QString name;
    QByteArray body;
    net::Promise<QByteArray> promise;
    int attempts = 0;
};

namespace {

constexpr int mostAttempts = 4;

domain::Error notAvailable(const QString &action, const QString &id)
{
    domain::Error out;
    out.kind = domain::ErrorKind::Conflict;
    out.message = QCoreApplication::translate(
        "rancher", "%1 can't do `%2` in its present state; wait until it has settled, or refresh.")
                      .arg(id, action);
    return out;
}

} // namespace

net::Call RancherClient::runAction(
    QString collection, QString id, QString action, QByteArray body, domain::Done<QByteArray> done)
{
    const net::Promise<QByteArray> promise(std::move(done));
    readForAction(std::make_shared<Action>(Action{ collection, id, action, body, promise }));
    return promise.call();
}

void RancherClient::readForAction(const std::shared_ptr<Action> &action)
{
    ++action->attempts;
    action->promise.follow(
        read(action->collection, action->id, [this, action](domain::Result<QByteArray> resource) {
            if (resource)
                postAction(action, *resource);
            else
                action->promise.finish(domain::failure(resource.error()));
        }));
}

void RancherClient::postAction(const std::shared_ptr<Action> &action, const QByteArray &bytes)
{
    const domain::Result<Resource> resource
        = parseResource(bytes, action->id); // was readable in read()
    const QString link = resource ? resource->actions.value(action->name) : QString();
    if (link.isEmpty()) {
        action->promise.finish(domain::failure(notAvailable(action->name, action->id)));
        return;
    }
    const domain::Result<QString> path = pathOfLink(link, settings().origin);
    if (!path) {
        action->promise.finish(domain::failure(path.error()));
        return;
    }
    net::HttpRequest request;
    request.method = "POST";
    request.path = *path;
    request.body = action->body.isEmpty() ? QByteArray("{}") : action->body;
    request.contentType = "application/json";
    action->promise.follow(send(request, [this, action](domain::Result<QByteArray> answer) {
        if (answer)
            action->promise.finish(std::move(*answer));
        else
            endAction(action, answer.error());
    }));
}

void RancherClient::endAction(const std::shared_ptr<Action> &action, domain::Error error)
{
    const bool wasBusy = error.kind == domain::ErrorKind::Conflict;
    if (wasBusy && action->attempts < mostAttempts) {
        const std::chrono::milliseconds wait{ 200 << action->attempts };
        action->promise.follow(
            m_surroundings.clock->after(wait, [this, action] { readForAction(action); }));
        return;
    }
    if (error.status == 422 && error.serverWords.contains(QStringLiteral("ActionNotAvailable"))) {
        domain::Error told = notAvailable(action->name, action->id);
        told.where = error.where;
        told.status = error.status;
        told.serverWords = error.serverWords;
        error = told;
    }
    action->promise.finish(domain::failure(error));
}

} // namespace faultline::stacks::rancher
