// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/cases/plan/random_source.h"

#include <cmath>

namespace faultline::cases {

namespace {

/// FNV-1a: short, fixed for ever, and the engine mixes its result well.
std::uint64_t hashOf(std::uint64_t seed, std::string_view matter)
{
    constexpr std::uint64_t prime = 1099511628211ULL;
    std::uint64_t hash = 14695981039346656037ULL;
    const auto add = [&](unsigned char byte) { hash = (hash ^ byte) * prime; };
    for (unsigned shift = 0; shift < 64; shift += 8)
        add(static_cast<unsigned char>(seed >> shift));
    for (const char character : matter)
        add(static_cast<unsigned char>(character));
    return hash;
}

} // namespace

RandomSource::RandomSource(std::uint64_t seed, std::string_view matter)
    : m_engine(hashOf(seed, matter))
{
}

std::uint64_t RandomSource::below(std::uint64_t bound)
{
    if (bound == 0)
        return 0;
    // Numbers above the last whole multiple would make the small ones likelier.
    const std::uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
    std::uint64_t drawn = m_engine();
    while (drawn >= limit)
        drawn = m_engine();
    return drawn % bound;
}

double RandomSource::unit()
{
    return static_cast<double>(m_engine() >> 11U) * 0x1p-53;
}

double RandomSource::gap(double mean)
{
    return -std::log1p(-unit()) * mean;
}

} // namespace faultline::cases
