// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <random>
#include <string_view>

namespace faultline::cases {

/// The random choices of one matter of a run ("fault kill-leader in phase chaos"). Each matter
/// draws from a stream of its own, so that a fault added to a case does not move the others. The
/// same on every machine: std::mt19937_64 is fixed by the standard, its distributions are not and
/// are not used.
class RandomSource
{
public:
    RandomSource(std::uint64_t seed, std::string_view matter);

    /// A whole number from 0 to `bound` - 1; 0 when `bound` is 0.
    [[nodiscard]] std::uint64_t below(std::uint64_t bound);
    /// From 0 (included) to 1 (not included), in steps of 2^-53.
    [[nodiscard]] double unit();
    /// A gap of a Poisson process with that mean, in the mean's unit.
    [[nodiscard]] double gap(double mean);

private:
    std::mt19937_64 m_engine;
};

} // namespace faultline::cases
