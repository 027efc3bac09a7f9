// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "services/lab/runner/job_description.h"

namespace faultline::lab {

/// "KEY=value" for a job's processes: what a shell needs from this program's own environment
/// (nothing else of it, it may hold secrets), then the job's variables. Variables of type file are
/// written into `fileDirectory`.
[[nodiscard]] std::vector<std::string> jobEnvironment(const JobDescription &job,
    const std::string &pathPrefix, const std::filesystem::path &projectDirectory,
    const std::filesystem::path &fileDirectory);

} // namespace faultline::lab
