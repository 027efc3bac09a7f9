// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

#include <string>
#include <vector>

namespace faultline::scenes {

struct Unpacked
{
    int files = 0;
    QStringList missing; ///< entries that were not taken, one sentence each
};

/// What is taken at most.
struct UnpackLimits
{
    int files = 10'000;
    qint64 bytes = qint64(512) << 20;
    qint64 maskedBytes = qint64(16) << 20; ///< larger files are not looked at for secrets
};

/// Unpacks the plain files of a tar that nobody vouches for below `folder`: no link is made or
/// followed, no name leads out of it. Secrets are masked in files that are text.
[[nodiscard]] Unpacked unpackFiles(const QString &tar, const QString &folder,
    const std::vector<std::string> &secrets, const UnpackLimits &limits = {});

} // namespace faultline::scenes
