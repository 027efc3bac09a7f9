// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/runner/process_ledger.h"

#include <csignal>
#include <fstream>
#include <utility>

#include "services/lab/runner/job_process.h"

namespace faultline::lab {

namespace {

std::string bootId()
{
    std::ifstream file("/proc/sys/kernel/random/boot_id");
    std::string id;
    std::getline(file, id);
    return id;
}

} // namespace

tl::expected<ProcessLedger, std::string> ProcessLedger::open(const std::filesystem::path &file)
{
    auto database = Database::open(file,
        { "CREATE TABLE processes (job INTEGER PRIMARY KEY, process_group INTEGER NOT NULL, "
          "started INTEGER NOT NULL, "
          "boot TEXT NOT NULL)" });
    if (!database)
        return tl::unexpected(database.error());
    return ProcessLedger(std::move(*database));
}

ProcessLedger::ProcessLedger(Database database)
    : m_database(std::move(database))
{
}

ProcessLedger::ProcessLedger(ProcessLedger &&other) noexcept
    : m_database(std::move(other.m_database))
{
}

tl::expected<void, std::string> ProcessLedger::record(std::int64_t job, pid_t group)
{
    const std::lock_guard lock(m_mutex);
    auto insert = m_database.prepare("INSERT OR REPLACE INTO processes VALUES (?, ?, ?, ?)");
    if (!insert)
        return tl::unexpected(insert.error());
    return insert->bind(1, job)
        .bind(2, static_cast<std::int64_t>(group))
        .bind(3, static_cast<std::int64_t>(processStartTime(group)))
        .bind(4, bootId())
        .run();
}

tl::expected<void, std::string> ProcessLedger::forget(std::int64_t job)
{
    const std::lock_guard lock(m_mutex);
    auto remove = m_database.prepare("DELETE FROM processes WHERE job = ?");
    if (!remove)
        return tl::unexpected(remove.error());
    return remove->bind(1, job).run();
}

tl::expected<int, std::string> ProcessLedger::endLeftovers()
{
    const std::lock_guard lock(m_mutex);
    auto rows = m_database.prepare("SELECT process_group, started FROM processes WHERE boot = ?");
    if (!rows)
        return tl::unexpected(rows.error());
    rows->bind(1, bootId());
    int ended = 0;
    auto row = rows->step();
    for (; row && *row; row = rows->step()) {
        const auto group = static_cast<pid_t>(rows->integer(0));
        const long long started = rows->integer(1);
        // Another process may have the id by now; the start time tells.
        if (group > 1 && started != 0 && processStartTime(group) == started
            && kill(-group, SIGKILL) == 0)
            ++ended;
    }
    if (!row)
        return tl::unexpected(row.error());
    if (auto cleared = m_database.run("DELETE FROM processes"); !cleared)
        return tl::unexpected(cleared.error());
    return ended;
}

} // namespace faultline::lab
