// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ci/gitlab/gitlab_releases.h"

#include "services/ci/gitlab/gitlab_parse_details.h"

#include <QJsonArray>

namespace faultline::ci::gitlab {

namespace {

constexpr int mostReleases = 1'000;

QJsonObject bodyOf(const domain::ReleaseLink &link)
{
    QJsonObject out;
    const auto add = [&out](const char *key, const QString &value) {
        if (!value.isEmpty())
            out.insert(QLatin1StringView(key), value);
    };
    add("name", link.name);
    add("url", link.url);
    add("link_type", link.type);
    return out;
}

QJsonArray listOfLinks(const QList<domain::ReleaseLink> &links)
{
    QJsonArray out;
    for (const domain::ReleaseLink &link : links)
        out += bodyOf(link);
    return out;
}

QJsonObject bodyOf(const ReleaseSpec &spec)
{
    QJsonObject out{ { QStringLiteral("tag_name"), spec.tag },
        { QStringLiteral("description"), spec.description } };
    if (!spec.name.isEmpty())
        out.insert(QStringLiteral("name"), spec.name);
    if (!spec.ref.isEmpty())
        out.insert(QStringLiteral("ref"), spec.ref);
    if (!spec.links.isEmpty())
        out.insert(QStringLiteral("assets"),
            QJsonObject{ { QStringLiteral("links"), listOfLinks(spec.links) } });
    return out;
}

} // namespace

QString GitLabReleases::path(const QString &tag) const
{
    return inProject(QStringLiteral("/releases/") + encoded(tag));
}

net::Call GitLabReleases::list(domain::Done<QList<domain::Release>> done)
{
    return client().list<domain::Release>(inProject(QStringLiteral("/releases?per_page=100")),
        parseReleases, mostReleases, std::move(done));
}

net::Call GitLabReleases::one(QString tag, domain::Done<domain::Release> done)
{
    return value<domain::Release>("GET", path(tag), {}, parseRelease, std::move(done));
}

net::Call GitLabReleases::create(ReleaseSpec spec, domain::Done<domain::Release> done)
{
    return value<domain::Release>("POST", inProject(QStringLiteral("/releases")), bodyOf(spec),
        parseRelease, std::move(done));
}

net::Call GitLabReleases::change(QString tag, std::optional<QString> name,
    std::optional<QString> description, domain::Done<domain::Release> done)
{
    QJsonObject body;
    if (name)
        body.insert(QStringLiteral("name"), *name);
    if (description)
        body.insert(QStringLiteral("description"), *description);
    return value<domain::Release>("PUT", path(tag), body, parseRelease, std::move(done));
}

QString GitLabReleases::linkPath(const QString &tag, domain::ReleaseLinkId id) const
{
    const QString all = path(tag) + QStringLiteral("/assets/links");
    return id.isEmpty() ? all : all + u'/' + QString::number(id.value());
}

net::Call GitLabReleases::addLink(
    QString tag, domain::ReleaseLink link, domain::Done<domain::ReleaseLink> done)
{
    return value<domain::ReleaseLink>(
        "POST", linkPath(tag, {}), bodyOf(link), parseReleaseLink, std::move(done));
}

net::Call GitLabReleases::changeLink(
    QString tag, domain::ReleaseLink link, domain::Done<domain::ReleaseLink> done)
{
    return value<domain::ReleaseLink>(
        "PUT", linkPath(tag, link.id), bodyOf(link), parseReleaseLink, std::move(done));
}

net::Call GitLabReleases::removeLink(QString tag, domain::ReleaseLinkId id, domain::Done<void> done)
{
    return effect("DELETE", linkPath(tag, id), {}, std::move(done));
}

net::Call GitLabReleases::remove(QString tag, domain::Done<void> done)
{
    return effect("DELETE", path(tag), {}, std::move(done));
}

} // namespace faultline::ci::gitlab
