// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

namespace faultline::settings {

/// The word of `known` that differs least from `word`, or an empty string when none is close enough
/// to be meant.
[[nodiscard]] QString nearestWord(const QString &word, const QStringList &known);

} // namespace faultline::settings
