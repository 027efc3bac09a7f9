// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/cases/schema/nearest_key.h"

#include <algorithm>
#include <cctype>
#include <numeric>
#include <vector>

namespace faultline::cases {

namespace {

// Case costs nothing: "maxwait" is a slip of the same key.
bool isSame(char a, char b)
{
    return std::tolower(static_cast<unsigned char>(a))
        == std::tolower(static_cast<unsigned char>(b));
}

std::size_t distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{ 0 });
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t replaced = diagonal + (isSame(a[i], b[j]) ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({ replaced, row[j] + 1, row[j + 1] + 1 });
        }
    }
    return row.back();
}

} // namespace

std::string nearestKey(std::string_view word, std::span<const std::string_view> known)
{
    constexpr std::size_t longestWord = 64; // hostile keys are not worth the arithmetic
    if (word.size() > longestWord)
        return {};
    std::size_t best = std::min<std::size_t>(3, std::max<std::size_t>(1, word.size() / 3));
    std::string nearest;
    for (const std::string_view candidate : known) {
        const std::size_t away = distance(word, candidate);
        if (away <= best && (nearest.empty() || away < best)) {
            best = away;
            nearest = candidate;
        }
    }
    return nearest;
}

} // namespace faultline::cases
