// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace faultline::agent {

/// What the caller of the agent can do about a failure; the value is the exit code of the program.
enum class Refusal {
    DidNotBite = 1, ///< injected, but no effect was seen; undone and out
    Leaked = 3, ///< the undo could not be done or not be verified
    CannotHere = 4, ///< this machine lacks what the kind needs
    Foreign = 5, ///< something that is not ours is in the way, or another fault of ours
    Moot = 6, ///< the target is gone
    BadSpec = 64, ///< the fault's JSON is wrong; the text names the path
    Internal = 70
};

/// Why something could not be done, in a sentence for a person; never holds a secret.
struct Failure
{
    Refusal refusal = Refusal::Internal;
    std::string text;
};

template <typename T = void>
using Outcome = tl::expected<T, Failure>;

inline tl::unexpected<Failure> refused(Refusal refusal, std::string text)
{
    return tl::make_unexpected(Failure{ refusal, std::move(text) });
}

/// What a probe saw.
struct Proof
{
    bool holds = false; ///< what was asked ("in force", "out") is so
    std::string detail; ///< a sentence: what was measured, with units
    nlohmann::json measured
        = nlohmann::json::object(); ///< numbers by name, units in the name (`roundTripMs`)
};

} // namespace faultline::agent
