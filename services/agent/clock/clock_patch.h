// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace faultline::agent {

/// What the patched clock adds to the true time: a constant, a constant that comes and goes, a
/// growing part, or a sum of them.
struct ClockShift
{
    std::int64_t offset = 0; ///< nanoseconds
    std::int64_t period = 0; ///< nanoseconds that the offset is on and then off; 0 = always on
    std::int64_t ratio = 0; ///< nanoseconds gained in each nanosecond, in units of 2^-32

    bool operator==(const ClockShift &) const = default;
};

/// The head of the patch inside a target process. Its layout is shared with the code that runs
/// there (clock_code.cpp) and with any other agent that has to recognise and undo the patch: change
/// the magic whenever the layout changes.
struct alignas(8) ClockPatchHead
{
    std::array<char, 16> magic{};
    std::array<char, 24> fault{}; ///< id of the fault, zero-terminated
    std::int64_t start = 0; ///< CLOCK_MONOTONIC, nanoseconds: when strobe and drift begin
    ClockShift shift;
    /// CLOCK_MONOTONIC, nanoseconds; the later of the two counts and nothing is added from then on.
    /// There are two so that a renewal writes the earlier one while the other stays whole for the
    /// threads that are reading.
    std::int64_t deadline = 0;
    std::int64_t otherDeadline = 0;
    std::int64_t reserved = 0;

    [[nodiscard]] std::int64_t lastDeadline() const
    {
        return deadline > otherDeadline ? deadline : otherDeadline;
    }
};
static_assert(sizeof(ClockPatchHead) == 96, "the space that clock_code.cpp reserves");

inline constexpr std::array<char, 16> clockPatchMagic{ 'f', 'a', 'u', 'l', 't', 'l', 'i', 'n', 'e',
    ' ', 'c', 'l', 'k', ' ', '1', '\n' };

/// What a patch with this head adds at a moment of CLOCK_MONOTONIC, in nanoseconds.
[[nodiscard]] std::int64_t shiftAt(const ClockPatchHead &head, std::int64_t monotonic);

/// Where the three functions are in the patch, in bytes from its beginning.
struct ClockPatchEntries
{
    std::size_t clockGettime = 0;
    std::size_t gettimeofday = 0;
    std::size_t time = 0;
};

/// The patch as it is linked into this program, with an empty head: position-independent, it may be
/// copied anywhere that is aligned to 64 bytes. Empty on machines other than x86-64.
[[nodiscard]] std::span<const std::byte> clockPatchTemplate();

/// The functions of the template.
[[nodiscard]] ClockPatchEntries clockPatchEntries();

} // namespace faultline::agent
