// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/error.h"

#include <QString>

namespace faultline::ctl {

/// What standard error gets for a failed command: sentence, cause, the server's own words, next
/// step. Printable, ends with "\n".
[[nodiscard]] QString errorReport(const domain::Error &error);

} // namespace faultline::ctl
