// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/agent/cgroup/cgroup_tree.h"
#include "services/agent/cgroup/remembered_values.h"
#include "services/agent/frame/outcome.h"

#include <filesystem>
#include <string>
#include <vector>

namespace faultline::agent {

/// A value that a limit sets.
struct LimitValue
{
    std::string file;
    std::string key;
    std::string set;
};

/// What one kind sets in the target's cgroup. Knows both kinds of tree.
class Limit
{
public:
    Limit() = default;
    Limit(const Limit &) = delete;
    Limit &operator=(const Limit &) = delete;
    virtual ~Limit() = default;

    [[nodiscard]] virtual std::string mechanism() const = 0;
    /// The controller whose cgroup it is.
    [[nodiscard]] virtual std::string controller() const = 0;
    /// The values to set, by what is set now. Foreign: what is there now leaves nothing to do.
    [[nodiscard]] virtual Outcome<std::vector<LimitValue>> values(
        const CgroupTree &tree, const RememberedValues &now) const = 0;
    /// Whether the target feels it, after the values were found as they were set.
    [[nodiscard]] virtual Proof felt(
        const CgroupTree &tree, const std::filesystem::path &folder) const = 0;
};

} // namespace faultline::agent
