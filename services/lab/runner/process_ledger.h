// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>

#include <sys/types.h>

#include <tl/expected.hpp>

#include "services/lab/store/database.h"

namespace faultline::lab {

/// Remembers which process groups are ours, so that a lab that was killed together with their
/// supervisors finds them again. A group is known by its id, its leader's start time and the boot,
/// never by a name. Any thread.
class ProcessLedger
{
public:
    [[nodiscard]] static tl::expected<ProcessLedger, std::string> open(
        const std::filesystem::path &file);
    ProcessLedger(ProcessLedger &&other) noexcept;

    [[nodiscard]] tl::expected<void, std::string> record(std::int64_t job, pid_t group);
    [[nodiscard]] tl::expected<void, std::string> forget(std::int64_t job);
    /// Ends the recorded groups that still live and forgets all. Gives how many lived.
    [[nodiscard]] tl::expected<int, std::string> endLeftovers();

private:
    explicit ProcessLedger(Database database);

    std::mutex m_mutex;
    Database m_database;
};

} // namespace faultline::lab
