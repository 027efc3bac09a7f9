// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace faultline::lab {

struct ServeOptions
{
    std::filesystem::path stateDirectory;
    std::string
        listen; ///< "127.0.0.1:7480"; empty: that, or what the last run used, or the next free one
    bool allowOtherAddresses = false;
    std::vector<std::string> hostNames;
    std::size_t gitlabRequestsPerMinute = 0; ///< of one token; 0 = no limit
    std::size_t slots = 2;
    std::vector<std::string> dockerHosts; ///< each is a host of the Rancher side
    bool removeStacksOnExit = false;
};

/// Runs the lab until a stop signal. Gives the exit code.
[[nodiscard]] int serve(const ServeOptions &options);

} // namespace faultline::lab
