// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace faultline::lab {

/// Takes as long for a wrong text as for the right one, so that nothing can be learned from the
/// time.
[[nodiscard]] bool equalsSecret(std::string_view given, std::string_view secret);

/// Whether an Authorization header is Basic with this name and password.
[[nodiscard]] bool isBasicAuth(
    std::string_view header, const std::string &name, const std::string &password);

} // namespace faultline::lab
