// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/logs/log_line.h"

#include <QList>
#include <QString>

namespace faultline::views {

/// A log line as it is painted: tabs are spaces up to the next eighth column.
struct ShownLine
{
    struct Run
    {
        qsizetype from = 0; ///< column in `text`
        qsizetype length = 0;
        logs::TextStyle style;
    };
    QString text;
    QList<Run> runs; ///< ascending; text between them is plain

    [[nodiscard]] static ShownLine from(const logs::LogLine &line);
};

/// Column of a byte offset of the line's text.
[[nodiscard]] qsizetype columnOfByte(std::string_view text, std::size_t byte);

} // namespace faultline::views
