// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/printable.h"

namespace faultline::ctl {

namespace {

bool isHarmful(char16_t c)
{
    if (c == u'\n' || c == u'\t')
        return false;
    const bool control = c < 0x20 || (c >= 0x7f && c <= 0x9f);
    const bool turnsDirection = (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
    const bool isSeparator = c == 0x2028 || c == 0x2029;
    return control || turnsDirection || isSeparator;
}

} // namespace

QString printable(const QString &text)
{
    QString out;
    out.reserve(text.size());
    for (const QChar c : text) {
        if (!isHarmful(c.unicode()))
            out += c;
    }
    return out;
}

QString printableCell(const QString &text)
{
    QString out = printable(text);
    out.replace(u'\n', u' ');
    out.replace(u'\t', u' ');
    return out;
}

} // namespace faultline::ctl
