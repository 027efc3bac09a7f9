// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace faultline::logs {

/// What the runner writes before each physical line when timestamps are on (facts: gitlab.md §10).
struct LineHeader
{
    static constexpr std::size_t size = 32;

    std::int64_t timeUs = 0; ///< UTC, microseconds since 1970
    bool isFromRunner = false; ///< stream 00
    bool isError = false;
    bool continues = false; ///< '+': this line goes on where the one before ended
};

/// Reads exactly 32 bytes; nothing when they are no header.
[[nodiscard]] std::optional<LineHeader> parseLineHeader(std::string_view bytes);

/// True while `bytes` (shorter than a header) may still become one.
[[nodiscard]] bool mayBecomeLineHeader(std::string_view bytes);

} // namespace faultline::logs
