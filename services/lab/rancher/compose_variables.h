// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <tl/expected.hpp>

#include <map>
#include <string>

namespace faultline::lab {

/// Fills in $NAME, ${NAME}, ${NAME:-default}, ${NAME-default} and turns $$ into $. An unknown name
/// is empty.
[[nodiscard]] tl::expected<std::string, std::string> substituted(
    const std::string &text, const std::map<std::string, std::string> &environment);

} // namespace faultline::lab
