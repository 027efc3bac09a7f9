// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMap>
#include <QProcessEnvironment>

namespace faultline::ctl {

/// The faultline.* labels by which any console finds a run's containers again: stack, and as far as
/// the environment of a CI job tells them run, pipeline, job, case, owner and commit.
[[nodiscard]] QMap<QString, QString> runLabels(
    const QString &stackName, const QProcessEnvironment &environment);

} // namespace faultline::ctl
