// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "services/lab/gitlab/posix_zone.h"

namespace faultline::lab {

/// A time zone of the system's database (/usr/share/zoneinfo), by its IANA name or by one of the
/// names that GitLab's forms show ("Pacific Time (US & Canada)").
class TimeZone
{
public:
    /// Nothing for a name that is unknown here.
    [[nodiscard]] static std::optional<TimeZone> load(const std::string &name);

    /// Seconds east of UTC at a moment (seconds since 1970).
    [[nodiscard]] std::int64_t offsetAt(std::int64_t utc) const;
    /// The moment of a local time (seconds since 1970 as if it were UTC). Nothing for a time that
    /// the clocks jump over; the first of two.
    [[nodiscard]] std::optional<std::int64_t> utcOf(std::int64_t local) const;

private:
    struct Change
    {
        std::int64_t from = 0;
        std::int64_t offset = 0;
    };

    [[nodiscard]] bool read(const std::string &bytes);

    std::vector<Change> m_changes; ///< rising
    std::int64_t m_firstOffset = 0;
    std::optional<PosixZone> m_rule; ///< after the last change
};

} // namespace faultline::lab
