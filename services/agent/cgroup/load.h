// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/agent/process/shared_work.h"

#include <cstdint>
#include <string>
#include <vector>

namespace faultline::agent {

/// What one worker of a load does, in a process of its own, until the shared work is over. Adds up
/// what it did.
class Load
{
public:
    Load() = default;
    Load(const Load &) = delete;
    Load &operator=(const Load &) = delete;
    virtual ~Load() = default;

    virtual void work(SharedWork &work) const = 0;
    /// What `work` counts, with its unit ("processorMs").
    [[nodiscard]] virtual std::string unit() const = 0;
    /// The least that all workers together must have done, or, for `isAmount`, must hold.
    [[nodiscard]] virtual double least() const = 0;
    /// The count is an amount that is held rather than one that grows with time.
    [[nodiscard]] virtual bool isAmount() const { return false; }
    [[nodiscard]] virtual int workers() const { return 1; }
    /// A descriptor that the workers need; -1: none.
    [[nodiscard]] virtual int descriptor() const { return -1; }
};

/// Busy for a part of each tenth of a second.
class ProcessorLoad : public Load
{
public:
    ProcessorLoad(int workers, double percent);
    void work(SharedWork &work) const override;
    [[nodiscard]] std::string unit() const override { return "processorMs"; }
    [[nodiscard]] double least() const override { return 1; }
    [[nodiscard]] int workers() const override { return m_workers; }

private:
    int m_workers;
    double m_percent;
};

/// Holds and touches memory; the first to be killed when it gets short.
class MemoryLoad : public Load
{
public:
    explicit MemoryLoad(std::uint64_t bytes);
    void work(SharedWork &work) const override;
    [[nodiscard]] std::string unit() const override { return "bytes"; }
    [[nodiscard]] double least() const override { return static_cast<double>(m_bytes) * 0.9; }
    [[nodiscard]] bool isAmount() const override { return true; }

private:
    std::uint64_t m_bytes;
};

/// Writes a file without a name to the disk and reads it, again and again.
class TransferLoad : public Load
{
public:
    /// `folder`: a descriptor of the folder, which is closed with this object.
    TransferLoad(int workers, int folder, std::uint64_t bytes);
    ~TransferLoad() override;
    void work(SharedWork &work) const override;
    [[nodiscard]] std::string unit() const override { return "bytes"; }
    [[nodiscard]] double least() const override { return 1; }
    [[nodiscard]] int workers() const override { return m_workers; }
    [[nodiscard]] int descriptor() const override { return m_folder; }

private:
    int m_workers;
    int m_folder;
    std::uint64_t m_bytes;
};

/// A file in the folder that has no name, so that it is gone with the last process that has it
/// open, however that ends. -1 with errno.
[[nodiscard]] int openWithoutName(int folder);

} // namespace faultline::agent
