// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/record/run_name.h"

#include <ctime>

namespace faultline::runs {

namespace {

constexpr std::size_t longestName = 63;

std::string normalised(const std::string &name)
{
    std::string out;
    for (const char c : name) {
        const bool isUpper = c >= 'A' && c <= 'Z';
        const bool isKept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (isUpper)
            out += static_cast<char>(c - 'A' + 'a');
        else if (isKept)
            out += c;
        else if (!out.empty() && out.back() != '-')
            out += '-';
    }
    return out;
}

} // namespace

std::string runId(std::uint64_t random)
{
    static constexpr char digits[] = "0123456789abcdef";
    std::string out(16, '0');
    for (std::size_t i = 16; i-- > 0; random >>= 4U)
        out[i] = digits[random & 0xfU];
    return out;
}

std::string stackName(const std::string &caseName, std::int64_t wallMicros, const std::string &run)
{
    const std::time_t seconds = wallMicros / 1'000'000;
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    char time[32];
    const std::size_t length = std::strftime(time, sizeof time, "%Y%m%d%H%M%S", &parts);
    const std::string end = '-' + std::string(time, length) + '-' + run.substr(0, 4);
    std::string name = normalised(caseName).substr(0, longestName - end.size());
    while (!name.empty() && name.back() == '-')
        name.pop_back();
    return (name.empty() ? "run" : name) + end;
}

} // namespace faultline::runs
