// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/host_stats.h"

#include "services/lab/rancher/container_work.h"

#include <array>
#include <cctype>
#include <ctime>
#include <fstream>
#include <sstream>

#include <unistd.h>

namespace faultline::lab {

namespace {

constexpr std::int64_t sectorSize = 512;
constexpr std::int64_t nanosPerSecond = 1'000'000'000;

std::string timestamp()
{
    const std::int64_t now = nowNs();
    const std::time_t seconds = now / nanosPerSecond;
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 64> text{};
    const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
    std::string fraction = std::to_string(nanosPerSecond + now % nanosPerSecond).substr(1);
    return std::string(text.data(), size) + "." + fraction + "Z";
}

/// "MemTotal:  123 kB" of /proc/meminfo in bytes.
std::int64_t memory(const std::string &wanted)
{
    std::ifstream file("/proc/meminfo");
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        std::string key;
        std::int64_t kibibytes = 0;
        words >> key >> kibibytes;
        if (key == wanted + ":")
            return kibibytes * 1024;
    }
    return 0;
}

Json networkTotals(std::int64_t rxBytes, std::int64_t rxPackets, std::int64_t txBytes,
    std::int64_t txPackets, const std::string &name)
{
    return { { "name", name }, { "rx_bytes", rxBytes }, { "rx_packets", rxPackets },
        { "rx_errors", 0 }, { "rx_dropped", 0 }, { "tx_bytes", txBytes },
        { "tx_packets", txPackets }, { "tx_errors", 0 }, { "tx_dropped", 0 } };
}

Json hostCpu()
{
    const std::int64_t tick = nanosPerSecond / sysconf(_SC_CLK_TCK);
    Json perCpu = Json::array();
    std::int64_t user = 0;
    std::int64_t system = 0;
    std::ifstream file("/proc/stat");
    for (std::string line; std::getline(file, line) && line.starts_with("cpu");) {
        std::istringstream words(line);
        std::string name;
        std::int64_t userTicks = 0;
        std::int64_t nice = 0;
        std::int64_t systemTicks = 0;
        words >> name >> userTicks >> nice >> systemTicks;
        if (name == "cpu") {
            user = (userTicks + nice) * tick;
            system = systemTicks * tick;
        } else {
            perCpu.push_back((userTicks + nice + systemTicks) * tick);
        }
    }
    return { { "usage",
        { { "total", user + system }, { "per_cpu_usage", std::move(perCpu) }, { "user", user },
            { "system", system } } } };
}

Json hostNetwork()
{
    std::int64_t received = 0;
    std::int64_t receivedPackets = 0;
    std::int64_t sent = 0;
    std::int64_t sentPackets = 0;
    std::ifstream file("/proc/net/dev");
    for (std::string line; std::getline(file, line);) {
        const std::size_t colon = line.find(':');
        if (colon == std::string::npos || line.substr(0, colon).ends_with("lo"))
            continue;
        std::istringstream words(line.substr(colon + 1));
        std::array<std::int64_t, 10> counters{};
        for (std::int64_t &counter : counters)
            words >> counter;
        received += counters[0];
        receivedPackets += counters[1];
        sent += counters[8];
        sentPackets += counters[9];
    }
    return networkTotals(received, receivedPackets, sent, sentPackets, "all");
}

Json hostDisk()
{
    Json list = Json::array();
    std::ifstream file("/proc/diskstats");
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        int major = 0;
        int minor = 0;
        std::string name;
        std::array<std::int64_t, 7> counters{};
        words >> major >> minor >> name;
        for (std::int64_t &counter : counters)
            words >> counter;
        if (name.starts_with("loop") || name.starts_with("ram"))
            continue;
        list.push_back({ { "major", major }, { "minor", minor },
            { "stats",
                { { "Read", counters[2] * sectorSize },
                    { "Write", counters[6] * sectorSize } } } });
    }
    return { { "io_service_bytes", std::move(list) } };
}

Json containerDisk(const Json &sample)
{
    Json list = Json::array();
    for (const Json &entry :
        arrayOf(objectOf(sample, "blkio_stats"), "io_service_bytes_recursive")) {
        std::string operation = textOf(entry, "op");
        if (!operation.empty())
            operation[0]
                = static_cast<char>(std::toupper(static_cast<unsigned char>(operation[0])));
        list.push_back({ { "major", 0 }, { "minor", 0 },
            { "stats", { { operation, numberOf(entry, "value") } } } });
    }
    return { { "io_service_bytes", std::move(list) } };
}

Json containerNetwork(const Json &sample)
{
    Json interfaces = Json::array();
    for (const auto &[name, counters] : objectOf(sample, "networks").items())
        interfaces.push_back(
            networkTotals(numberOf(counters, "rx_bytes"), numberOf(counters, "rx_packets"),
                numberOf(counters, "tx_bytes"), numberOf(counters, "tx_packets"), name));
    Json network = networkTotals(0, 0, 0, 0, "");
    network["interfaces"] = std::move(interfaces);
    return network;
}

} // namespace

Json containerStats(const std::string &id, const Json &sample)
{
    const Json &usage = objectOf(objectOf(sample, "cpu_stats"), "cpu_usage");
    return { { "id", id }, { "resourceType", "container" }, { "memLimit", memory("MemTotal") },
        { "timestamp", textOf(sample, "read") },
        { "cpu",
            { { "usage",
                { { "total", numberOf(usage, "total_usage") },
                    { "per_cpu_usage", arrayOf(usage, "percpu_usage") },
                    { "user", numberOf(usage, "usage_in_usermode") },
                    { "system", numberOf(usage, "usage_in_kernelmode") } } } } },
        { "diskio", containerDisk(sample) }, { "network", containerNetwork(sample) },
        { "memory", { { "usage", numberOf(objectOf(sample, "memory_stats"), "usage") } } } };
}

Json hostStats(const std::string &id)
{
    const std::int64_t total = memory("MemTotal");
    return { { "id", id }, { "resourceType", "host" }, { "memLimit", total },
        { "timestamp", timestamp() }, { "cpu", hostCpu() }, { "diskio", hostDisk() },
        { "network", hostNetwork() },
        { "memory", { { "usage", total - memory("MemAvailable") } } } };
}

} // namespace faultline::lab
