// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/stacks/rancher/resource_reader.h"

namespace faultline::stacks::rancher {

namespace {

using json::name;
using json::Object;
using json::Value;
using simdjson::ondemand::json_type;

QString withoutDockerPrefix(const QString &image)
{
    static const QString prefix = QStringLiteral("docker:");
    return image.startsWith(prefix) ? image.mid(prefix.size()) : image;
}

QStringList readActionNames(Value &value)
{
    QStringList out;
    if (value.type() != json_type::object)
        return out;
    for (auto field : value.get_object()) {
        const std::string_view key = field.unescaped_key();
        out.append(QString::fromUtf8(key.data(), static_cast<qsizetype>(key.size())));
    }
    out.sort(); // the order of a server's map means nothing and would make equal values differ
    return out;
}

/// What every resource has; true when `field` was one of these.
bool readLifecycle(quint64 field, Value &value, domain::Lifecycle &life, SharedValues &shared)
{
    switch (field) {
    case name("state"):
        life.state = shared.openEnum<domain::State>(value);
        return true;
    case name("healthState"):
        life.health = shared.openEnum<domain::Health>(value);
        return true;
    case name("transitioning"):
        life.transitioning = shared.openEnum<domain::Transitioning>(value);
        return true;
    case name("transitioningMessage"):
        life.transitioningMessage = json::text(value);
        return true;
    case name("created"): // the two twins may come in any order, and either may be null
    case name("createdTS"):
        if (const QDateTime time = json::time(value); time.isValid())
            life.created = time;
        return true;
    case name("actions"):
        life.actions = readActionNames(value);
        return true;
    default:
        return false;
    }
}

template <typename IdType>
void requireId(const IdType &id, const char *what)
{
    if (id.isEmpty())
        throw json::Unexpected{ QStringLiteral("%1 has no id").arg(QLatin1StringView(what)) };
}

template <typename IdType>
QList<IdType> readIds(Value &value)
{
    QList<IdType> out;
    for (const QString &id : json::texts(value))
        out.append(IdType(id));
    return out;
}

void readLaunchConfig(Value &value, domain::Service &out)
{
    if (value.type() != json_type::object)
        return;
    json::eachField(value.get_object(), [&out](quint64 field, Value &inner) {
        if (field == name("imageUuid"))
            out.image = withoutDockerPrefix(json::text(inner));
        else if (field == name("labels"))
            out.labels = json::textMap(inner);
    });
}

QList<domain::PortBinding> readPorts(Value &value)
{
    QList<domain::PortBinding> out;
    for (const QString &port : json::texts(value))
        out.append(parsePort(port));
    return out;
}

void readHostInfo(Value &value, domain::Host &out)
{
    if (value.type() != json_type::object)
        return;
    json::eachField(value.get_object(), [&out](quint64 part, Value &section) {
        if (section.type() != json_type::object
            || (part != name("cpuInfo") && part != name("memoryInfo")))
            return;
        json::eachField(section.get_object(), [&out](quint64 field, Value &inner) {
            switch (field) {
            case name("count"):
                out.cpuCount = static_cast<int>(json::integer(inner, 0));
                break;
            case name("memTotal"):
                out.memoryTotalMiB = json::integer(inner, 0);
                break;
            case name("memAvailable"):
                out.memoryFreeMiB = json::integer(inner, 0);
                break;
            case name("memFree"): // without what caches would give back, so only when there is
                                  // nothing better
                if (out.memoryFreeMiB == 0)
                    out.memoryFreeMiB = json::integer(inner, 0);
                break;
            default:
                break;
            }
        });
    });
}

} // namespace

domain::Project readProject(Object object, SharedValues &shared)
{
    domain::Project out;
    json::eachField(object, [&](quint64 field, Value &value) {
        switch (field) {
        case name("id"):
            out.id = domain::ProjectId(json::text(value));
            break;
        case name("name"):
            out.name = json::text(value);
            break;
        case name("orchestration"):
            out.orchestration = shared.text(value);
            break;
        case name("state"):
            out.state = shared.openEnum<domain::State>(value);
            break;
        default:
            break;
        }
    });
    requireId(out.id, "a project");
    return out;
}

domain::Stack readStack(Object object, SharedValues &shared)
{
    domain::Stack out;
    json::eachField(object, [&](quint64 field, Value &value) {
        if (readLifecycle(field, value, out.life, shared))
            return;
        switch (field) {
        case name("id"):
            out.id = domain::StackId(json::text(value));
            break;
        case name("name"):
            out.name = json::text(value);
            break;
        case name("description"):
            out.description = json::text(value);
            break;
        case name("system"):
            out.system = json::boolean(value, false);
            break;
        case name("serviceIds"):
            out.serviceIds = readIds<domain::ServiceId>(value);
            break;
        default:
            break;
        }
    });
    requireId(out.id, "a stack");
    return out;
}

domain::Service readService(Object object, SharedValues &shared)
{
    domain::Service out;
    json::eachField(object, [&](quint64 field, Value &value) {
        if (readLifecycle(field, value, out.life, shared))
            return;
        switch (field) {
        case name("id"):
            out.id = domain::ServiceId(json::text(value));
            break;
        case name("stackId"):
            out.stackId = domain::StackId(shared.text(value));
            break;
        case name("name"):
            out.name = json::text(value);
            break;
        case name("type"):
            out.kind = shared.text(value);
            break;
        case name("scale"):
            out.scale = static_cast<int>(json::integer(value, 0));
            break;
        case name("currentScale"):
            out.currentScale = static_cast<int>(json::integer(value, 0));
            break;
        case name("launchConfig"):
            readLaunchConfig(value, out);
            break;
        case name("metadata"):
            out.metadata = json::textMap(value);
            break;
        default:
            break;
        }
    });
    requireId(out.id, "a service");
    return out;
}

domain::Container readContainer(Object object, SharedValues &shared)
{
    domain::Container out;
    domain::ServiceId firstService;
    json::eachField(object, [&](quint64 field, Value &value) {
        if (readLifecycle(field, value, out.life, shared))
            return;
        switch (field) {
        case name("id"):
            out.id = domain::ContainerId(json::text(value));
            break;
        case name("stackId"):
            out.stackId = domain::StackId(shared.text(value));
            break;
        case name("serviceId"):
            out.serviceId = domain::ServiceId(shared.text(value));
            break;
        case name("serviceIds"):
            firstService = readIds<domain::ServiceId>(value).value(0);
            break;
        case name("hostId"):
            out.hostId = domain::HostId(shared.text(value));
            break;
        case name("name"):
            out.name = json::text(value);
            break;
        case name("imageUuid"):
            out.image = withoutDockerPrefix(shared.text(value));
            break;
        case name("externalId"):
            out.externalId = json::text(value);
            break;
        case name("primaryIpAddress"):
            out.primaryAddress = json::text(value);
            break;
        case name("ports"):
            out.ports = readPorts(value);
            break;
        case name("labels"):
            out.labels = json::textMap(value);
            break;
        case name("startCount"):
            out.startCount = static_cast<int>(json::integer(value, 0));
            break;
        default:
            break;
        }
    });
    requireId(out.id, "a container");
    if (out.serviceId.isEmpty())
        out.serviceId = firstService;
    return out;
}

domain::Host readHost(Object object, SharedValues &shared)
{
    domain::Host out;
    QString hostname;
    json::eachField(object, [&](quint64 field, Value &value) {
        if (readLifecycle(field, value, out.life, shared))
            return;
        switch (field) {
        case name("id"):
            out.id = domain::HostId(json::text(value));
            break;
        case name("name"):
            out.name = json::text(value);
            break;
        case name("hostname"):
            hostname = json::text(value);
            break;
        case name("agentIpAddress"):
            out.address = json::text(value);
            break;
        case name("labels"):
            out.labels = json::textMap(value);
            break;
        case name("info"):
            readHostInfo(value, out);
            break;
        default:
            break;
        }
    });
    requireId(out.id, "a host");
    if (out.name.isEmpty())
        out.name = hostname;
    return out;
}

domain::PortBinding parsePort(const QString &text)
{
    domain::PortBinding out;
    const qsizetype slash = text.indexOf(QLatin1Char('/'));
    out.protocol = slash < 0 ? QStringLiteral("tcp") : text.mid(slash + 1);
    // The address may hold colons of its own (IPv6), so the ports are taken from the end.
    const QString numbers = text.left(slash < 0 ? text.size() : slash);
    const qsizetype last = numbers.lastIndexOf(QLatin1Char(':'));
    out.containerPort = numbers.mid(last + 1).toInt();
    if (last < 0)
        return out;
    const QString front = numbers.left(last);
    const qsizetype before = front.lastIndexOf(QLatin1Char(':'));
    out.hostPort = front.mid(before + 1).toInt();
    out.hostAddress = before < 0 ? QString() : front.left(before);
    return out;
}

} // namespace faultline::stacks::rancher
