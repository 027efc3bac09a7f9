// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/cases/schema/case_file.h"
#include "services/domain/result.h"

#include <QByteArray>

namespace faultline::runs {

/// The case's document as it runs: alone, parameters filled in, aliases expanded. `text` is the
/// file it was read from.
[[nodiscard]] domain::Result<QString> resolvedCase(
    const cases::CaseFile &caseFile, const QByteArray &text);

} // namespace faultline::runs
