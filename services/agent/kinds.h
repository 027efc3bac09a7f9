// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/agent/frame/fault.h"
#include "services/agent/frame/spec.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace faultline::agent {

/// What this machine and these namespaces can do of a kind.
struct Ability
{
    bool can = false;
    std::string mechanism;
    std::string reason; ///< why not, or what is missing; empty when it can
};

/// One kind of fault. A folder offers its kinds as free functions of these two shapes in one
/// header.
struct Kind
{
    std::string_view name;
    /// Reads `spec.arguments` (fails with BadSpec and the path, `arguments.…`) and makes the fault;
    /// touches nothing.
    Outcome<std::unique_ptr<Fault>> (*make)(const Spec &spec);
    /// Asked without any fault; touches nothing of the target.
    Ability (*ability)();
};

/// All kinds of the agent, one line each in kinds.cpp.
[[nodiscard]] std::span<const Kind> kinds();
/// Null when there is none of that name.
[[nodiscard]] const Kind *findKind(std::string_view name);

} // namespace faultline::agent
