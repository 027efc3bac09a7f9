// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/cases/plan/plan.h"
#include "services/runs/record/event_log.h"
#include "services/runs/record/run_record.h"
#include "services/runs/sql_login.h"

#include <QMap>
#include <QString>

namespace faultline::runs {

/// Everything that a run is made from; decided before it starts.
struct RunRequest
{
    cases::CaseFile caseFile;
    cases::Plan plan;
    QString run; ///< id
    QString stackName;
    QString root; ///< folder of the repository: where compose files are looked for and commands run
    QString dockerCompose; ///< with the run's labels
    QString rancherCompose; ///< may be empty
    QString resolvedCase; ///< for the bundle
    QString bundle; ///< folder; exists
    QMap<QString, QString> environment; ///< for commands
    SqlPasswords passwords; ///< in memory only
    Json ci; ///< pipeline, job, … as far as known
    RunRecord record; ///< kept while the run goes on
    QString recordFolder; ///< empty: no record is kept
    QMap<QString, QString> labels; ///< of the run, for what it starts beside its stack
    bool keepsAlways = false; ///< --keep
    bool makesStack = true; ///< false: the workload does that itself, or has none
};

} // namespace faultline::runs
