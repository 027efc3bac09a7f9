// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/stacks/rancher/rancher_parse.h"

#include "services/stacks/rancher/resource_reader.h"

#include <QCoreApplication>

namespace faultline::stacks::rancher {

namespace {

using json::name;
using json::Object;
using json::Value;
using simdjson::ondemand::document;
using simdjson::ondemand::json_type;

template <typename T>
using Read = T (*)(Object, SharedValues &);

template <typename T>
domain::Result<T> parseOne(const QByteArray &bytes, const QString &where, Read<T> read)
{
    return json::parse(bytes, where, [read](document &answer) {
        SharedValues shared;
        return read(answer.get_object(), shared);
    });
}

QByteArray readNext(Value &value)
{
    QByteArray out;
    if (value.type() != json_type::object)
        return out;
    json::eachField(value.get_object(), [&out](quint64 field, Value &inner) {
        if (field == name("next"))
            out = json::text(inner).toUtf8();
    });
    return out;
}

template <typename T>
domain::Result<Page<T>> parsePage(const QByteArray &bytes, const QString &where, Read<T> read)
{
    return json::parse(bytes, where, [read](document &answer) {
        SharedValues shared;
        Page<T> out;
        bool hasList = false;
        json::eachField(answer.get_object(), [&](quint64 field, Value &value) {
            if (field == name("data") && value.type() == json_type::array) {
                hasList = true;
                out.items.clear();
                for (auto element : value.get_array())
                    out.items.append(read(element.get_object(), shared));
            } else if (field == name("pagination")) {
                out.next = readNext(value);
            }
        });
        if (!hasList)
            throw json::Unexpected{ QStringLiteral("a collection without its list") };
        return out;
    });
}

enum class ResourceKind { Other, Stack, Service, Container, Host };

ResourceKind kindOf(const QString &type)
{
    if (type == QStringLiteral("stack") || type == QStringLiteral("environment"))
        return ResourceKind::Stack;
    if (type == QStringLiteral("container") || type == QStringLiteral("instance")
        || type == QStringLiteral("virtualMachine"))
        return ResourceKind::Container;
    if (type == QStringLiteral("host"))
        return ResourceKind::Host;
    // loadBalancerService, dnsService, externalService…: the list belongs to the server.
    if (type == QStringLiteral("service") || type.endsWith(QStringLiteral("Service")))
        return ResourceKind::Service;
    return ResourceKind::Other;
}

/// Calls `take` on the frame's resource, if it has one.
template <typename Take>
void withResource(Object frame, Take take)
{
    json::eachField(frame, [&take](quint64 field, Value &value) {
        if (field != name("data") || value.type() != json_type::object)
            return;
        json::eachField(value.get_object(), [&take](quint64 inner, Value &resource) {
            if (inner == name("resource") && resource.type() == json_type::object)
                take(resource.get_object());
        });
    });
}

struct FrameHead
{
    QString name;
    QString type; ///< of the resource: its own word, else its base type, else the frame's
};

FrameHead readHead(document &frame)
{
    FrameHead out;
    QString frameType;
    QString baseType;
    json::eachField(frame.get_object(), [&](quint64 field, Value &value) {
        if (field == name("name"))
            out.name = json::text(value);
        else if (field == name("resourceType"))
            frameType = json::text(value);
    });
    if (kindOf(frameType) == ResourceKind::Other) {
        frame.rewind();
        withResource(frame.get_object(), [&](Object resource) {
            json::eachField(resource, [&](quint64 field, Value &value) {
                if (field == name("type"))
                    out.type = json::text(value);
                else if (field == name("baseType"))
                    baseType = json::text(value);
            });
        });
        if (kindOf(out.type) == ResourceKind::Other)
            out.type = baseType;
    } else {
        out.type = frameType;
    }
    return out;
}

Event readChange(document &frame, ResourceKind kind)
{
    Event out;
    SharedValues shared;
    frame.rewind();
    withResource(frame.get_object(), [&](Object resource) {
        switch (kind) {
        case ResourceKind::Stack:
            out = readStack(resource, shared);
            break;
        case ResourceKind::Service:
            out = readService(resource, shared);
            break;
        case ResourceKind::Container:
            out = readContainer(resource, shared);
            break;
        case ResourceKind::Host:
            out = readHost(resource, shared);
            break;
        case ResourceKind::Other:
            break;
        }
    });
    return out;
}

} // namespace

domain::Result<domain::Stack> parseStack(const QByteArray &json, const QString &where)
{
    return parseOne<domain::Stack>(json, where, readStack);
}

domain::Result<domain::Service> parseService(const QByteArray &json, const QString &where)
{
    return parseOne<domain::Service>(json, where, readService);
}

domain::Result<domain::Container> parseContainer(const QByteArray &json, const QString &where)
{
    return parseOne<domain::Container>(json, where, readContainer);
}

domain::Result<domain::Host> parseHost(const QByteArray &json, const QString &where)
{
    return parseOne<domain::Host>(json, where, readHost);
}

domain::Result<Page<domain::Project>> parseProjects(const QByteArray &json, const QString &where)
{
    return parsePage<domain::Project>(json, where, readProject);
}

domain::Result<Page<domain::Stack>> parseStacks(const QByteArray &json, const QString &where)
{
    return parsePage<domain::Stack>(json, where, readStack);
}

domain::Result<Page<domain::Service>> parseServices(const QByteArray &json, const QString &where)
{
    return parsePage<domain::Service>(json, where, readService);
}

domain::Result<Page<domain::Container>> parseContainers(
    const QByteArray &json, const QString &where)
{
    return parsePage<domain::Container>(json, where, readContainer);
}

domain::Result<Page<domain::Host>> parseHosts(const QByteArray &json, const QString &where)
{
    return parsePage<domain::Host>(json, where, readHost);
}

domain::Result<Resource> parseResource(const QByteArray &json, const QString &where)
{
    return json::parse(json, where, [](document &answer) {
        Resource out;
        json::eachField(answer.get_object(), [&out](quint64 field, Value &value) {
            switch (field) {
            case name("id"):
                out.id = json::text(value);
                break;
            case name("type"):
                out.type = json::text(value);
                break;
            case name("actions"):
                out.actions = json::textMap(value);
                break;
            case name("links"):
                out.links = json::textMap(value);
                break;
            default:
                break;
            }
        });
        if (out.id.isEmpty())
            throw json::Unexpected{ QStringLiteral("a resource has no id") };
        return out;
    });
}

domain::Result<HostAccess> parseHostAccess(const QByteArray &json, const QString &where)
{
    return json::parse(json, where, [](document &answer) {
        HostAccess out;
        json::eachField(answer.get_object(), [&out](quint64 field, Value &value) {
            if (field == name("url"))
                out.url = json::text(value);
            else if (field == name("token"))
                out.token = json::text(value).toUtf8();
        });
        if (out.url.isEmpty())
            throw json::Unexpected{ QStringLiteral("no address of the log's socket") };
        return out;
    });
}

domain::Result<Event> parseEvent(const QByteArray &frame)
{
    const QString where = QCoreApplication::translate("rancher", "event of the subscribe socket");
    return json::parse(frame, where, [](document &answer) -> Event {
        const FrameHead head = readHead(answer);
        if (head.name == QStringLiteral("ping"))
            return Ping{};
        if (head.name == QStringLiteral("logout"))
            return Logout{};
        if (head.name != QStringLiteral("resource.change"))
            return OtherChange{};
        return readChange(answer, kindOf(head.type));
    });
}

} // namespace faultline::stacks::rancher
