// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/agent/frame/fault.h"
#include "services/agent/frame/spec.h"
#include "services/agent/process/target_processes.h"

#include <cstdint>
#include <optional>
#include <string>

namespace faultline::agent {

/// How much of a file system is to be filled.
struct FillAmount
{
    std::string path;
    std::uint64_t bytes = 0; ///< so many
    double percent = 0; ///< or until so much of the file system is in use; 0: bytes count
    bool sharedDisk = false; ///< the disk that the engine's containers share may get full, too
};

/// Space of the target's file system taken by a file without a name that only the agent has open:
/// with the agent, however it ends, the kernel frees it.
class FillFault : public Fault
{
public:
    FillFault(const Spec &spec, FillAmount amount);
    ~FillFault() override;

    [[nodiscard]] std::string mechanism() const override { return "file without a name"; }
    [[nodiscard]] Outcome<> check() override;
    [[nodiscard]] Outcome<> inject(BootClock::time_point until) override;
    [[nodiscard]] Proof proveInForce() override;
    [[nodiscard]] Outcome<> renew(BootClock::time_point) override { return {}; }
    [[nodiscard]] Outcome<> undo() override;
    [[nodiscard]] Proof proveOut() override;
    [[nodiscard]] std::string handUndo() const override;
    [[nodiscard]] bool targetGone() override;

private:
    [[nodiscard]] Outcome<std::uint64_t> wanted(int folder) const;
    void allocate(std::uint64_t bytes);

    const Spec m_spec;
    const FillAmount m_amount;
    std::optional<ProcessId> m_first;
    int m_file = -1;
    std::uint64_t m_wanted = 0;
    std::uint64_t m_taken = 0;
};

} // namespace faultline::agent
