// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

namespace faultline::ctl {

/// Text of a server made safe for a terminal: C0 and C1 control characters, DEL and the marks that
/// turn the writing direction around are removed; "\n" and "\t" stay.
[[nodiscard]] QString printable(const QString &text);

/// The same on one line, for table cells: line breaks and tabs become spaces.
[[nodiscard]] QString printableCell(const QString &text);

} // namespace faultline::ctl
