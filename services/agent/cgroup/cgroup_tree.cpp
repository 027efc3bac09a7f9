// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/cgroup/cgroup_tree.h"

#include "services/agent/process/target_processes.h"

#include <deque>
#include <fstream>
#include <iterator>

namespace faultline::agent {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most = 50'000; // cgroups that are looked at

std::optional<fs::path> search(const fs::path &root, std::string_view container)
{
    std::deque<fs::path> left{ root };
    for (std::size_t seen = 0; !left.empty() && seen < most; ++seen) {
        const fs::path folder = left.front();
        left.pop_front();
        std::error_code error;
        for (fs::directory_iterator it(folder, error), end; !error && it != end;
             it.increment(error)) {
            std::error_code ignored;
            if (!it->is_directory(ignored) || it->is_symlink(ignored))
                continue;
            const std::string name = it->path().filename().string();
            if (cgroupsNameContainer('/' + name, container))
                return it->path();
            if (!name.starts_with("faultline-"))
                left.push_back(it->path());
        }
    }
    return std::nullopt;
}

} // namespace

CgroupTree::CgroupTree(fs::path root)
    : m_root(std::move(root))
    , m_unified(fs::exists(m_root / "cgroup.controllers"))
{
}

std::optional<CgroupTree> CgroupTree::ofHelper()
{
    for (const char *const root : { "/host/cgroup", "/sys/fs/cgroup" }) {
        std::error_code error;
        if (fs::exists(fs::path(root) / "cgroup.controllers", error)
            || fs::exists(fs::path(root) / "cpu", error)
            || fs::exists(fs::path(root) / "freezer", error))
            return CgroupTree(root);
    }
    return std::nullopt;
}

bool CgroupTree::hasController(std::string_view controller) const
{
    std::error_code error;
    if (!m_unified)
        return fs::is_directory(m_root / controller, error);
    // Freezing is part of every cgroup of the unified tree.
    if (controller == "freezer")
        return true;
    const std::string_view name = controller == "blkio" ? "io" : controller;
    std::ifstream file(m_root / "cgroup.controllers");
    for (std::string word; file >> word;)
        if (word == name)
            return true;
    return false;
}

std::optional<fs::path> CgroupTree::folder(
    std::string_view controller, std::string_view container) const
{
    if (container.empty())
        return std::nullopt;
    const fs::path root = m_unified ? m_root : m_root / controller;
    std::error_code error;
    for (const fs::path &usual : { root / "docker" / container,
             root / "system.slice" / ("docker-" + std::string(container) + ".scope") })
        if (fs::is_directory(usual, error))
            return usual;
    return search(root, container);
}

} // namespace faultline::agent
