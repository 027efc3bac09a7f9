// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runs/run_state.h"

namespace faultline::runs {

/// What is said of a stack that stays: whose it is, why, until when, and the ways in.
struct SceneNote
{
    Json json; ///< `scene.json`
    QString headline;
    QStringList lines; ///< the ways in, and how to remove it
};

/// Makes the run's stack a scene when its case keeps it after that verdict: notes that beside it.
/// Nothing when it is not kept; if that is for the owner's quota, an event tells so.
[[nodiscard]] std::optional<SceneNote> keepScene(RunState &state, Verdict verdict);

/// The case's retention as a label's value: "fail=24h unknown=24h"; empty when nothing is kept.
[[nodiscard]] QString retentionLabel(const cases::CaseFile &caseFile);

} // namespace faultline::runs
