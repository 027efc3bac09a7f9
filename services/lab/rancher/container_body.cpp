// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/container_body.h"

#include <algorithm>

namespace faultline::lab {

namespace {

constexpr const char *loopback = "127.0.0.1";

struct PortText
{
    std::string host;
    std::string container; ///< with "/tcp"
};

/// "80", "8080:80", "1.2.3.4:8080:80/udp", "[::1]:8080:80".
PortText portParts(std::string text)
{
    std::string protocol = "tcp";
    if (const std::size_t slash = text.find('/'); slash != std::string::npos) {
        protocol = text.substr(slash + 1);
        text.resize(slash);
    }
    const std::size_t last = text.rfind(':');
    if (last == std::string::npos)
        return { {}, text + "/" + protocol };
    const std::string container = text.substr(last + 1) + "/" + protocol;
    const std::string before = text.substr(0, last);
    const std::size_t address = before.rfind(':');
    return { address == std::string::npos ? before : before.substr(address + 1), container };
}

void addPorts(const Json &launchConfig, Json &body, Json &host)
{
    for (const std::string &text : textsOf(launchConfig, "ports")) {
        const PortText port = portParts(text);
        body["ExposedPorts"][port.container] = Json::object();
        host["PortBindings"][port.container].push_back(
            { { "HostIp", loopback }, { "HostPort", port.host } });
    }
    for (const std::string &text : textsOf(launchConfig, "expose"))
        body["ExposedPorts"][portParts(text).container] = Json::object();
}

void addProcess(const Json &launchConfig, Json &body)
{
    const auto copyTexts = [&](const char *from, const char *to) {
        if (const auto texts = textsOf(launchConfig, from); !texts.empty())
            body[to] = texts;
    };
    const auto copyText = [&](const char *from, const char *to) {
        if (const std::string text = textOf(launchConfig, from); !text.empty())
            body[to] = text;
    };
    copyTexts("command", "Cmd");
    copyTexts("entryPoint", "Entrypoint");
    copyText("user", "User");
    copyText("workingDir", "WorkingDir");
    copyText("hostname", "Hostname");
    copyText("domainName", "Domainname");
    copyText("stopSignal", "StopSignal");
    body["Tty"] = truthOf(launchConfig, "tty");
    body["OpenStdin"] = truthOf(launchConfig, "stdinOpen");
    Json environment = Json::array();
    for (const auto &[name, value] : textMapOf(launchConfig, "environment"))
        environment.push_back(name + "=" + value);
    body["Env"] = std::move(environment);
}

void addResources(const Json &launchConfig, Json &host)
{
    static constexpr std::pair<const char *, const char *> numbers[]{ { "memory", "Memory" },
        { "memorySwap", "MemorySwap" }, { "memoryReservation", "MemoryReservation" },
        { "cpuShares", "CpuShares" }, { "shmSize", "ShmSize" }, { "pidsLimit", "PidsLimit" },
        { "oomScoreAdj", "OomScoreAdj" } };
    for (const auto &[from, to] : numbers) {
        if (const std::int64_t number = numberOf(launchConfig, from); number != 0)
            host[to] = number;
    }
    if (const std::string set = textOf(launchConfig, "cpuSet"); !set.empty())
        host["CpusetCpus"] = set;
    if (const std::int64_t millis = numberOf(launchConfig, "milliCpuLimit"); millis > 0)
        host["NanoCpus"] = millis * 1'000'000;
    for (const Json &limit : arrayOf(launchConfig, "ulimits"))
        host["Ulimits"].push_back({ { "Name", textOf(limit, "name") },
            { "Soft", numberOf(limit, "soft") }, { "Hard", numberOf(limit, "hard") } });
    if (const auto settings = textMapOf(launchConfig, "sysctls"); !settings.empty())
        host["Sysctls"] = settings;
}

Json devices(const Json &launchConfig)
{
    Json list = Json::array();
    for (const std::string &text : textsOf(launchConfig, "devices")) {
        const std::size_t first = std::min(text.find(':'), text.size());
        const std::string path = text.substr(0, first);
        const std::string rest = first < text.size() ? text.substr(first + 1) : path;
        const std::size_t second = std::min(rest.find(':'), rest.size());
        list.push_back({ { "PathOnHost", path }, { "PathInContainer", rest.substr(0, second) },
            { "CgroupPermissions", second < rest.size() ? rest.substr(second + 1) : "rwm" } });
    }
    return list;
}

void addIsolation(const Json &launchConfig, Json &host)
{
    static constexpr std::pair<const char *, const char *> lists[]{ { "capAdd", "CapAdd" },
        { "capDrop", "CapDrop" }, { "dns", "Dns" }, { "dnsSearch", "DnsSearch" },
        { "extraHosts", "ExtraHosts" }, { "securityOpt", "SecurityOpt" } };
    for (const auto &[from, to] : lists) {
        if (const auto texts = textsOf(launchConfig, from); !texts.empty())
            host[to] = texts;
    }
    host["Privileged"] = truthOf(launchConfig, "privileged");
    host["ReadonlyRootfs"] = truthOf(launchConfig, "readOnly");
    if (truthOf(launchConfig, "runInit"))
        host["Init"] = true;
    if (const std::string mode = textOf(launchConfig, "pidMode"); !mode.empty())
        host["PidMode"] = mode;
    if (const Json list = devices(launchConfig); !list.empty())
        host["Devices"] = list;
    if (const auto mounts = textMapOf(launchConfig, "tmpfs"); !mounts.empty())
        host["Tmpfs"] = mounts;
    const Json &log = objectOf(launchConfig, "logConfig");
    if (const std::string driver = textOf(log, "driver"); !driver.empty())
        host["LogConfig"] = { { "Type", driver }, { "Config", textMapOf(log, "config") } };
}

void addVolumes(const Json &launchConfig, Json &body, Json &host)
{
    for (const std::string &volume : textsOf(launchConfig, "dataVolumes")) {
        if (volume.find(':') == std::string::npos)
            body["Volumes"][volume] = Json::object();
        else
            host["Binds"].push_back(volume);
    }
    if (const auto others = textsOf(launchConfig, "dataVolumesFrom"); !others.empty())
        host["VolumesFrom"] = others;
}

void addNetwork(const ContainerPlan &plan, Json &body, Json &host)
{
    if (plan.network.empty()) {
        const std::string mode = textOf(plan.launchConfig, "networkMode");
        if (mode == "host" || mode == "none" || mode.starts_with("container:"))
            host["NetworkMode"] = mode;
        if (mode.starts_with("container:"))
            body.erase("Hostname");
        return;
    }
    host["NetworkMode"] = plan.network;
    body["NetworkingConfig"]["EndpointsConfig"][plan.network]["Aliases"] = plan.aliases;
}

} // namespace

std::string imageName(const std::string &imageUuid)
{
    return imageUuid.starts_with("docker:") ? imageUuid.substr(7) : imageUuid;
}

Json containerBody(const ContainerPlan &plan)
{
    const Json &launchConfig = plan.launchConfig;
    Json body{ { "Image", plan.image } };
    // Restarting is the lab's work: it must show in states, and wait between tries.
    Json host{ { "RestartPolicy", { { "Name", "no" } } } };
    std::map<std::string, std::string> labels = textMapOf(launchConfig, "labels");
    for (const auto &[name, value] : plan.labels)
        labels[name] = value;
    body["Labels"] = labels;
    addProcess(launchConfig, body);
    addPorts(launchConfig, body, host);
    addResources(launchConfig, host);
    addIsolation(launchConfig, host);
    addVolumes(launchConfig, body, host);
    addNetwork(plan, body, host);
    body["HostConfig"] = std::move(host);
    return body;
}

} // namespace faultline::lab
