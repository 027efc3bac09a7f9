// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "services/lab/gitlab/store_records.h"

namespace faultline::lab {

/// One machine that uses a runner's token.
struct RunnerManager
{
    std::int64_t id = 0;
    std::string systemId;
    std::string version;
    std::string revision;
    std::string platform;
    std::string architecture;
    Milliseconds created = 0;
    Milliseconds contacted = 0; ///< 0 = never
    bool cancelsGracefully
        = false; ///< declares `cancel_gracefully`: canceled jobs are "canceling" first
};

/// A runner of the project: one that the lab hosts, one per slot, or one that registered.
struct LabRunner
{
    std::int64_t id = 0;
    std::size_t slot = 0; ///< 1, 2, … of the lab's own; 0 = registered from outside
    std::string description;
    std::string token;
    std::string type = "project_type";
    std::string accessLevel = "not_protected";
    std::string note;
    std::vector<std::string> tags;
    bool paused = false;
    bool locked = false;
    bool runUntagged = true;
    std::int64_t maximumTimeout = 0; ///< seconds; 0 = none
    Milliseconds created = 0;
    Milliseconds contacted = 0; ///< 0 = never
    bool busy = false;
    std::vector<RunnerManager> managers;
};

} // namespace faultline::lab
