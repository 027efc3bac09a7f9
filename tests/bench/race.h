// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/bench/measured_process.h"

#include <functional>
#include <string>
#include <vector>

namespace faultline::bench {

/// One contender of a race; `run` gives the cost of one round.
struct Contender
{
    std::string name;
    std::function<Cost()> run;
};

/// Runs the contenders in turns, drops the first round, and prints a line each: medians of wall and
/// CPU time, peak memory, and for all but the first the ratio of the first to it (median and 95 %
/// bootstrap interval). A contender whose answer is wrong (exit code other than 0) is named and
/// scores nothing.
void race(const std::string &title, const std::vector<Contender> &contenders, int rounds);

[[nodiscard]] double median(std::vector<double> values);

} // namespace faultline::bench
