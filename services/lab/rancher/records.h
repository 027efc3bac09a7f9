// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/rancher/json_access.h"

#include <cstdint>
#include <map>
#include <string>

namespace faultline::lab {

/// The kinds of resources that live in the store.
enum class Kind { Stack, Service, Container };

/// What every stored resource has. Times are milliseconds since the epoch (UTC).
struct ResourceRecord
{
    std::int64_t id = 0;
    std::string uuid;
    std::string name;
    std::string description;
    std::string state = "requested";
    std::string error; ///< why it failed; shown as transitioning=error
    std::int64_t created = 0;
    std::int64_t removed = 0; ///< 0 while it exists

    friend bool operator==(const ResourceRecord &, const ResourceRecord &) = default;
};

/// What must be kept of a Docker Engine that the lab uses.
struct HostRecord
{
    std::int64_t id = 0;
    std::string address; ///< "unix:///var/run/docker.sock"
    std::string name; ///< that a client set
    std::string description;
    std::map<std::string, std::string> labels; ///< that a client set

    friend bool operator==(const HostRecord &, const HostRecord &) = default;
};

struct StackRecord : ResourceRecord
{
    std::string dockerCompose;
    std::string rancherCompose;
    std::map<std::string, std::string> environment;
    std::string externalId;
    std::string group;
    bool startOnCreate = true;
    Json upgrade; ///< of the stack upgrade under way or to be finished; null without

    friend bool operator==(const StackRecord &, const StackRecord &) = default;
};

struct ServiceRecord : ResourceRecord
{
    std::int64_t stackId = 0;
    int scale = 1;
    bool wantActive = true; ///< what was asked for last: activate or deactivate
    bool startOnCreate = true;
    Json launchConfig = Json::object(); ///< in the API's field names
    Json secondaryLaunchConfigs = Json::array(); ///< sidekicks: like launchConfig, with `name`
    Json metadata = Json::object();
    Json linkedServices = Json::object(); ///< alias -> service name
    Json waitsFor = Json::array(); ///< names of services to start before it, beside links
    Json upgrade; ///< {"inServiceStrategy": …} under way or to be finished; null without
    int createIndex = 0;
    int restartBatch = 1; ///< containers at once of the restart under way
    std::int64_t restartPause = 2000; ///< ms between batches

    [[nodiscard]] bool isGlobal() const;

    friend bool operator==(const ServiceRecord &, const ServiceRecord &) = default;
};

/// What was asked for last; the container is driven there.
enum class Wanted { Running, Stopped, Removed };

struct ContainerRecord : ResourceRecord
{
    std::int64_t stackId = 0; ///< 0: standalone
    std::int64_t serviceId = 0; ///< 0: standalone
    std::int64_t hostId = 0; ///< 0: no place was found yet
    Wanted wanted = Wanted::Running;
    bool restartWanted = false; ///< by a restart action that has not run yet
    int stopSeconds = 10; ///< grace of the next stop
    int position = 0; ///< 1, 2, … within its service
    std::string part; ///< name of its launch config; empty: the primary one
    std::string unit; ///< the same for a container and its sidekicks
    bool retired
        = false; ///< of an upgrade's old version: kept stopped until the upgrade is finished
    std::string health; ///< "initializing", "healthy", …; empty without a health check
    Json launchConfig = Json::object();
    std::string dockerId; ///< empty before Docker knows it
    std::string address; ///< in the stack's network; empty while it does not run
    Json ports = Json::array(); ///< as Docker published them: "127.0.0.1:32768:80/tcp"
    int startCount = 0;
    int exitCode = 0;

    [[nodiscard]] std::string label(const char *name) const;
    [[nodiscard]] std::string version() const; ///< of the launch config it was made from
    [[nodiscard]] bool hasHealthCheck() const;
    [[nodiscard]] bool startsOnce() const
    {
        return label("io.rancher.container.start_once") == "true";
    }

    friend bool operator==(const ContainerRecord &, const ContainerRecord &) = default;
};

[[nodiscard]] Json toJson(const HostRecord &record);
[[nodiscard]] Json toJson(const StackRecord &record);
[[nodiscard]] Json toJson(const ServiceRecord &record);
[[nodiscard]] Json toJson(const ContainerRecord &record);
void fromJson(const Json &value, HostRecord &record);
void fromJson(const Json &value, StackRecord &record);
void fromJson(const Json &value, ServiceRecord &record);
void fromJson(const Json &value, ContainerRecord &record);

[[nodiscard]] std::int64_t nowMs();

} // namespace faultline::lab
