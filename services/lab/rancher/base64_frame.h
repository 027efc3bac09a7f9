// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace faultline::lab {

/// The text of a frame of the execute and dockersocket sockets.
[[nodiscard]] std::string toBase64(std::string_view bytes);
/// Nothing when it is not base64; line ends and missing padding are fine.
[[nodiscard]] std::optional<std::string> fromBase64(std::string_view text);

} // namespace faultline::lab
