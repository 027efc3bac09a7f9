// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/stacks/rancher/rancher_client.h"

#include "services/stacks/rancher/rancher_list.h"
#include "services/stacks/rancher/rancher_paths.h"
#include "services/stacks/rancher/snapshot_reading.h"

#include <QCoreApplication>
#include <QRegularExpression>

namespace faultline::stacks::rancher {

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(rancher)
};

domain::Result<QString> chosenProject(const QList<domain::Project> &projects, const QString &wanted)
{
    QStringList names;
    for (const domain::Project &project : projects) {
        names.append(project.name);
        if (!wanted.isEmpty() && (project.id.value() == wanted || project.name == wanted))
            return project.id.value();
    }
    if (wanted.isEmpty() && projects.size() == 1)
        return projects.first().id.value();
    const QString known = names.mid(0, 20).join(QStringLiteral(", "));
    if (wanted.isEmpty() && !projects.isEmpty())
        return domain::failure(domain::ErrorKind::Invalid,
            Texts::tr(
                "This key sees several Rancher environments; choose one in the workspace: %1.")
                .arg(known));
    return domain::failure(domain::ErrorKind::NotFound,
        projects.isEmpty() ? Texts::tr("This key sees no Rancher environment.")
                           : Texts::tr("There is no Rancher environment `%1`; this key sees: %2.")
                                 .arg(wanted, known));
}

net::HttpRequest requestOf(
    const QByteArray &method, const QString &path, const QByteArray &body = {})
{
    net::HttpRequest out;
    out.method = method;
    out.path = path;
    if (method == "POST" || method == "PUT") {
        out.body = body.isEmpty() ? QByteArray("{}") : body;
        out.contentType = "application/json";
    }
    return out;
}

} // namespace

RancherClient::RancherClient(
    net::ServerSettings settings, QString project, net::Surroundings surroundings)
    : m_http(std::move(settings), surroundings)
    , m_surroundings(std::move(surroundings))
    , m_project(std::move(project))
{
}

net::Call RancherClient::projects(domain::Done<QList<domain::Project>> done)
{
    return list<domain::Project>(
        QStringLiteral("/v2-beta/projects?limit=-1"), parseProjects, std::move(done));
}

net::Call RancherClient::projectPath(domain::Done<QString> done)
{
    static const QRegularExpression idForm(QStringLiteral("^1a[0-9]+$"));
    if (m_projectPath.isEmpty() && idForm.match(m_project).hasMatch())
        m_projectPath = rancher::projectPath(m_project);
    net::Promise<QString> promise(std::move(done));
    if (!m_projectPath.isEmpty()) {
        promise.finishLater(this, m_projectPath);
        return promise.call();
    }
    promise.follow(projects([this, promise](domain::Result<QList<domain::Project>> known) {
        if (!known) {
            promise.finish(domain::failure(known.error()));
            return;
        }
        const domain::Result<QString> id = chosenProject(*known, m_project);
        if (!id) {
            promise.finish(domain::failure(id.error()));
            return;
        }
        m_projectPath = rancher::projectPath(*id);
        promise.finish(m_projectPath);
    }));
    return promise.call();
}

net::Call RancherClient::snapshot(domain::Done<StackSnapshot> done)
{
    return std::make_shared<SnapshotReading>(*this, std::move(done))->start();
}

net::Call RancherClient::send(net::HttpRequest request, domain::Done<QByteArray> done)
{
    net::Promise<QByteArray> promise(std::move(done));
    promise.follow(
        m_http.send(std::move(request), [promise](domain::Result<net::HttpResponse> answer) {
            if (answer)
                promise.finish(std::move(answer->body));
            else
                promise.finish(domain::failure(std::move(answer.error())));
        }));
    return promise.call();
}

net::Call RancherClient::inProject(
    std::function<net::HttpRequest(const QString &)> make, domain::Done<QByteArray> done)
{
    net::Promise<QByteArray> promise(std::move(done));
    promise.follow(
        projectPath([this, promise, make = std::move(make)](domain::Result<QString> path) {
            if (!path) {
                promise.finish(domain::failure(path.error()));
                return;
            }
            promise.follow(send(make(*path),
                [promise](domain::Result<QByteArray> answer) { promise.finish(answer); }));
        }));
    return promise.call();
}

net::Call RancherClient::read(QString collection, QString id, domain::Done<QByteArray> done)
{
    net::Promise<QByteArray> promise(std::move(done));
    const auto make = [collection, id](const QString &project) {
        return requestOf("GET", resourcePath(project, collection, id));
    };
    promise.follow(inProject(make, [promise, collection, id](domain::Result<QByteArray> answer) {
        if (!answer) {
            promise.finish(domain::failure(answer.error()));
            return;
        }
        const QString where = QStringLiteral("GET %1/%2").arg(collection, id);
        const domain::Result<Resource> resource = parseResource(*answer, where);
        if (!resource)
            promise.finish(domain::failure(resource.error()));
        else if (resource->id != id)
            promise.finish(domain::failure(domain::ErrorKind::NotFound,
                Texts::tr("There is no object %1 in this environment.").arg(id), where));
        else
            promise.finish(std::move(*answer));
    }));
    return promise.call();
}

net::Call RancherClient::create(QString collection, QByteArray body, domain::Done<QByteArray> done)
{
    return inProject(
        [collection, body](const QString &project) {
            return requestOf("POST", QStringLiteral("%1/%2").arg(project, collection), body);
        },
        std::move(done));
}

net::Call RancherClient::change(
    QString collection, QString id, QByteArray body, domain::Done<QByteArray> done)
{
    return inProject(
        [collection, id, body](const QString &project) {
            return requestOf("PUT", resourcePath(project, collection, id), body);
        },
        std::move(done));
}

net::Call RancherClient::remove(QString collection, QString id, domain::Done<QByteArray> done)
{
    // The server ignores the prefix of an id, so an id of another kind would remove a stranger:
    // read first.
    net::Promise<QByteArray> promise(std::move(done));
    promise.follow(
        read(collection, id, [this, promise, collection, id](domain::Result<QByteArray> present) {
            if (!present) {
                promise.finish(domain::failure(present.error()));
                return;
            }
            const auto make = [collection, id](const QString &project) {
                return requestOf("DELETE", resourcePath(project, collection, id));
            };
            promise.follow(inProject(
                make, [promise](domain::Result<QByteArray> answer) { promise.finish(answer); }));
        }));
    return promise.call();
}

net::Call RancherClient::readLink(
    QString collection, QString id, QString link, domain::Done<QByteArray> done)
{
    net::Promise<QByteArray> promise(std::move(done));
    promise.follow(read(
        collection, id, [this, promise, collection, id, link](domain::Result<QByteArray> present) {
            if (!present) {
                promise.finish(domain::failure(present.error()));
                return;
            }
            const domain::Result<Resource> resource = parseResource(*present, id);
            const QString address = resource ? resource->links.value(link) : QString();
            if (address.isEmpty()) {
                promise.finish(domain::failure(domain::ErrorKind::NotFound,
                    QCoreApplication::translate("rancher", "%1 has no `%2`.").arg(id, link),
                    collection));
                return;
            }
            const domain::Result<QString> path = pathOfLink(address, settings().origin);
            if (!path) {
                promise.finish(domain::failure(path.error()));
                return;
            }
            promise.follow(send(requestOf("GET", *path),
                [promise](domain::Result<QByteArray> answer) { promise.finish(answer); }));
        }));
    return promise.call();
}

net::Call RancherClient::find(QString collection, QString filter, domain::Done<QByteArray> done)
{
    return inProject(
        [collection, filter](const QString &project) {
            return requestOf(
                "GET", QStringLiteral("%1/%2?%3&limit=-1").arg(project, collection, filter));
        },
        std::move(done));
}

} // namespace faultline::stacks::rancher
