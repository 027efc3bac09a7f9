// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

namespace faultline::lab {

struct JunitCase
{
    std::string status; ///< success, failed, skipped, error
    std::string name;
    std::string className;
    std::string file;
    double seconds = 0;
    std::string output; ///< of a failure or error, else system-out
};

/// Reads JUnit XML: every <testcase>, whatever it is nested in. Of several of one class and name
/// the first counts, as in GitLab. The error is GitLab's suite_error.
[[nodiscard]] tl::expected<std::vector<JunitCase>, std::string> readJunit(std::string_view xml);

} // namespace faultline::lab
