// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/process/process_maps.h"

#include <charconv>
#include <fstream>
#include <string>

namespace faultline::agent {

std::optional<AddressRange> mappedRange(pid_t process, std::string_view name)
{
    std::ifstream maps("/proc/" + std::to_string(process) + "/maps");
    for (std::string line; std::getline(maps, line);) {
        if (!line.ends_with(name))
            continue;
        AddressRange range;
        const char *const end = line.data() + line.size();
        const auto first = std::from_chars(line.data(), end, range.begin, 16);
        if (first.ec != std::errc{} || first.ptr == end || *first.ptr != '-')
            continue;
        if (std::from_chars(first.ptr + 1, end, range.end, 16).ec == std::errc{}
            && range.end > range.begin)
            return range;
    }
    return std::nullopt;
}

} // namespace faultline::agent
