// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include <tl/expected.hpp>

#include "services/lab/gitlab/ci_config.h"
#include "services/lab/gitlab/ci_error.h"

namespace faultline::lab {

/// Reads a .gitlab-ci.yml. A key that this lab does not support is an error with its line, never
/// ignored: a test that silently runs otherwise than written is worse than one that does not run.
[[nodiscard]] tl::expected<CiConfig, CiError> readCiConfig(const std::string &text);

} // namespace faultline::lab
