// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include <tl/expected.hpp>

#include "services/lab/gitlab/ci_config.h"
#include "services/lab/gitlab/ci_error.h"
#include "services/lab/gitlab/ci_includes.h"

namespace faultline::lab {

/// Reads a .gitlab-ci.yml. A key that this lab does not support is an error with its line, never
/// ignored: a test that silently runs otherwise than written is worse than one that does not run.
[[nodiscard]] tl::expected<CiConfig, CiError> readCiConfig(
    const std::string &text, const CiSources &sources = {});

/// As above, from files of the repository that are merged in order.
[[nodiscard]] tl::expected<CiConfig, CiError> readCiFiles(
    const std::vector<std::string> &files, const CiSources &sources);

} // namespace faultline::lab
