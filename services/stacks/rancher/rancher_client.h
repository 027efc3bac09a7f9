// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/net/http_client.h"
#include "services/net/surroundings.h"
#include "services/stacks/rancher/rancher_parse.h"

#include <QSet>

namespace faultline::stacks::rancher {

/// Requests to one project of one Rancher server: knows the project's path, follows pages, runs
/// actions. On the thread that created it.
class RancherClient : public QObject
{
    Q_OBJECT

public:
    /// `project` is an id ("1a5"), a name, or empty for the key's only one.
    RancherClient(net::ServerSettings settings, QString project, net::Surroundings surroundings);

    [[nodiscard]] const net::ServerSettings &settings() const { return m_http.settings(); }
    [[nodiscard]] const net::Surroundings &surroundings() const { return m_surroundings; }
    void resume() { m_http.resume(); }

    [[nodiscard]] net::Call projects(domain::Done<QList<domain::Project>> done);
    /// "/v2-beta/projects/1a5": asks the server once when the settings don't give the id itself.
    /// NotFound when there is no such project, Invalid when the key has several and none was
    /// chosen.
    [[nodiscard]] net::Call projectPath(domain::Done<QString> done);

    /// Stacks, services, containers and hosts, read in parallel.
    [[nodiscard]] net::Call snapshot(domain::Done<StackSnapshot> done);

    /// Answer of GET `collection`/`id`; NotFound when the server answers another object (it ignores
    /// an id's prefix).
    [[nodiscard]] net::Call read(QString collection, QString id, domain::Done<QByteArray> done);
    [[nodiscard]] net::Call create(
        QString collection, QByteArray body, domain::Done<QByteArray> done);
    [[nodiscard]] net::Call change(
        QString collection, QString id, QByteArray body, domain::Done<QByteArray> done);
    [[nodiscard]] net::Call remove(QString collection, QString id, domain::Done<QByteArray> done);
    /// POST to the resource's own action link; reads again and retries a few times when somebody
    /// else changes it at the same time. Conflict when its state doesn't allow the action.
    [[nodiscard]] net::Call runAction(QString collection, QString id, QString action,
        QByteArray body, domain::Done<QByteArray> done);
    /// The answer of GET on one of the resource's own links ("containerStats"); NotFound when it
    /// has no such link.
    [[nodiscard]] net::Call readLink(
        QString collection, QString id, QString link, domain::Done<QByteArray> done);
    /// First item of a filtered list ("name=web"), NotFound when there is none.
    [[nodiscard]] net::Call find(QString collection, QString filter, domain::Done<QByteArray> done);

    /// Every page of a list. The set may change while pages are read, so items are unique by id.
    template <typename T>
    using ParsePage = domain::Result<Page<T>> (*)(const QByteArray &, const QString &);
    template <typename T>
    [[nodiscard]] net::Call list(QString path, ParsePage<T> parse, domain::Done<QList<T>> done);

private:
    [[nodiscard]] net::Call send(net::HttpRequest request, domain::Done<QByteArray> done);
    /// Resolves the project, then sends what `make` makes of its path.
    [[nodiscard]] net::Call inProject(
        std::function<net::HttpRequest(const QString &)> make, domain::Done<QByteArray> done);

    struct Action;
    void readForAction(const std::shared_ptr<Action> &action);
    void postAction(const std::shared_ptr<Action> &action, const QByteArray &resource);
    void endAction(const std::shared_ptr<Action> &action, domain::Error error);

    net::HttpClient m_http;
    net::Surroundings m_surroundings;
    QString m_project;
    QString m_projectPath; // once known
};

} // namespace faultline::stacks::rancher
