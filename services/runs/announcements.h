// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/result.h"
#include "services/net/across_threads.h"
#include "services/runs/record/event_log.h"
#include "services/runs/record/reports.h"
#include "services/runs/run_request.h"

namespace faultline::runs {

/// How people and servers hear of a run.
struct Announcing
{
    QString workspace; ///< name, for links; may be empty
    EventLog::Live event; ///< what became of each message, for the job's log
    net::CancelToken hurry; ///< somebody is in a hurry: one short attempt each
};

/// Tells the upstream commit that the run is pending, if its case reports there; what can't be
/// delivered is told and changes nothing. That it was tried is in the bundle's `commit-status.json`
/// before, so that reconcileStatus() can end it whatever happens. Call both on a worker thread
/// while the application's own thread runs its event loop.
void announceStart(const RunRequest &request, const Announcing &how);

/// Tells the upstream commit the verdict, and everybody that the case's `notify` names, once each.
/// What can't be delivered is in the bundle's events and in the log, and changes no verdict.
void announceEnd(const RunRequest &request, const RunSummary &summary, const Announcing &how);

/// What became of a bundle's commit status.
struct Reconciled
{
    enum class What {
        NothingToDo, ///< the case reports no status, or it was told its verdict
        RunnerLives, ///< the run goes on
        Told, ///< it was left pending, and is not any more
    };
    What what = What::NothingToDo;
    QString verdict;
    QString context;
};

/// Ends a status that a run left pending: with the verdict in the bundle's events, else *aborted*
/// when the CI job was cancelled (CI_JOB_STATUS), else *infrastructure*.
[[nodiscard]] domain::Result<Reconciled> reconcileStatus(const QString &bundle,
    const QMap<QString, QString> &environment, std::chrono::milliseconds limit);

/// True when a case's entry of `notify` wants to hear of that verdict: its events name the verdict,
/// "end" (any) or "failure" (any but pass); without events, "failure".
[[nodiscard]] bool wantsToHear(const cases::Notify &entry, Verdict verdict);
[[nodiscard]] bool isKnownNotifyEvent(const std::string &event);

} // namespace faultline::runs
