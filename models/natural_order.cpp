// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/natural_order.h"

namespace faultline::models {

namespace {

bool isDigit(QChar c)
{
    return c >= QLatin1Char('0') && c <= QLatin1Char('9');
}

char16_t folded(QChar c)
{
    const char16_t unit = c.unicode();
    if (unit < 0x80)
        return unit >= u'A' && unit <= u'Z' ? static_cast<char16_t>(unit + 32) : unit;
    return c.toCaseFolded().unicode();
}

qsizetype endOfNumber(QStringView text, qsizetype from)
{
    while (from < text.size() && isDigit(text[from]))
        ++from;
    return from;
}

QStringView numberAt(QStringView text, qsizetype &at)
{
    const qsizetype end = endOfNumber(text, at);
    while (at < end - 1 && text[at] == QLatin1Char('0'))
        ++at;
    const QStringView number = text.mid(at, end - at);
    at = end;
    return number;
}

int compareNumbers(QStringView a, QStringView b)
{
    if (a.size() != b.size())
        return a.size() < b.size() ? -1 : 1;
    for (qsizetype i = 0; i < a.size(); ++i) {
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    }
    return 0;
}

} // namespace

int compareNaturally(QStringView a, QStringView b)
{
    qsizetype i = 0;
    qsizetype j = 0;
    while (i < a.size() && j < b.size()) {
        if (isDigit(a[i]) && isDigit(b[j])) {
            const QStringView left = numberAt(a, i);
            if (const int order = compareNumbers(left, numberAt(b, j)); order != 0)
                return order;
            continue;
        }
        const char16_t left = folded(a[i++]);
        const char16_t right = folded(b[j++]);
        if (left != right)
            return left < right ? -1 : 1;
    }
    const bool aEnds = i >= a.size();
    const bool bEnds = j >= b.size();
    return aEnds == bEnds ? 0 : (aEnds ? -1 : 1);
}

} // namespace faultline::models
