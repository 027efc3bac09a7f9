// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/compose_writer.h"

#include "services/lab/rancher/container_body.h"

#include <algorithm>
#include <cctype>

namespace faultline::lab {

namespace {

std::string keyText(const std::string &key)
{
    const bool isPlain = !key.empty() && std::isalpha(static_cast<unsigned char>(key[0])) != 0
        && std::all_of(key.begin(), key.end(), [](unsigned char c) {
               return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.';
           });
    return isPlain ? key : Json(key).dump();
}

std::string scalarText(const Json &value)
{
    // JSON's quoting of a text is also YAML's.
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// Block YAML of maps, lists and scalars.
void writeYaml(const Json &value, int depth, std::string &out)
{
    const std::string indent(static_cast<std::size_t>(depth) * 2, ' ');
    const auto writeItem = [&](const std::string &head, const Json &item) {
        out += indent + head;
        if (item.is_structured() && !item.empty()) {
            out += "\n";
            writeYaml(item, depth + 1, out);
        } else {
            out += " " + scalarText(item) + "\n";
        }
    };
    if (value.is_object()) {
        for (const auto &[key, item] : value.items())
            writeItem(keyText(key) + ":", item);
    } else {
        for (const Json &item : value)
            writeItem("-", item);
    }
}

std::string file(const Json &services)
{
    std::string text = "version: '2'\n";
    if (services.empty())
        text += "services: {}\n";
    else
        writeYaml({ { "services", services } }, 0, text);
    std::string out;
    for (const char c : text) {
        if (c == '\n')
            out += '\r';
        out += c;
        if (c == '$')
            out += '$';
    }
    return out;
}

struct Field
{
    const char *from;
    const char *to;
};

void copyFields(const Json &config, Json &service)
{
    static constexpr Field fields[]{ { "command", "command" }, { "entryPoint", "entrypoint" },
        { "environment", "environment" }, { "labels", "labels" }, { "ports", "ports" },
        { "expose", "expose" }, { "dataVolumes", "volumes" }, { "capAdd", "cap_add" },
        { "capDrop", "cap_drop" }, { "privileged", "privileged" }, { "readOnly", "read_only" },
        { "tty", "tty" }, { "stdinOpen", "stdin_open" }, { "runInit", "init" }, { "user", "user" },
        { "workingDir", "working_dir" }, { "hostname", "hostname" }, { "domainName", "domainname" },
        { "stopSignal", "stop_signal" }, { "pidMode", "pid" }, { "dns", "dns" },
        { "dnsSearch", "dns_search" }, { "extraHosts", "extra_hosts" }, { "sysctls", "sysctls" },
        { "memory", "mem_limit" }, { "memorySwap", "memswap_limit" },
        { "memoryReservation", "mem_reservation" }, { "shmSize", "shm_size" },
        { "cpuShares", "cpu_shares" }, { "cpuSet", "cpuset" }, { "pidsLimit", "pids_limit" },
        { "oomScoreAdj", "oom_score_adj" }, { "devices", "devices" },
        { "securityOpt", "security_opt" }, { "dataVolumesFromLaunchConfigs", "volumes_from" } };
    for (const auto &[from, to] : fields) {
        const auto found = config.find(from);
        if (found == config.end() || found->is_null())
            continue;
        if (found->is_structured() && found->empty())
            continue;
        service[to] = *found;
    }
}

void addSpecials(const Json &config, Json &service)
{
    if (const std::int64_t seconds = numberOf(config, "stopTimeout"); seconds != 0)
        service["stop_grace_period"] = std::to_string(seconds) + "s";
    if (const std::int64_t millis = numberOf(config, "milliCpuLimit"); millis != 0)
        service["cpus"] = static_cast<double>(millis) / 1000;
    if (const std::string part = textOf(config, "networkLaunchConfig"); !part.empty())
        service["network_mode"] = "container:" + part;
    else if (const std::string mode = textOf(config, "networkMode"); !mode.empty())
        service["network_mode"] = mode;
    const Json &policy = objectOf(config, "restartPolicy");
    if (const std::string name = textOf(policy, "name"); !name.empty()) {
        const std::int64_t count = numberOf(policy, "maximumRetryCount");
        service["restart"] = count == 0 ? name : name + ":" + std::to_string(count);
    }
    for (const auto &[path, options] : textMapOf(config, "tmpfs"))
        service["tmpfs"].push_back(options.empty() ? path : path + ":" + options);
    for (const Json &limit : arrayOf(config, "ulimits"))
        service["ulimits"][textOf(limit, "name")]
            = { { "soft", numberOf(limit, "soft") }, { "hard", numberOf(limit, "hard") } };
    const Json &log = objectOf(config, "logConfig");
    if (const std::string driver = textOf(log, "driver"); !driver.empty())
        service["logging"]["driver"] = driver;
    if (const auto options = textMapOf(log, "config"); !options.empty())
        service["logging"]["options"] = options;
}

Json dockerPart(const Json &config)
{
    Json service{ { "image", imageName(textOf(config, "imageUuid")) } };
    copyFields(config, service);
    addSpecials(config, service);
    return service;
}

Json healthCheck(const Json &config)
{
    static constexpr Field fields[]{ { "port", "port" }, { "interval", "interval" },
        { "responseTimeout", "response_timeout" }, { "healthyThreshold", "healthy_threshold" },
        { "unhealthyThreshold", "unhealthy_threshold" },
        { "initializingTimeout", "initializing_timeout" },
        { "reinitializingTimeout", "reinitializing_timeout" }, { "requestLine", "request_line" },
        { "strategy", "strategy" },
        { "recreateOnQuorumStrategyConfig", "recreate_on_quorum_strategy_config" } };
    Json check = Json::object();
    const Json &given = objectOf(config, "healthCheck");
    for (const auto &[from, to] : fields) {
        if (given.contains(from) && !given[from].is_null())
            check[to] = given[from];
    }
    return check;
}

Json rancherPart(const Json &config)
{
    Json part = Json::object();
    if (const Json check = healthCheck(config); !check.empty())
        part["health_check"] = check;
    return part;
}

} // namespace

ExportedCompose exportedCompose(const std::vector<const ServiceRecord *> &services)
{
    Json docker = Json::object();
    Json rancher = Json::object();
    for (const ServiceRecord *service : services) {
        Json &main = docker[service->name] = dockerPart(service->launchConfig);
        for (const auto &[alias, name] : service->linkedServices.items())
            main["links"].push_back(
                (name.is_string() ? name.get<std::string>() : alias) + ":" + alias);
        if (!service->waitsFor.empty())
            main["depends_on"] = service->waitsFor;
        Json part = rancherPart(service->launchConfig);
        part["scale"] = service->scale;
        part["start_on_create"] = service->startOnCreate;
        if (!service->metadata.empty())
            part["metadata"] = service->metadata;
        rancher[service->name] = std::move(part);
        for (const Json &config : service->secondaryLaunchConfigs) {
            const std::string name = textOf(config, "name");
            docker[name] = dockerPart(config);
            if (Json other = rancherPart(config); !other.empty())
                rancher[name] = std::move(other);
        }
    }
    return { file(docker), file(rancher) };
}

} // namespace faultline::lab
