// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/compose_service.h"

#include "services/lab/rancher/compose_values.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <functional>
#include <sstream>
#include <string_view>

namespace faultline::lab {

namespace {

using Outcome = tl::expected<void,
    std::string>; ///< the error is the rest of a sentence: "… must be a number"
using Reader = std::function<Outcome(const YamlTree &value, ComposeService &service)>;
using Type = YamlTree::Type;
using namespace compose;

template <typename Convert>
Reader into(const char *field, Convert convert)
{
    return [field, convert](const YamlTree &value, ComposeService &service) -> Outcome {
        auto converted = convert(value);
        if (!converted)
            return wrong(converted.error());
        service.launchConfig[field] = *converted;
        return {};
    };
}

Outcome readImage(const YamlTree &value, ComposeService &service)
{
    if (value.type() != Type::Text || value.text().empty())
        return wrong("must name an image");
    service.launchConfig["imageUuid"] = "docker:" + value.text();
    return {};
}

Outcome readVolumes(const YamlTree &value, ComposeService &service)
{
    auto list = listFrom(value);
    if (!list)
        return wrong(list.error());
    for (const Json &item : *list) {
        const auto text = item.get<std::string>();
        if (text.empty() || text.front() == '.' || text.front() == '~')
            return wrong("can't use \"" + text
                + "\": the server has no folder of yours; write an absolute path");
    }
    service.launchConfig["dataVolumes"] = std::move(*list);
    return {};
}

Outcome readLinks(const YamlTree &value, ComposeService &service)
{
    const auto list = listFrom(value);
    if (!list)
        return wrong(list.error());
    for (const Json &item : *list) {
        const auto text = item.get<std::string>();
        const std::size_t colon = std::min(text.find(':'), text.size());
        const std::string target = text.substr(0, colon);
        service.linkedServices[colon < text.size() ? text.substr(colon + 1) : target] = target;
    }
    return {};
}

Outcome readNetworkMode(const YamlTree &value, ComposeService &service)
{
    static constexpr const char *known[]{ "host", "none", "bridge", "managed", "default" };
    for (const char *mode : known) {
        if (value.text() == mode) {
            service.launchConfig["networkMode"] = value.text();
            return {};
        }
    }
    // Of a service and its sidekicks only; the reader of the whole file checks that.
    for (const std::string_view prefix : { "container:", "service:" }) {
        if (value.text().starts_with(prefix) && value.text().size() > prefix.size()) {
            service.launchConfig["networkMode"] = "container";
            service.launchConfig["networkLaunchConfig"] = value.text().substr(prefix.size());
            return {};
        }
    }
    return wrong("must be host, none, bridge or managed");
}

Outcome readVolumesFrom(const YamlTree &value, ComposeService &service)
{
    auto list = listFrom(value);
    if (!list)
        return wrong(list.error());
    service.launchConfig["dataVolumesFromLaunchConfigs"] = std::move(*list);
    return {};
}

Outcome readNetworks(const YamlTree &value, ComposeService &)
{
    const auto isDefault = [](const std::string &name) { return name == "default"; };
    for (const YamlTree &item : value.items()) {
        if (!isDefault(item.text()))
            return wrong("is not supported: every stack has one network of its own");
    }
    for (const auto &[name, item] : value.entries()) {
        if (!isDefault(name))
            return wrong("is not supported: every stack has one network of its own");
    }
    return {};
}

Outcome readRestart(const YamlTree &value, ComposeService &service)
{
    const std::string &text = value.text();
    const std::size_t colon = std::min(text.find(':'), text.size());
    Json policy{ { "name", text.substr(0, colon) } };
    if (colon < text.size())
        policy["maximumRetryCount"] = std::strtol(text.c_str() + colon + 1, nullptr, 10);
    service.launchConfig["restartPolicy"] = std::move(policy);
    return {};
}

Outcome readTmpfs(const YamlTree &value, ComposeService &service)
{
    const auto list = listFrom(value);
    if (!list)
        return wrong(list.error());
    for (const Json &item : *list) {
        const auto text = item.get<std::string>();
        const std::size_t colon = std::min(text.find(':'), text.size());
        service.launchConfig["tmpfs"][text.substr(0, colon)]
            = colon < text.size() ? text.substr(colon + 1) : "";
    }
    return {};
}

Outcome readUlimits(const YamlTree &value, ComposeService &service)
{
    if (value.type() != Type::Map)
        return wrong("must be a map");
    for (const auto &[name, limit] : value.entries()) {
        const YamlTree *soft = limit.type() == Type::Map ? limit.find("soft") : &limit;
        const YamlTree *hard = limit.type() == Type::Map ? limit.find("hard") : &limit;
        if (soft == nullptr || hard == nullptr || !numberFrom(*soft) || !numberFrom(*hard))
            return wrong("must have numbers (see \"" + name + "\")");
        service.launchConfig["ulimits"].push_back(
            { { "name", name }, { "soft", *numberFrom(*soft) }, { "hard", *numberFrom(*hard) } });
    }
    return {};
}

Outcome readLogging(const YamlTree &value, ComposeService &service)
{
    if (value.type() != Type::Map)
        return wrong("must be a map");
    if (const YamlTree *driver = value.find("driver"))
        service.launchConfig["logConfig"]["driver"] = driver->text();
    if (const YamlTree *options = value.find("options")) {
        const auto map = mapFrom(*options);
        if (!map)
            return wrong(map.error());
        service.launchConfig["logConfig"]["config"] = *map;
    }
    return {};
}

Outcome readLogDriver(const YamlTree &value, ComposeService &service)
{
    service.launchConfig["logConfig"]["driver"] = value.text();
    return {};
}

Outcome readLogOptions(const YamlTree &value, ComposeService &service)
{
    const auto map = mapFrom(value);
    if (!map)
        return wrong(map.error());
    service.launchConfig["logConfig"]["config"] = *map;
    return {};
}

Outcome readPid(const YamlTree &value, ComposeService &service)
{
    if (value.text() != "host")
        return wrong("must be host");
    service.launchConfig["pidMode"] = "host";
    return {};
}

Outcome readCpus(const YamlTree &value, ComposeService &service)
{
    char *end = nullptr;
    const double cpus = std::strtod(value.text().c_str(), &end);
    if (value.text().empty() || *end != '\0' || cpus < 0 || cpus > 4096)
        return wrong("must be a number");
    service.launchConfig["milliCpuLimit"] = static_cast<std::int64_t>(cpus * 1000);
    return {};
}

Outcome readLabels(const YamlTree &value, ComposeService &service)
{
    const auto labels = mapFrom(value);
    if (!labels)
        return wrong(labels.error());
    std::string names = textOf(*labels, "io.rancher.sidekicks");
    std::replace(names.begin(), names.end(), ',', ' ');
    std::istringstream stream(names);
    for (std::string name; stream >> name;)
        service.sidekicks.push_back(name);
    service.launchConfig["labels"] = *labels;
    return {};
}

Outcome readDependsOn(const YamlTree &value, ComposeService &service)
{
    if (value.type() == Type::Map) {
        for (const auto &[name, condition] : value.entries())
            service.waitsFor.push_back(name);
        return {};
    }
    auto list = listFrom(value);
    if (!list)
        return wrong(list.error());
    service.waitsFor = std::move(*list);
    return {};
}

/// Addresses are kept as long as containers are, with or without it.
Outcome readRetainIp(const YamlTree &, ComposeService &)
{
    return {};
}

Outcome readUpgradeStrategy(const YamlTree &value, ComposeService &service)
{
    if (value.type() != Type::Map)
        return wrong("must be a map");
    for (const auto &[key, item] : value.entries()) {
        const auto number = numberFrom(item);
        const auto truth = truthFrom(item);
        if (key == "start_first" && truth)
            service.upgradeStrategy["startFirst"] = *truth;
        else if (key == "batch_size" && number && *number >= 1)
            service.upgradeStrategy["batchSize"] = *number;
        else if (key == "interval_millis" && number && *number >= 100)
            service.upgradeStrategy["intervalMillis"] = *number;
        else
            return wrong("can't use \"" + key + "\" with that value");
    }
    return {};
}

const std::map<std::string, Reader> &dockerKeys()
{
    static const std::map<std::string, Reader> keys{ { "image", readImage },
        { "command", into("command", wordsFrom) }, { "entrypoint", into("entryPoint", wordsFrom) },
        { "environment", into("environment", mapFrom) }, { "labels", readLabels },
        { "ports", into("ports", listFrom) }, { "expose", into("expose", listFrom) },
        { "volumes", readVolumes }, { "links", readLinks }, { "depends_on", readDependsOn },
        { "volumes_from", readVolumesFrom }, { "networks", readNetworks },
        { "cap_add", into("capAdd", listFrom) }, { "cap_drop", into("capDrop", listFrom) },
        { "privileged", into("privileged", truthFrom) },
        { "read_only", into("readOnly", truthFrom) }, { "tty", into("tty", truthFrom) },
        { "stdin_open", into("stdinOpen", truthFrom) }, { "init", into("runInit", truthFrom) },
        { "user", into("user", textFrom) }, { "working_dir", into("workingDir", textFrom) },
        { "hostname", into("hostname", textFrom) }, { "domainname", into("domainName", textFrom) },
        { "stop_signal", into("stopSignal", textFrom) },
        { "stop_grace_period", into("stopTimeout", secondsFrom) },
        { "network_mode", readNetworkMode }, { "net", readNetworkMode }, { "pid", readPid },
        { "restart", readRestart }, { "dns", into("dns", listFrom) },
        { "dns_search", into("dnsSearch", listFrom) },
        { "extra_hosts", into("extraHosts", listFrom) }, { "ulimits", readUlimits },
        { "sysctls", into("sysctls", mapFrom) }, { "tmpfs", readTmpfs },
        { "mem_limit", into("memory", bytesFrom) },
        { "memswap_limit", into("memorySwap", bytesFrom) },
        { "mem_reservation", into("memoryReservation", bytesFrom) },
        { "shm_size", into("shmSize", bytesFrom) }, { "cpu_shares", into("cpuShares", numberFrom) },
        { "cpuset", into("cpuSet", textFrom) }, { "cpus", readCpus },
        { "pids_limit", into("pidsLimit", numberFrom) },
        { "oom_score_adj", into("oomScoreAdj", numberFrom) },
        { "devices", into("devices", listFrom) }, { "security_opt", into("securityOpt", listFrom) },
        { "logging", readLogging }, { "log_driver", readLogDriver },
        { "log_opt", readLogOptions } };
    return keys;
}

Outcome readScale(const YamlTree &value, ComposeService &service)
{
    const auto number = numberFrom(value);
    if (!number || *number < 0 || *number > 1000)
        return wrong("must be a whole number from 0 to 1000");
    service.scale = static_cast<int>(*number);
    return {};
}

Outcome readStartOnCreate(const YamlTree &value, ComposeService &service)
{
    const auto truth = truthFrom(value);
    if (!truth)
        return wrong(truth.error());
    service.startOnCreate = *truth;
    return {};
}

Outcome readMetadata(const YamlTree &value, ComposeService &service)
{
    service.metadata = plainJson(value);
    return service.metadata.is_object() ? Outcome() : wrong("must be a map");
}

Outcome readHealthCheck(const YamlTree &value, ComposeService &service)
{
    if (value.type() != Type::Map)
        return wrong("must be a map");
    static const std::map<std::string, const char *> fields{ { "port", "port" },
        { "interval", "interval" }, { "response_timeout", "responseTimeout" },
        { "healthy_threshold", "healthyThreshold" },
        { "unhealthy_threshold", "unhealthyThreshold" },
        { "initializing_timeout", "initializingTimeout" },
        { "reinitializing_timeout", "reinitializingTimeout" }, { "request_line", "requestLine" },
        { "strategy", "strategy" } };
    Json check{ { "type", "instanceHealthCheck" } };
    for (const auto &[key, item] : value.entries()) {
        const auto field = fields.find(key);
        if (key == "recreate_on_quorum_strategy_config" && item.type() == Type::Map) {
            const YamlTree *quorum = item.find("quorum");
            if (quorum == nullptr || !numberFrom(*quorum))
                return wrong("needs recreate_on_quorum_strategy_config.quorum as a number");
            check["recreateOnQuorumStrategyConfig"]["quorum"] = *numberFrom(*quorum);
            continue;
        }
        if (field == fields.end())
            return wrong("does not know \"" + key + "\"");
        const auto number = numberFrom(item);
        check[field->second] = number ? Json(*number) : Json(item.text());
    }
    const std::string strategy = textOf(check, "strategy", "recreate");
    if (strategy != "none" && strategy != "recreate" && strategy != "recreateOnQuorum")
        return wrong("has a strategy that is not none, recreate or recreateOnQuorum");
    const std::int64_t port = numberOf(check, "port");
    if (port < 1 || port > 65535)
        return wrong("needs a port from 1 to 65535");
    service.launchConfig["healthCheck"] = std::move(check);
    return {};
}

const std::map<std::string, Reader> &rancherKeys()
{
    static const std::map<std::string, Reader> keys{ { "scale", readScale },
        { "start_on_create", readStartOnCreate }, { "metadata", readMetadata },
        { "health_check", readHealthCheck }, { "upgrade_strategy", readUpgradeStrategy },
        { "retain_ip", readRetainIp } };
    return keys;
}

tl::expected<void, ComposeError> readKeys(
    const YamlTree &part, const std::map<std::string, Reader> &keys, ComposeService &service)
{
    const std::string path = "services." + service.name;
    const auto fail = [](const std::string &key, int line, const std::string &why) {
        return tl::make_unexpected(
            ComposeError{ key + " (line " + std::to_string(line) + ") " + why + ".", key });
    };
    if (part.type() != Type::Map)
        return fail(path, part.line(), "must be a map");
    for (const auto &[key, value] : part.entries()) {
        const auto reader = keys.find(key);
        if (reader == keys.end())
            return fail(path + "." + key, value.line(), "is not supported by the lab");
        if (value.type() == Type::Null)
            continue;
        if (const auto read = reader->second(value, service); !read)
            return fail(path + "." + key, value.line(), read.error());
    }
    return {};
}

} // namespace

tl::expected<ComposeService, ComposeError> composeService(
    const std::string &name, const YamlTree &service)
{
    ComposeService read;
    read.name = name;
    if (auto keys = readKeys(service, dockerKeys(), read); !keys)
        return tl::make_unexpected(keys.error());
    if (!read.launchConfig.contains("imageUuid")) {
        const std::string key = "services." + name + ".image";
        return tl::make_unexpected(
            ComposeError{ key + " is missing: the lab builds no images.", key });
    }
    return read;
}

tl::expected<void, ComposeError> applyRancherCompose(const YamlTree &part, ComposeService &service)
{
    return readKeys(part, rancherKeys(), service);
}

} // namespace faultline::lab
