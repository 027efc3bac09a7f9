// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/agent/frame/outcome.h"

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace faultline::agent {

/// Where the helper sees the target's processes.
enum class Pids {
    Unseen, ///< not at all: a helper in the network namespace only
    Own, ///< shares the target's pid namespace
    Host ///< host's pid namespace: the target's are those whose /proc/PID/cgroup names its
         ///< container
};

struct Target
{
    std::string container; ///< 64 hex, or empty where no kind needs it
    std::string name;
    Pids pids = Pids::Unseen;
};

/// One fault, as the controller asks for it; the kind's own arguments are read by the kind.
struct Spec
{
    std::string id; ///< `f-` and 16 hex digits
    std::string kind;
    nlohmann::json arguments = nlohmann::json::object();
    double lease = 30; ///< seconds
    double duration = 0; ///< seconds; 0: as long as the lease is renewed
    Target target;
    std::vector<std::string>
        peers; ///< numeric addresses, IPv4 or IPv6, with an optional prefix length

    /// The 16 digits of the id: the part of the names of what is ours on the target.
    [[nodiscard]] std::string digits() const { return id.substr(2); }
};

/// Reads and checks a fault's JSON; refuses unknown keys. Fails with BadSpec, the text begins with
/// the path.
[[nodiscard]] Outcome<Spec> readSpec(std::string_view json);

} // namespace faultline::agent
