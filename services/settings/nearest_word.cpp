// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/settings/nearest_word.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace faultline::settings {

namespace {

/// Levenshtein distance.
qsizetype editsBetween(const QString &a, const QString &b)
{
    std::vector<qsizetype> row(static_cast<size_t>(b.size()) + 1);
    std::iota(row.begin(), row.end(), 0);
    for (qsizetype i = 0; i < a.size(); ++i) {
        qsizetype diagonal = row[0];
        row[0] = i + 1;
        for (size_t j = 1; j < row.size(); ++j) {
            const bool same = a[i].toLower() == b[static_cast<qsizetype>(j) - 1].toLower();
            const qsizetype replaced = diagonal + (same ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({ replaced, row[j] + 1, row[j - 1] + 1 });
        }
    }
    return row.back();
}

} // namespace

QString nearestWord(const QString &word, const QStringList &known)
{
    constexpr qsizetype longestKey = 64;
    QString best;
    qsizetype fewest = std::max<qsizetype>(2, word.size() / 2) + 1;
    for (const QString &candidate : known) {
        const qsizetype edits = editsBetween(word.left(longestKey), candidate);
        if (edits < fewest) {
            fewest = edits;
            best = candidate;
        }
    }
    return best;
}

} // namespace faultline::settings
