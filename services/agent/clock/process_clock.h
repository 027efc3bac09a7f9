// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/agent/clock/clock_patch.h"
#include "services/agent/clock/vdso_image.h"
#include "services/agent/frame/outcome.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace faultline::agent {

class ProcessMemory;
class StoppedProcess;

/// The clock functions in the vDSO of one process, and our patch of them: a body in the unused end
/// of the vDSO's last page and three jumps to it. The page becomes the process's own when it is
/// written to, so no other process sees it; children that it forks do, programs that it executes
/// don't. No register and no stack of the process is touched, so being killed halfway leaves it
/// working. Only x86-64.
class ProcessClock
{
public:
    enum class State {
        Gone, ///< or its memory may not be read: see reason()
        OtherKind, ///< no vDSO, or one of another word size: its clock can't be patched
        Pristine,
        Ours, ///< body and three jumps
        Partial, ///< a body of ours without all of the jumps: what an agent leaves that was killed
                 ///< halfway; has no effect
        Foreign ///< changed by somebody else
    };

    /// `image` must outlive this object. Reads the state at once.
    ProcessClock(pid_t process, const VdsoImage &image);

    [[nodiscard]] State state() const { return m_state; }
    /// The fault that a patch belongs to.
    [[nodiscard]] std::string fault() const;
    [[nodiscard]] const ClockPatchHead &head() const { return m_head; }
    [[nodiscard]] const std::string &reason() const { return m_reason; }
    [[nodiscard]] std::uintptr_t begin() const { return m_begin; }

    /// Puts the patch in; the process stands still meanwhile (0.2 to 3 ms). DidNotBite: it did not
    /// stop, or a thread stayed inside of the functions. Moot: it is gone. What is in place before
    /// is replaced only if it is Partial.
    [[nodiscard]] Outcome<> patch(const ClockPatchHead &head);

    /// Takes the patch out and leaves the vDSO as the kernel made it. The shift ends first, at
    /// once. Leaked: it could not be taken out, the text says whether it still has an effect.
    [[nodiscard]] Outcome<> restore();

    /// Moves the deadline of a patch whose head is at this address, without stopping the process.
    /// False: no patch of this fault is there any more (the process ended or runs another program).
    [[nodiscard]] static bool renew(
        pid_t process, std::uintptr_t headAddress, std::string_view fault, std::int64_t deadline);

    /// How far the patched functions are from true time, in nanoseconds: runs the very bytes that
    /// the process runs, on a copy. Nothing if they are not exactly ours.
    [[nodiscard]] std::optional<std::int64_t> measuredShift() const;

    /// How long the process stood still in the last patch or restore.
    [[nodiscard]] std::chrono::nanoseconds stopped() const { return m_stopped; }

    /// Where the head is in the process.
    [[nodiscard]] std::uintptr_t headAddress() const { return m_begin + m_place; }

    /// Whether the image has room for the body behind what programs use.
    [[nodiscard]] static bool hasRoom(const VdsoImage &image);

private:
    using Step = std::function<Outcome<bool>(const StoppedProcess &, const ProcessMemory &)>;

    void read();
    [[nodiscard]] std::vector<std::size_t> entries() const;
    [[nodiscard]] bool findHead();
    [[nodiscard]] State compare() const;
    [[nodiscard]] std::uintptr_t address(std::size_t offset) const { return m_begin + offset; }
    [[nodiscard]] bool mayRunInEntries(const StoppedProcess &stopped) const;
    [[nodiscard]] Outcome<bool> writePatch(const ProcessMemory &memory, const ClockPatchHead &head);
    [[nodiscard]] Outcome<> whileStopped(const Step &step, Refusal failed);

    pid_t m_process;
    const VdsoImage &m_image;
    std::uintptr_t m_begin = 0;
    std::vector<std::byte> m_bytes;
    std::size_t m_place = 0;
    State m_state = State::Gone;
    ClockPatchHead m_head;
    std::string m_reason;
    std::chrono::nanoseconds m_stopped{ 0 };
};

} // namespace faultline::agent
