// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/cgroup/limits.h"

#include "services/agent/process/child.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <csignal>
#include <ctime>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <poll.h>
#include <sstream>
#include <unistd.h>

namespace faultline::agent {
namespace {

namespace fs = std::filesystem;

std::string contentOf(const fs::path &path)
{
    std::ifstream file(path);
    return { std::istreambuf_iterator<char>(file), {} };
}

void pauseFor(int milliseconds)
{
    ::poll(nullptr, 0, milliseconds);
}

/// Processor time that a cgroup used so far, in nanoseconds; -1: unknown.
std::int64_t usedTime(const CgroupTree &tree, const fs::path &folder)
{
    std::istringstream text(contentOf(folder / (tree.isUnified() ? "cpu.stat" : "cpuacct.usage")));
    std::int64_t value = -1;
    if (!tree.isUnified())
        return text >> value ? value : -1;
    for (std::string word; text >> word;)
        if (word == "usage_usec" && text >> value)
            return value * 1000;
    return -1;
}

} // namespace

Freeze::Freeze(std::string container)
    : m_container(std::move(container))
{
}

Outcome<std::vector<LimitValue>> Freeze::values(
    const CgroupTree &tree, const RememberedValues &now) const
{
    const LimitValue value = tree.isUnified() ? LimitValue{ "cgroup.freeze", "", "1" }
                                              : LimitValue{ "freezer.state", "", "FROZEN" };
    if (now.now(value.file, "") == value.set)
        return refused(Refusal::Foreign, "The target is paused already, by somebody else.");
    return std::vector{ value };
}

Proof Freeze::felt(const CgroupTree &tree, const fs::path &folder) const
{
    const std::string state
        = contentOf(folder / (tree.isUnified() ? "cgroup.events" : "freezer.state"));
    if (state.find(tree.isUnified() ? "frozen 1" : "FROZEN") == std::string::npos)
        return { false, "Not all of the target's processes stand still yet.",
            nlohmann::json::object() };
    const auto account = tree.folder(tree.isUnified() ? "cpu" : "cpuacct", m_container);
    const std::int64_t before = account ? usedTime(tree, *account) : -1;
    pauseFor(50);
    const std::int64_t used = account ? usedTime(tree, *account) - before : -1;
    if (before < 0)
        return { true, "All of the target's processes stand still.", nlohmann::json::object() };
    return { used == 0,
        used == 0 ? "All of the target's processes stand still."
                  : "The target still uses processor time.",
        { { "processorMs", static_cast<double>(used) / 1e6 }, { "watchedMs", 50 } } };
}

ProcessorLimit::ProcessorLimit(double processors, std::string fault)
    : m_processors(processors)
    , m_fault(std::move(fault))
{
}

Outcome<std::vector<LimitValue>> ProcessorLimit::values(
    const CgroupTree &tree, const RememberedValues &now) const
{
    const std::string file = tree.isUnified() ? "cpu.max" : "cpu.cfs_quota_us";
    std::istringstream words(tree.isUnified()
            ? now.now(file, "")
            : now.now(file, "") + ' ' + now.now("cpu.cfs_period_us", ""));
    std::string quota;
    std::int64_t period = 0;
    if (!(words >> quota >> period) || period <= 0)
        return refused(
            Refusal::CannotHere, "This kernel's cgroups have no quota of processor time.");
    const auto wanted
        = std::max<std::int64_t>(1000, std::llround(m_processors * static_cast<double>(period)));
    std::int64_t old = -1;
    std::from_chars(quota.data(), quota.data() + quota.size(), old);
    if (old > 0 && old <= wanted)
        return refused(Refusal::Foreign, "The target is limited to less already.");
    return std::vector{ LimitValue{ file, "",
        std::to_string(wanted)
            + (tree.isUnified() ? ' ' + std::to_string(period) : std::string()) } };
}

Proof ProcessorLimit::felt(const CgroupTree &, const fs::path &folder) const
{
    const nlohmann::json none{ { "limit", m_processors } };
    if (m_processors >= 1)
        return { true,
            "The quota is set; one program alone doesn't reach it, so it was not measured.", none };
    const fs::path nested = folder / ("faultline-" + m_fault + "-probe");
    std::error_code error;
    fs::create_directory(nested, error);
    Child spinner;
    // Five periods of the usual 100 ms.
    constexpr int watched = 500;
    const bool started = spinner.start(
        [&] {
            std::ofstream(nested / "cgroup.procs") << "0\n";
            for (;;)
                ;
        },
        SIGKILL);
    const auto used = [&] {
        clockid_t clock = 0;
        timespec time{};
        return started && ::clock_getcpuclockid(spinner.number(), &clock) == 0
                && ::clock_gettime(clock, &time) == 0
            ? static_cast<double>(time.tv_sec) * 1000 + static_cast<double>(time.tv_nsec) / 1e6
            : -1;
    };
    pauseFor(watched);
    const double got = used();
    spinner.kill();
    for (int i = 0; i < 50 && !fs::remove(nested, error) && fs::exists(nested, error); ++i)
        pauseFor(10);
    const double share = got / watched;
    // A period that began before it counts as well, and so does the time until it was moved.
    const bool held = got >= 0 && share <= m_processors + 0.25;
    return { held,
        held ? "A busy program inside gets " + std::to_string(std::lround(share * 100))
                + " % of a processor."
             : "A busy program inside gets more than the limit.",
        { { "limit", m_processors }, { "processors", share } } };
}

TransferLimit::TransferLimit(TransferLimits limits)
    : m_limits(std::move(limits))
{
}

Outcome<std::vector<LimitValue>> TransferLimit::values(
    const CgroupTree &tree, const RememberedValues &) const
{
    static const std::map<std::string, std::pair<std::string, std::string>> names{
        { "readBytes", { "blkio.throttle.read_bps_device", "rbps" } },
        { "writeBytes", { "blkio.throttle.write_bps_device", "wbps" } },
        { "readOps", { "blkio.throttle.read_iops_device", "riops" } },
        { "writeOps", { "blkio.throttle.write_iops_device", "wiops" } },
    };
    const auto devices = m_limits.devices.empty() ? disks() : m_limits.devices;
    if (devices.empty())
        return refused(Refusal::CannotHere, "This machine shows no disk that could be limited.");
    std::vector<LimitValue> values;
    for (const auto &[name, limit] : m_limits.perSecond) {
        const auto &[file, field] = names.at(name);
        for (const std::string &device : devices)
            values.push_back(tree.isUnified()
                    ? LimitValue{ "io.max", device + '.' + field, std::to_string(limit) }
                    : LimitValue{ file, device, std::to_string(limit) });
    }
    return values;
}

Proof TransferLimit::felt(const CgroupTree &tree, const fs::path &) const
{
    nlohmann::json measured = nlohmann::json::object();
    for (const auto &[name, limit] : m_limits.perSecond)
        measured[name + "PerSecond"] = limit;
    return { true,
        std::string(
            "The kernel holds the limit for the target's cgroup; transfers were not measured.")
            + (tree.isUnified()
                    ? ""
                    : " Writing through the page cache is not limited by cgroups of version 1."),
        measured };
}

std::vector<std::string> disks(const fs::path &block)
{
    std::vector<std::string> found;
    std::error_code error;
    for (fs::directory_iterator it(block, error), end; !error && it != end; it.increment(error)) {
        const std::string name = it->path().filename().string();
        if (name.starts_with("loop") || name.starts_with("ram") || name.starts_with("zram"))
            continue;
        std::string device = contentOf(it->path() / "dev");
        while (!device.empty() && device.back() == '\n')
            device.pop_back();
        if (!device.empty())
            found.push_back(device);
    }
    std::ranges::sort(found);
    return found;
}

} // namespace faultline::agent
