// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/cases/schema/diagnostics.h"

#include <QJsonArray>
#include <QJsonObject>

namespace faultline::ctl {

/// One object each: file, line, column, level, rule, message, hint.
[[nodiscard]] QJsonArray toJson(const cases::Diagnostics &diagnostics);

/// SARIF 2.1.0 (OASIS, §3.13 sarifLog), which code hosts show beside the lines.
[[nodiscard]] QJsonObject toSarif(const cases::Diagnostics &diagnostics, const QString &version);

/// GitLab's code quality report ("Code Quality", section "Code Quality report format"): the shape
/// of Code Climate issues, paths relative to the repository. The fingerprint is of file, rule and
/// message, so that a moved line stays the same finding.
[[nodiscard]] QJsonArray toCodeQuality(const cases::Diagnostics &diagnostics);

} // namespace faultline::ctl
