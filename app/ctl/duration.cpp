// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/duration.h"

#include <utility>

namespace faultline::ctl {

std::optional<std::chrono::milliseconds> parseDuration(const QString &text)
{
    static constexpr std::pair<const char *, qint64> units[]
        = { { "ms", 1 }, { "s", 1'000 }, { "m", 60'000 }, { "h", 3'600'000 } };
    static constexpr qint64 aYear = 365LL * 24 * 3'600'000;

    QString digits = text;
    qint64 unit = 1'000;
    for (const auto &[name, milliseconds] : units) {
        if (text.endsWith(QLatin1StringView(name))) {
            digits = text.chopped(QLatin1StringView(name).size());
            unit = milliseconds;
            break;
        }
    }
    bool isNumber = false;
    const qint64 value = digits.toLongLong(&isNumber);
    if (!isNumber || value < 0 || value > aYear / unit)
        return std::nullopt;
    return std::chrono::milliseconds(value * unit);
}

} // namespace faultline::ctl
