// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/disk/fill_fault.h"

#include "services/agent/cgroup/load.h"
#include "services/agent/process/hand_undo.h"
#include "services/agent/process/target_folder.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <vector>

namespace faultline::agent {
namespace {

constexpr std::uint64_t largest = 64U << 20U;
constexpr std::uint64_t smallest = 4096;
/// What stays free of a disk that others use, too.
constexpr double spared = 0.1;

double bytesOf(fsblkcnt_t blocks, const struct statvfs &system)
{
    return static_cast<double>(blocks) * static_cast<double>(system.f_frsize);
}

/// The helper's own root is on the disk of the engine; a file system of the same size with as many
/// files is that disk.
bool isEnginesDisk(const struct statvfs &system)
{
    struct statvfs own
    {
    };
    return ::statvfs("/", &own) == 0 && own.f_blocks == system.f_blocks
        && own.f_files == system.f_files;
}

bool extend(int file, std::uint64_t from, std::uint64_t bytes)
{
    if (::posix_fallocate(file, static_cast<off_t>(from), static_cast<off_t>(bytes)) == 0)
        return true;
    return false;
}

} // namespace

FillFault::FillFault(const Spec &spec, FillAmount amount)
    : m_spec(spec)
    , m_amount(std::move(amount))
{
}

FillFault::~FillFault()
{
    if (m_file >= 0)
        ::close(m_file);
}

Outcome<std::uint64_t> FillFault::wanted(int folder) const
{
    struct statvfs system
    {
    };
    if (::fstatvfs(folder, &system) != 0)
        return refused(Refusal::CannotHere,
            std::string("The file system can't be asked: ") + std::strerror(errno) + '.');
    const double all = bytesOf(system.f_blocks, system);
    const double free = bytesOf(system.f_bavail, system);
    const double bytes = m_amount.percent > 0 ? all * m_amount.percent / 100 - (all - free)
                                              : static_cast<double>(m_amount.bytes);
    if (bytes < static_cast<double>(smallest))
        return refused(Refusal::CannotHere,
            "So much of the file system of " + m_amount.path + " is in use already.");
    if (!m_amount.sharedDisk && isEnginesDisk(system) && free - bytes < all * spared)
        return refused(Refusal::Foreign,
            m_amount.path
                + " is on the disk that all containers of the engine share, and less than 10 % of "
                  "it would be left. "
                  "Ask for less, use a volume of its own, or say sharedDisk: true.");
    return static_cast<std::uint64_t>(std::min(bytes, free));
}

Outcome<> FillFault::check()
{
    const auto folder = openTargetFolder(m_spec.target, m_amount.path);
    if (!folder)
        return tl::make_unexpected(folder.error());
    const auto bytes = wanted(*folder);
    ::close(*folder);
    return bytes ? Outcome<>() : tl::make_unexpected(bytes.error());
}

void FillFault::allocate(std::uint64_t bytes)
{
    // In ever smaller pieces, so that it takes the last block of a full disk, too.
    for (std::uint64_t piece = largest; m_taken < bytes && piece >= smallest;) {
        const std::uint64_t next = std::min(piece, bytes - m_taken);
        if (extend(m_file, m_taken, next))
            m_taken += next;
        else
            piece /= 4;
    }
}

Outcome<> FillFault::inject(BootClock::time_point)
{
    const auto processes = findTarget(m_spec.target);
    const auto folder = openTargetFolder(m_spec.target, m_amount.path);
    if (!processes || !folder)
        return tl::make_unexpected(processes ? folder.error() : processes.error());
    m_first = processes->front();
    const auto bytes = wanted(*folder);
    m_file = bytes ? openWithoutName(*folder) : -1;
    const std::string reason = std::strerror(errno);
    ::close(*folder);
    if (!bytes)
        return tl::make_unexpected(bytes.error());
    if (m_file < 0)
        return refused(
            Refusal::CannotHere, "No file can be made in " + m_amount.path + ": " + reason + '.');
    m_wanted = *bytes;
    allocate(m_wanted);
    return {};
}

Proof FillFault::proveInForce()
{
    if (m_file < 0)
        return { false, "The file has no name: only the agent that made it can see it.",
            nlohmann::json::object() };
    struct statvfs system
    {
    };
    const double free = ::fstatvfs(m_file, &system) == 0 ? bytesOf(system.f_bavail, system) : -1;
    const bool held = m_taken > 0
        && (static_cast<double>(m_taken) >= static_cast<double>(m_wanted) * 0.9 || free < 1e6);
    return { held,
        std::to_string(m_taken) + " bytes are taken, " + std::to_string(std::llround(free))
            + " are left.",
        { { "takenBytes", m_taken }, { "freeBytes", free } } };
}

Outcome<> FillFault::undo()
{
    if (m_file >= 0)
        ::close(m_file);
    m_file = -1;
    return {};
}

Proof FillFault::proveOut()
{
    const auto none = nlohmann::json::object();
    const auto folder = openTargetFolder(m_spec.target, m_amount.path);
    if (!folder)
        return { m_file < 0, "The file is closed, so the kernel freed its space.", none };
    struct statvfs system
    {
    };
    const double free = ::fstatvfs(*folder, &system) == 0 ? bytesOf(system.f_bavail, system) : -1;
    ::close(*folder);
    return { m_file < 0,
        "The file is closed; " + std::to_string(std::llround(free)) + " bytes are free.",
        { { "freeBytes", free } } };
}

std::string FillFault::handUndo() const
{
    return endHelperCommand(m_spec);
}

bool FillFault::targetGone()
{
    return m_first && !isAlive(*m_first);
}

} // namespace faultline::agent
