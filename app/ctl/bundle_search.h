// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

#include <string>
#include <vector>

namespace faultline::ctl {

/// Folders that hold a run's bundle (its events.jsonl or commit-status.json) in or below the given
/// ones, at most four levels deep, sorted; without any, below "out".
[[nodiscard]] QStringList findBundles(const std::vector<std::string> &places);

} // namespace faultline::ctl
