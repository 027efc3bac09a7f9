// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/stacks/stack_backend.h"

#include <QByteArray>

#include <variant>

/// Answers and frames of Rancher 1.6's v2-beta API as values (facts: rancher.md §2, §3, §5, §6).
/// Pure functions; `where` names the request in errors. Unknown fields are ignored, missing and
/// null ones leave a value's default; a resource without id is ErrorKind::Server. Any thread.
namespace faultline::stacks::rancher {

/// One page of a collection; `next` is the server's link to the next page, empty at the end.
template <typename T>
struct Page
{
    QList<T> items;
    QByteArray next;
};

/// What every resource has that acting on it needs.
struct Resource
{
    QString id;
    QString type; ///< "stack", "service", "loadBalancerService", "container", "host"…
    QMap<QString, QString> actions; ///< name -> whole URL, as the server wrote it
    QMap<QString, QString> links;
};

/// A socket that the server offers (logs, exec, stats).
struct HostAccess
{
    QString url;
    QByteArray token; ///< secret; lives 300 s
};

/// A frame of the subscribe socket.
struct Ping
{
};
struct Logout
{
};
/// Something that this program doesn't show (a volume, a service log…).
struct OtherChange
{
};
using Event = std::variant<OtherChange, Ping, Logout, domain::Stack, domain::Service,
    domain::Container, domain::Host>;

[[nodiscard]] domain::Result<domain::Stack> parseStack(
    const QByteArray &json, const QString &where);
[[nodiscard]] domain::Result<domain::Service> parseService(
    const QByteArray &json, const QString &where);
[[nodiscard]] domain::Result<domain::Container> parseContainer(
    const QByteArray &json, const QString &where);
[[nodiscard]] domain::Result<domain::Host> parseHost(const QByteArray &json, const QString &where);
[[nodiscard]] domain::Result<Resource> parseResource(const QByteArray &json, const QString &where);
[[nodiscard]] domain::Result<HostAccess> parseHostAccess(
    const QByteArray &json, const QString &where);

[[nodiscard]] domain::Result<Page<domain::Project>> parseProjects(
    const QByteArray &json, const QString &where);
[[nodiscard]] domain::Result<Page<domain::Stack>> parseStacks(
    const QByteArray &json, const QString &where);
[[nodiscard]] domain::Result<Page<domain::Service>> parseServices(
    const QByteArray &json, const QString &where);
[[nodiscard]] domain::Result<Page<domain::Container>> parseContainers(
    const QByteArray &json, const QString &where);
[[nodiscard]] domain::Result<Page<domain::Host>> parseHosts(
    const QByteArray &json, const QString &where);

[[nodiscard]] domain::Result<Event> parseEvent(const QByteArray &frame);

/// "8080:80/tcp", "10.0.0.1:8080:80/udp" or "80/tcp"; fields that can't be read stay 0 or empty.
[[nodiscard]] domain::PortBinding parsePort(const QString &text);

} // namespace faultline::stacks::rancher
