// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/process/capability.h"

#include <charconv>
#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>

namespace faultline::agent {

bool hasCapability(Capability capability)
{
    constexpr std::string_view label = "CapEff:\t";
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (!line.starts_with(label))
            continue;
        std::uint64_t mask = 0;
        std::from_chars(line.data() + label.size(), line.data() + line.size(), mask, 16);
        return ((mask >> static_cast<unsigned>(capability)) & 1U) != 0;
    }
    return false;
}

} // namespace faultline::agent
