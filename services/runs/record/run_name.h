// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace faultline::runs {

/// A run's id: 16 hexadecimal digits of `random`.
[[nodiscard]] std::string runId(std::uint64_t random);

/// `<normalised case name>-<UTC yyyymmddHHMMSS>-<4 hex of the run id>`: at most 63 characters of
/// [a-z0-9-], cut in the case's name.
[[nodiscard]] std::string stackName(
    const std::string &caseName, std::int64_t wallMicros, const std::string &run);

} // namespace faultline::runs
