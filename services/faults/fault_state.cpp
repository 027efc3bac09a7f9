// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/faults/fault_state.h"

#include <algorithm>
#include <array>

namespace faultline::faults {

namespace {

struct Name
{
    FaultState state;
    const char *text;
};

constexpr std::array names{ Name{ FaultState::Planned, "planned" },
    Name{ FaultState::Injecting, "injecting" }, Name{ FaultState::InForce, "in force" },
    Name{ FaultState::Recovering, "recovering" }, Name{ FaultState::Out, "out" },
    Name{ FaultState::Moot, "moot" }, Name{ FaultState::Leaked, "leaked" },
    Name{ FaultState::DidNotBite, "did not bite" }, Name{ FaultState::Refused, "refused" } };

} // namespace

QString nameOf(FaultState state)
{
    const auto found = std::find_if(
        names.begin(), names.end(), [&](const Name &name) { return name.state == state; });
    return QString::fromLatin1(found->text);
}

std::optional<FaultState> faultStateNamed(QStringView name)
{
    const auto found = std::find_if(names.begin(), names.end(),
        [&](const Name &known) { return name == QLatin1StringView(known.text); });
    return found == names.end() ? std::nullopt : std::optional(found->state);
}

bool isOver(FaultState state)
{
    return state == FaultState::Out || state == FaultState::Moot || state == FaultState::Leaked
        || state == FaultState::DidNotBite || state == FaultState::Refused;
}

} // namespace faultline::faults
