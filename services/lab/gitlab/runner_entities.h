// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>

#include "services/lab/gitlab/lab_runner.h"

namespace faultline::lab {

/// "online" within two hours of the last contact, then "offline", after a week "stale".
[[nodiscard]] const char *runnerStatus(Milliseconds contacted, Milliseconds now);

/// GitLab's Ci::Runner, as lists and jobs show it.
[[nodiscard]] nlohmann::ordered_json runnerJson(const LabRunner &runner, Milliseconds now);
/// Ci::RunnerDetails; `project` is the object of `projects`.
[[nodiscard]] nlohmann::ordered_json runnerDetailsJson(
    const LabRunner &runner, const nlohmann::ordered_json &project, Milliseconds now);
[[nodiscard]] nlohmann::ordered_json runnerManagerJson(
    const LabRunner &runner, const RunnerManager &manager, Milliseconds now);

} // namespace faultline::lab
