// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/result.h"

#include <QString>

namespace faultline::scenes {

/// Packs the plain files below a folder into a tar.gz whose entries begin with `root`/. It is
/// written beside the target, synced, and renamed: the target is whole or not there, and what was
/// there before stays until then. The archive's size in bytes; ErrorKind::Local when it can't be
/// written.
[[nodiscard]] domain::Result<qint64> packFolder(
    const QString &folder, const QString &root, const QString &target);

} // namespace faultline::scenes
