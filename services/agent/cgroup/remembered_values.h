// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/agent/frame/outcome.h"

#include <filesystem>
#include <string>
#include <vector>

namespace faultline::agent {

/// One value of a cgroup: the whole of a small file, or one device's line of it (`8:0`), or one
/// word of such a line (`8:0.wbps`).
struct CgroupValue
{
    std::string file;
    std::string key;
    std::string was;
    std::string set;
};

/// Changes values of a container's cgroup so that anybody can change them back: before a value is
/// written, an empty nested cgroup is made whose name holds the fault, the value before and the
/// value set. It lives as long as the container's own cgroup, survives this program, and says to
/// anybody who looks whose doing it is. A value that somebody else changed in the meantime is left
/// as it is.
class RememberedValues
{
public:
    RememberedValues(std::filesystem::path folder, std::string fault);

    /// Foreign: another fault changed this value. CannotHere: the value can't be read or written;
    /// nothing is left behind then.
    [[nodiscard]] Outcome<> change(
        const std::string &file, const std::string &key, const std::string &set);
    /// Leaked: a value could not be written back.
    [[nodiscard]] Outcome<> restore();
    /// What is changed now, also by an earlier process.
    [[nodiscard]] std::vector<CgroupValue> changed() const;
    /// The value now; empty when it can't be read.
    [[nodiscard]] std::string now(const std::string &file, const std::string &key) const;
    /// Values that the last restore() found changed by somebody else, for a person.
    [[nodiscard]] const std::string &leftAlone() const { return m_leftAlone; }

private:
    [[nodiscard]] bool write(const CgroupValue &value, const std::string &text) const;
    [[nodiscard]] std::filesystem::path note(const CgroupValue &value) const;
    [[nodiscard]] std::vector<CgroupValue> notes(const std::string &prefix) const;

    std::filesystem::path m_folder;
    std::string m_fault;
    std::string m_leftAlone;
};

} // namespace faultline::agent
