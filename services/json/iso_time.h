// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>

#include <string_view>

namespace faultline::json {

/// A time as GitLab and Rancher write it ("2026-01-31T12:34:56.123Z", also with an offset, a space
/// for the T, or " UTC" at its end), in UTC; invalid when it isn't one. Twenty times faster than
/// QDateTime::fromString.
[[nodiscard]] QDateTime isoTime(std::string_view text);

} // namespace faultline::json
