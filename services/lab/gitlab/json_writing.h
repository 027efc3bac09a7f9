// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "services/lab/gitlab/store_records.h"

namespace faultline::lab {

/// Appends a JSON string; bytes that are no UTF-8 are replaced.
void appendJsonText(std::string &out, std::string_view text);
/// Appends "2026-11-23T08:00:00.000Z" in quotes, or null for 0.
void appendJsonTime(std::string &out, Milliseconds time);
/// Appends seconds with their fraction, as JSON writes a number: 12.345, 3.0.
void appendJsonSeconds(std::string &out, Milliseconds duration);

} // namespace faultline::lab
