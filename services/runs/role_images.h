// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runs/run_state.h"

namespace faultline::runs {

/// The image of each service whose role chooses one: its `image`, or the template of the
/// repository's suites.yaml with the role's version filled in. Invalid when there is no template,
/// or when it needs a word that the role does not say.
[[nodiscard]] domain::Result<QMap<QString, QString>> chosenImages(
    const cases::CaseFile &caseFile, const QMap<QString, QString> &templates);

/// Adds to plan.json what really runs: of each service the image, its id and its digests as the
/// host's engine tells them. What can't be asked is left out; the run goes on.
void recordImages(RunState &state);

} // namespace faultline::runs
