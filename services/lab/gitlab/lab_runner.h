// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "services/lab/gitlab/store_records.h"

namespace faultline::lab {

/// A runner that this lab hosts, one per slot.
struct LabRunner
{
    std::int64_t id = 0;
    std::string description;
    std::string token;
    std::string systemId;
    Milliseconds created = 0;
    Milliseconds contacted = 0; ///< 0 = never
    bool busy = false;
};

} // namespace faultline::lab
