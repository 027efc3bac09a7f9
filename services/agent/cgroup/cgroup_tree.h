// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace faultline::agent {

/// The host's cgroups as the helper sees them: bound to /host/cgroup, or the helper's own mount
/// where that shows all.
class CgroupTree
{
public:
    explicit CgroupTree(std::filesystem::path root);

    /// The helper's tree; nothing if no cgroups are mounted.
    [[nodiscard]] static std::optional<CgroupTree> ofHelper();

    [[nodiscard]] bool isUnified() const { return m_unified; }
    /// Where the cgroup of a container is for a controller (`cpu`, `freezer`; all the same in a
    /// unified tree). Nothing if the controller is not there or has no such container.
    [[nodiscard]] std::optional<std::filesystem::path> folder(
        std::string_view controller, std::string_view container) const;
    [[nodiscard]] bool hasController(std::string_view controller) const;

private:
    std::filesystem::path m_root;
    bool m_unified;
};

} // namespace faultline::agent
