// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/agent/cgroup/limit.h"

#include <cstdint>
#include <map>

namespace faultline::agent {

/// All processes of the target stand still.
class Freeze : public Limit
{
public:
    explicit Freeze(std::string container);
    [[nodiscard]] std::string mechanism() const override
    {
        return "freezer of the target's cgroup";
    }
    [[nodiscard]] std::string controller() const override { return "freezer"; }
    [[nodiscard]] Outcome<std::vector<LimitValue>> values(
        const CgroupTree &tree, const RememberedValues &now) const override;
    [[nodiscard]] Proof felt(
        const CgroupTree &tree, const std::filesystem::path &folder) const override;

private:
    std::string m_container;
};

/// The target gets no more than so many processors' time.
class ProcessorLimit : public Limit
{
public:
    /// `fault`: its id, for the name of the nested cgroup that the proof needs.
    ProcessorLimit(double processors, std::string fault);
    [[nodiscard]] std::string mechanism() const override { return "quota of the target's cgroup"; }
    [[nodiscard]] std::string controller() const override { return "cpu"; }
    [[nodiscard]] Outcome<std::vector<LimitValue>> values(
        const CgroupTree &tree, const RememberedValues &now) const override;
    /// Lets a process of the agent run in a nested cgroup and sees how much time it gets.
    [[nodiscard]] Proof felt(
        const CgroupTree &tree, const std::filesystem::path &folder) const override;

private:
    double m_processors;
    std::string m_fault;
};

/// What `io.limit` limits, by the names of its arguments.
struct TransferLimits
{
    std::map<std::string, std::int64_t> perSecond; ///< readBytes, writeBytes, readOps, writeOps
    std::vector<std::string> devices; ///< major:minor
};

/// Reading and writing of the target is limited on each disk. With version 1 of cgroups only direct
/// and synchronous transfers are: what is written through the page cache is written by the kernel
/// on nobody's account.
class TransferLimit : public Limit
{
public:
    explicit TransferLimit(TransferLimits limits);
    [[nodiscard]] std::string mechanism() const override
    {
        return "block throttle of the target's cgroup";
    }
    [[nodiscard]] std::string controller() const override { return "blkio"; }
    [[nodiscard]] Outcome<std::vector<LimitValue>> values(
        const CgroupTree &tree, const RememberedValues &now) const override;
    [[nodiscard]] Proof felt(
        const CgroupTree &tree, const std::filesystem::path &folder) const override;

private:
    TransferLimits m_limits;
};

/// The disks of this machine (major:minor) from /sys/block, without loop devices and RAM disks.
[[nodiscard]] std::vector<std::string> disks(const std::filesystem::path &block = "/sys/block");

} // namespace faultline::agent
