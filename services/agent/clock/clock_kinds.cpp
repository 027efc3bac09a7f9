// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/clock/clock_kinds.h"

#include "services/agent/clock/clock_fault.h"
#include "services/agent/clock/process_clock.h"
#include "services/agent/clock/vdso_image.h"
#include "services/agent/frame/arguments.h"
#include "services/agent/process/capability.h"

#include <cmath>
#include <sys/utsname.h>

namespace faultline::agent {
namespace {

constexpr double tenYears = 10.0 * 366 * 86400 * 1000;
constexpr double inMillisecond = 1e6; // nanoseconds

std::int64_t fromMilliseconds(double milliseconds)
{
    return static_cast<std::int64_t>(std::llround(milliseconds * inMillisecond));
}

Outcome<std::unique_ptr<Fault>> make(
    const Spec &spec, Arguments &arguments, const ClockShift &shift)
{
    arguments.finish();
    if (const auto &problem = arguments.problem())
        return tl::make_unexpected(*problem);
    if (spec.target.container.empty())
        return refused(Refusal::BadSpec, "target.container is missing");
    return std::make_unique<ClockFault>(spec, shift);
}

} // namespace

Outcome<std::unique_ptr<Fault>> makeClockOffset(const Spec &spec)
{
    Arguments arguments(spec.arguments, "arguments");
    const double offset = arguments.number("offset", { -tenYears, tenYears });
    return make(spec, arguments, { fromMilliseconds(offset), 0, 0 });
}

Outcome<std::unique_ptr<Fault>> makeClockStrobe(const Spec &spec)
{
    Arguments arguments(spec.arguments, "arguments");
    const double offset = arguments.number("offset", { -tenYears, tenYears });
    const double period = arguments.number("period", { 1, 86'400'000 });
    return make(spec, arguments, { fromMilliseconds(offset), fromMilliseconds(period), 0 });
}

Outcome<std::unique_ptr<Fault>> makeClockDrift(const Spec &spec)
{
    Arguments arguments(spec.arguments, "arguments");
    const bool byFactor = arguments.has("factor");
    if (byFactor && arguments.has("ppm"))
        arguments.complain("factor", "and ppm say the same: give one of them");
    // A factor of 0 is a clock that stands; one below would run backwards for as long as the fault
    // lasts.
    const double ratio = byFactor ? arguments.number("factor", { 0, 100 }) - 1
                                  : arguments.number("ppm", { -1e6, 99e6 }) / 1e6;
    return make(
        spec, arguments, { 0, 0, static_cast<std::int64_t>(std::llround(ratio * 4294967296.0)) });
}

Ability clockAbility()
{
    Ability ability{ false, ClockFault::way(), {} };
    std::string reason;
    utsname machine{};
    ::uname(&machine);
    const auto image = ownVdso(reason);
    if (clockPatchTemplate().empty())
        ability.reason = std::string("the patch exists for x86-64 only, and this machine is ")
            + machine.machine;
    else if (!image)
        ability.reason = reason;
    else if (!ProcessClock::hasRoom(*image))
        ability.reason = "this kernel's vDSO has no room behind its code";
    else if (!hasCapability(Capability::SysPtrace))
        ability.reason = "the helper lacks CAP_SYS_PTRACE";
    ability.can = ability.reason.empty();
    return ability;
}

} // namespace faultline::agent
