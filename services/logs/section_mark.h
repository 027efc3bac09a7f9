// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/logs/log_line.h"

#include <optional>
#include <string_view>

namespace faultline::logs {

/// A mark at the end of a text, "section_start:UNIX:NAME[option=value,…]" (facts: gitlab.md §10).
struct FoundMark
{
    SectionMark mark;
    bool isStart = false;
    std::size_t from = 0; ///< where it begins in the text
};

/// Nothing when the text does not end with a complete mark.
[[nodiscard]] std::optional<FoundMark> markAtEnd(std::string_view text);

} // namespace faultline::logs
