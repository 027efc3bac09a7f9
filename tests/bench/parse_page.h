// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace faultline::bench {

/// Prints the row P6: a page of 100 GitLab jobs from bytes to values, beside QJsonDocument and
/// node.
void parsePageRow();

} // namespace faultline::bench
