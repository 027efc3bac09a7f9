// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/disk/disk_kinds.h"

#include "services/agent/cgroup/cgroup_kinds.h"
#include "services/agent/cgroup/load_fault.h"
#include "services/agent/disk/fill_fault.h"
#include "services/agent/frame/arguments.h"
#include "services/agent/process/capability.h"
#include "services/agent/process/target_folder.h"

namespace faultline::agent {
namespace {

constexpr double pebibyte = 1125899906842624.0;
constexpr double maxWorkers = 64;
constexpr double gibibyte = 1073741824.0;
constexpr std::int64_t usualFile = 64 << 20;
const std::string burnMechanism
    = "files without a name that are written and read in the target's folder";

std::string pathOf(Arguments &arguments)
{
    std::string path = arguments.text("path");
    if (!path.starts_with('/'))
        arguments.complain("path", "must begin with a slash: it is a path inside of the target");
    return path;
}

std::optional<Failure> problemOf(const Spec &spec, Arguments &arguments)
{
    arguments.finish();
    if (!arguments.problem() && spec.target.container.empty())
        return Failure{ Refusal::BadSpec, "target.container is missing" };
    return arguments.problem();
}

struct Burn
{
    std::string path;
    int workers;
    std::uint64_t bytes;
};

Burn readBurn(Arguments &arguments)
{
    std::string path = pathOf(arguments);
    const auto workers = arguments.integer("workers", { 1, maxWorkers }, 1);
    const auto bytes = arguments.integer("bytes", { 1048576, gibibyte }, usualFile);
    return { std::move(path), static_cast<int>(workers), static_cast<std::uint64_t>(bytes) };
}

Outcome<std::unique_ptr<Load>> burnLoad(const Spec &spec)
{
    Arguments arguments(spec.arguments, "arguments");
    const Burn burn = readBurn(arguments);
    const auto folder = openTargetFolder(spec.target, burn.path);
    if (!folder)
        return tl::make_unexpected(folder.error());
    return std::make_unique<TransferLoad>(burn.workers, *folder, burn.bytes);
}

} // namespace

Outcome<std::unique_ptr<Fault>> makeFill(const Spec &spec)
{
    Arguments arguments(spec.arguments, "arguments");
    FillAmount amount;
    amount.path = pathOf(arguments);
    if (arguments.has("bytes") == arguments.has("percent"))
        arguments.complain("bytes", "or percent must be given, and not both");
    amount.bytes = static_cast<std::uint64_t>(arguments.integer("bytes", { 4096, pebibyte }, 0));
    amount.percent = arguments.number("percent", { 0.1, 100 }, 0);
    amount.sharedDisk = arguments.flag("sharedDisk", false);
    if (const auto problem = problemOf(spec, arguments))
        return tl::make_unexpected(*problem);
    return std::make_unique<FillFault>(spec, std::move(amount));
}

Outcome<std::unique_ptr<Fault>> makeBurn(const Spec &spec)
{
    Arguments arguments(spec.arguments, "arguments");
    (void)readBurn(arguments);
    if (const auto problem = problemOf(spec, arguments))
        return tl::make_unexpected(*problem);
    return std::make_unique<LoadFault>(
        spec, std::vector<std::string>{ "blkio", "memory" }, burnMechanism, &burnLoad);
}

Ability fillAbility()
{
    const bool can = hasCapability(Capability::SysPtrace);
    return { can, "file without a name", can ? "" : "the helper lacks CAP_SYS_PTRACE" };
}

Ability burnAbility()
{
    const Ability cgroups = transferStressAbility();
    const bool can = hasCapability(Capability::SysPtrace);
    return { can && cgroups.can, burnMechanism,
        can ? cgroups.reason : "the helper lacks CAP_SYS_PTRACE" };
}

} // namespace faultline::agent
