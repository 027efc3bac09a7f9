// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/logs/shown_line.h"

#include <algorithm>

namespace faultline::views {

namespace {

constexpr qsizetype tabWidth = 8;

void appendExpanded(std::string_view bytes, QString &out)
{
    while (!bytes.empty()) {
        const std::size_t tab = std::min(bytes.find('\t'), bytes.size());
        out += QString::fromUtf8(bytes.data(), static_cast<qsizetype>(tab));
        if (tab == bytes.size())
            return;
        out += QString(tabWidth - out.size() % tabWidth, QLatin1Char(' '));
        bytes.remove_prefix(tab + 1);
    }
}

} // namespace

ShownLine ShownLine::from(const logs::LogLine &line)
{
    ShownLine out;
    std::size_t done = 0;
    for (const logs::StyleSpan &span : line.spans) {
        appendExpanded(line.text.substr(done, span.from - done), out.text);
        const qsizetype from = out.text.size();
        appendExpanded(line.text.substr(span.from, span.length), out.text);
        out.runs.append({ from, out.text.size() - from, span.style });
        done = span.from + span.length;
    }
    appendExpanded(line.text.substr(done), out.text);
    return out;
}

qsizetype columnOfByte(std::string_view text, std::size_t byte)
{
    QString before;
    appendExpanded(text.substr(0, byte), before);
    return before.size();
}

} // namespace faultline::views
