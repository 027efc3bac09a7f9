// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace CLI {
class App;
class Option;
} // namespace CLI

namespace faultline::ctl {

/// Adds an option that takes a duration ("300s", "5m", a bare number of seconds); bad text is a
/// usage error.
CLI::Option *addDurationOption(CLI::App &app, const std::string &names,
    std::optional<std::chrono::milliseconds> &value, const std::string &help);

} // namespace faultline::ctl
