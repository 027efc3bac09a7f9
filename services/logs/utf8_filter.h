// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace faultline::logs {

/// Turns bytes into valid UTF-8, one at a time: what is invalid becomes U+FFFD, one for each
/// maximal wrong part (Unicode §3.9), control characters become their visible pictures (U+2400…),
/// C1 controls U+FFFD.
class Utf8Filter
{
public:
    /// Appends what is complete with this byte to `out`.
    void take(unsigned char byte, std::string &out);
    /// Ends a sequence that is still incomplete.
    void flush(std::string &out);
    [[nodiscard]] bool isBetweenCharacters() const { return m_expected == 0; }

private:
    void start(unsigned char byte, std::string &out);

    std::array<char, 4> m_bytes{};
    int m_count = 0;
    int m_expected = 0; // length of the sequence under way, 0 when none is
    unsigned char m_low = 0x80; // what the next byte may be
    unsigned char m_high = 0xBF;
};

} // namespace faultline::logs
