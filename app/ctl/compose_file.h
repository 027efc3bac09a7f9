// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/result.h"

#include <QString>

namespace faultline::ctl {

/// The text of a compose file after a first check: it can be read, is at most 1 MiB of UTF-8, is
/// well-formed YAML and a mapping. Errors: ErrorKind::Local when it can't be read,
/// ErrorKind::Invalid with file:line:column otherwise.
[[nodiscard]] domain::Result<QString> readComposeFile(const QString &path);

} // namespace faultline::ctl
