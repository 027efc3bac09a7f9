// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runs/history/register_history.h"

#include <chrono>
#include <cstddef>

namespace faultline::runs {

struct LinearizabilityLimits
{
    std::chrono::milliseconds time{ 60'000 }; ///< for all registers together
    std::size_t states = 4'000'000; ///< remembered at once for one register
};

struct Linearizability
{
    enum class Answer {
        Yes,
        No,
        GaveUp, ///< a limit was reached before the search had ended
    };
    Answer answer = Answer::Yes;
    std::string key; ///< JSON text of the register that is not, or at which it gave up
    std::string why; ///< one sentence for No and GaveUp
};

/// Whether each register's operations could have taken effect one after the other, each at one
/// moment between its beginning and its end, starting from null. Registers are independent of each
/// other, so each is searched alone (Herlihy and Wing 1990). The search is that of Wing and Gong
/// with Lowe's memory of configurations that led nowhere ("Testing for linearizability", 2017).
[[nodiscard]] Linearizability checkLinearizable(
    const RegisterHistory &history, const LinearizabilityLimits &limits = {});

} // namespace faultline::runs
