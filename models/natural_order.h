// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringView>

namespace faultline::models {

/// Compares as people do: without regard to case, and numbers by their value ("tikv-2" before
/// "tikv-10"). Negative, zero or positive; zero only for texts that differ in case or leading zeros
/// at most.
[[nodiscard]] int compareNaturally(QStringView a, QStringView b);

} // namespace faultline::models
