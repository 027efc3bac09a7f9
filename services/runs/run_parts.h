// SPDX-License-Identifier: GPL-3.0-or-later
// What the preparation of a declared case and that of a script have in common.
#pragma once

#include "services/domain/result.h"
#include "services/runs/run_request.h"

#include <QProcessEnvironment>

namespace faultline::runs {

/// What a CI job tells about itself, as ci.json holds it.
[[nodiscard]] Json ciJson(const QProcessEnvironment &environment);

/// Of a request whose case, names, seed, ci and record are there: the labels without which no
/// console would find its containers again.
[[nodiscard]] QMap<QString, QString> labelsOf(const RunRequest &request);

/// Fills in what follows from the case and the id: names, ci, bundle's path, record, environment.
void fillIn(RunRequest &request, const std::string &run, const QString &bundle,
    const QString &server, const QProcessEnvironment &environment);

/// The folder and those in it; a bundle that holds a run already is refused.
[[nodiscard]] domain::Result<void> makeBundle(const QString &folder);

} // namespace faultline::runs
