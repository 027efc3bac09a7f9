// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/cgroup/cgroup_kinds.h"

#include "services/agent/cgroup/cgroup_tree.h"
#include "services/agent/cgroup/limit_fault.h"
#include "services/agent/cgroup/limits.h"
#include "services/agent/cgroup/load_fault.h"
#include "services/agent/frame/arguments.h"

#include <algorithm>
#include <fcntl.h>
#include <thread>

namespace faultline::agent {
namespace {

constexpr double maxWorkers = 256;
constexpr double tebibyte = 1099511627776.0;
constexpr std::uint64_t stressFile = 64U << 20U;

std::optional<Failure> problemOf(const Spec &spec, Arguments &arguments)
{
    arguments.finish();
    if (!arguments.problem() && spec.target.container.empty())
        return Failure{ Refusal::BadSpec, "target.container is missing" };
    return arguments.problem();
}

Outcome<std::unique_ptr<Fault>> limit(
    const Spec &spec, Arguments &arguments, std::unique_ptr<Limit> limit)
{
    if (const auto problem = problemOf(spec, arguments))
        return tl::make_unexpected(*problem);
    return std::make_unique<LimitFault>(spec, std::move(limit));
}

Ability ability(const std::string &mechanism, const std::string &controller)
{
    const auto tree = CgroupTree::ofHelper();
    if (!tree)
        return { false, mechanism,
            "the helper sees no cgroups: bind the host's /sys/fs/cgroup to /host/cgroup" };
    if (!tree->hasController(controller))
        return { false, mechanism, "this kernel's cgroups have no controller " + controller };
    return { true, mechanism, {} };
}

int processors()
{
    return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

Outcome<std::unique_ptr<Load>> processorLoad(const Spec &spec)
{
    Arguments arguments(spec.arguments, "arguments");
    const auto workers = arguments.integer("workers", { 1, maxWorkers }, processors());
    return std::make_unique<ProcessorLoad>(
        static_cast<int>(workers), arguments.number("load", { 1, 100 }, 100));
}

Outcome<std::unique_ptr<Load>> memoryLoad(const Spec &spec)
{
    Arguments arguments(spec.arguments, "arguments");
    return std::make_unique<MemoryLoad>(
        static_cast<std::uint64_t>(arguments.integer("bytes", { 4096, tebibyte })));
}

Outcome<std::unique_ptr<Load>> transferLoad(const Spec &spec)
{
    Arguments arguments(spec.arguments, "arguments");
    const auto workers = arguments.integer("workers", { 1, maxWorkers }, 1);
    const int folder = ::open("/tmp", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return refused(Refusal::CannotHere, "The helper has no /tmp.");
    return std::make_unique<TransferLoad>(static_cast<int>(workers), folder, stressFile);
}

/// Reads the arguments once to refuse wrong ones before anything begins.
Outcome<std::unique_ptr<Fault>> stress(const Spec &spec, Arguments &arguments,
    std::vector<std::string> controllers, const std::string &mechanism, MakeLoad make)
{
    if (const auto problem = problemOf(spec, arguments))
        return tl::make_unexpected(*problem);
    return std::make_unique<LoadFault>(spec, std::move(controllers), mechanism, make);
}

} // namespace

Outcome<std::unique_ptr<Fault>> makePause(const Spec &spec)
{
    Arguments arguments(spec.arguments, "arguments");
    return limit(spec, arguments, std::make_unique<Freeze>(spec.target.container));
}

Outcome<std::unique_ptr<Fault>> makeProcessorLimit(const Spec &spec)
{
    Arguments arguments(spec.arguments, "arguments");
    const double cpus = arguments.number("cpus", { 0.01, 1024 });
    return limit(spec, arguments, std::make_unique<ProcessorLimit>(cpus, spec.id));
}

Outcome<std::unique_ptr<Fault>> makeTransferLimit(const Spec &spec)
{
    Arguments arguments(spec.arguments, "arguments");
    TransferLimits limits;
    for (const char *const name : { "readBytes", "writeBytes", "readOps", "writeOps" })
        if (arguments.has(name))
            limits.perSecond[name] = arguments.integer(name, { 1, tebibyte });
    if (limits.perSecond.empty())
        arguments.complain("writeBytes",
            "is missing, or readBytes, readOps or writeOps: give one of them at least");
    const std::string device = arguments.text("device", "");
    if (device.find_first_not_of("0123456789:") != std::string::npos)
        arguments.complain("device", "must be major:minor, as in 8:0");
    if (!device.empty())
        limits.devices.push_back(device);
    return limit(spec, arguments, std::make_unique<TransferLimit>(std::move(limits)));
}

Outcome<std::unique_ptr<Fault>> makeProcessorStress(const Spec &spec)
{
    Arguments arguments(spec.arguments, "arguments");
    (void)arguments.integer("workers", { 1, maxWorkers }, processors());
    (void)arguments.number("load", { 1, 100 }, 100);
    return stress(spec, arguments, { "cpu", "cpuacct" }, "busy processes in the target's cgroup",
        &processorLoad);
}

Outcome<std::unique_ptr<Fault>> makeMemoryStress(const Spec &spec)
{
    Arguments arguments(spec.arguments, "arguments");
    (void)arguments.integer("bytes", { 4096, tebibyte });
    return stress(
        spec, arguments, { "memory" }, "memory of a process in the target's cgroup", &memoryLoad);
}

Outcome<std::unique_ptr<Fault>> makeTransferStress(const Spec &spec)
{
    Arguments arguments(spec.arguments, "arguments");
    (void)arguments.integer("workers", { 1, maxWorkers }, 1);
    return stress(spec, arguments, { "blkio", "memory" },
        "files that processes in the target's cgroup write and read", &transferLoad);
}

Ability freezeAbility()
{
    return ability("freezer of the target's cgroup", "freezer");
}
Ability processorAbility()
{
    return ability("quota of the target's cgroup", "cpu");
}
Ability transferAbility()
{
    return ability("block throttle of the target's cgroup", "blkio");
}
Ability processorStressAbility()
{
    return ability("busy processes in the target's cgroup", "cpu");
}
Ability memoryStressAbility()
{
    return ability("memory of a process in the target's cgroup", "memory");
}
Ability transferStressAbility()
{
    return ability("files that processes in the target's cgroup write and read", "blkio");
}

} // namespace faultline::agent
