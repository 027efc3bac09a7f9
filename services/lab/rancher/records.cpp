// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/records.h"

#include <chrono>

namespace faultline::lab {

namespace {

Json common(const ResourceRecord &record)
{
    return { { "uuid", record.uuid }, { "name", record.name },
        { "description", record.description }, { "state", record.state }, { "error", record.error },
        { "created", record.created }, { "removed", record.removed } };
}

void readCommon(const Json &value, ResourceRecord &record)
{
    record.uuid = textOf(value, "uuid");
    record.name = textOf(value, "name");
    record.description = textOf(value, "description");
    record.state = textOf(value, "state");
    record.error = textOf(value, "error");
    record.created = numberOf(value, "created");
    record.removed = numberOf(value, "removed");
}

std::string wantedName(Wanted wanted)
{
    switch (wanted) {
    case Wanted::Running:
        return "running";
    case Wanted::Stopped:
        return "stopped";
    case Wanted::Removed:
        return "removed";
    }
    return "removed";
}

Wanted wantedOf(const std::string &name)
{
    if (name == "running")
        return Wanted::Running;
    return name == "stopped" ? Wanted::Stopped : Wanted::Removed;
}

int smallNumber(const Json &value, const char *key, int fallback)
{
    return static_cast<int>(numberOf(value, key, fallback));
}

} // namespace

std::string ContainerRecord::label(const char *labelName) const
{
    return textOf(objectOf(launchConfig, "labels"), labelName);
}

std::string ContainerRecord::version() const
{
    return textOf(launchConfig, "version", "0");
}

bool ContainerRecord::hasHealthCheck() const
{
    return numberOf(objectOf(launchConfig, "healthCheck"), "port") != 0;
}

bool ServiceRecord::isGlobal() const
{
    return textOf(objectOf(launchConfig, "labels"), "io.rancher.scheduler.global") == "true";
}

Json toJson(const HostRecord &record)
{
    return { { "address", record.address }, { "name", record.name },
        { "description", record.description }, { "labels", record.labels } };
}

void fromJson(const Json &value, HostRecord &record)
{
    record.address = textOf(value, "address");
    record.name = textOf(value, "name");
    record.description = textOf(value, "description");
    record.labels = textMapOf(value, "labels");
}

Json toJson(const StackRecord &record)
{
    Json value = common(record);
    value["dockerCompose"] = record.dockerCompose;
    value["rancherCompose"] = record.rancherCompose;
    value["environment"] = record.environment;
    value["externalId"] = record.externalId;
    value["group"] = record.group;
    value["startOnCreate"] = record.startOnCreate;
    value["upgrade"] = record.upgrade;
    return value;
}

void fromJson(const Json &value, StackRecord &record)
{
    readCommon(value, record);
    record.dockerCompose = textOf(value, "dockerCompose");
    record.rancherCompose = textOf(value, "rancherCompose");
    record.environment = textMapOf(value, "environment");
    record.externalId = textOf(value, "externalId");
    record.group = textOf(value, "group");
    record.startOnCreate = truthOf(value, "startOnCreate", true);
    record.upgrade = value.contains("upgrade") ? value["upgrade"] : Json();
}

Json toJson(const ServiceRecord &record)
{
    Json value = common(record);
    value["stackId"] = record.stackId;
    value["scale"] = record.scale;
    value["wantActive"] = record.wantActive;
    value["startOnCreate"] = record.startOnCreate;
    value["launchConfig"] = record.launchConfig;
    value["secondaryLaunchConfigs"] = record.secondaryLaunchConfigs;
    value["waitsFor"] = record.waitsFor;
    value["upgrade"] = record.upgrade;
    value["metadata"] = record.metadata;
    value["linkedServices"] = record.linkedServices;
    value["createIndex"] = record.createIndex;
    value["restartBatch"] = record.restartBatch;
    value["restartPause"] = record.restartPause;
    return value;
}

void fromJson(const Json &value, ServiceRecord &record)
{
    readCommon(value, record);
    record.stackId = numberOf(value, "stackId");
    record.scale = smallNumber(value, "scale", 1);
    record.wantActive = truthOf(value, "wantActive", true);
    record.startOnCreate = truthOf(value, "startOnCreate", true);
    record.launchConfig = objectOf(value, "launchConfig");
    record.secondaryLaunchConfigs = arrayOf(value, "secondaryLaunchConfigs");
    record.waitsFor = arrayOf(value, "waitsFor");
    record.upgrade = value.contains("upgrade") ? value["upgrade"] : Json();
    record.metadata = objectOf(value, "metadata");
    record.linkedServices = objectOf(value, "linkedServices");
    record.createIndex = smallNumber(value, "createIndex", 0);
    record.restartBatch = smallNumber(value, "restartBatch", 1);
    record.restartPause = numberOf(value, "restartPause", 2000);
}

Json toJson(const ContainerRecord &record)
{
    Json value = common(record);
    value["stackId"] = record.stackId;
    value["serviceId"] = record.serviceId;
    value["hostId"] = record.hostId;
    value["wanted"] = wantedName(record.wanted);
    value["restartWanted"] = record.restartWanted;
    value["stopSeconds"] = record.stopSeconds;
    value["position"] = record.position;
    value["part"] = record.part;
    value["unit"] = record.unit;
    value["retired"] = record.retired;
    value["health"] = record.health;
    value["launchConfig"] = record.launchConfig;
    value["dockerId"] = record.dockerId;
    value["address"] = record.address;
    value["ports"] = record.ports;
    value["startCount"] = record.startCount;
    value["exitCode"] = record.exitCode;
    return value;
}

void fromJson(const Json &value, ContainerRecord &record)
{
    readCommon(value, record);
    record.stackId = numberOf(value, "stackId");
    record.serviceId = numberOf(value, "serviceId");
    record.hostId = numberOf(value, "hostId", 1); // written when there was one host only
    record.wanted = wantedOf(textOf(value, "wanted"));
    record.restartWanted = truthOf(value, "restartWanted");
    record.stopSeconds = smallNumber(value, "stopSeconds", 10);
    record.position = smallNumber(value, "position", 0);
    record.part = textOf(value, "part");
    record.unit = textOf(value, "unit");
    record.retired = truthOf(value, "retired");
    record.health = textOf(value, "health");
    record.launchConfig = objectOf(value, "launchConfig");
    record.dockerId = textOf(value, "dockerId");
    record.address = textOf(value, "address");
    record.ports = arrayOf(value, "ports");
    record.startCount = smallNumber(value, "startCount", 0);
    record.exitCode = smallNumber(value, "exitCode", 0);
}

std::int64_t nowMs()
{
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

} // namespace faultline::lab
