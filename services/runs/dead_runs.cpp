// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/dead_runs.h"

#include "services/domain/runner_identity.h"
#include "services/runs/run_processes.h"
#include "services/runs/text.h"

#include <QFile>

namespace faultline::runs {

std::vector<RunRecord> deadRuns(const QString &folder)
{
    std::vector<RunRecord> out = readRunRecords(QFile::encodeName(folder).toStdString());
    const std::int64_t now = Moment::now().wallMicros;
    std::erase_if(out, [now](const RunRecord &record) {
        const auto runner = domain::RunnerIdentity::parse(record.runner);
        const auto state = runner ? domain::stateOf(*runner) : domain::RunnerState::OutOfSight;
        return state == domain::RunnerState::Lives
            || (state == domain::RunnerState::OutOfSight && record.expiresMicros > now);
    });
    return out;
}

domain::Result<void> endDeadRun(const QString &folder, const RunRecord &record, bool isStackGone)
{
    endProcessesOf(QString::fromStdString(record.run));
    const QString why = Text::tr("The runner (%1) was gone before the run had ended.")
                            .arg(QString::fromStdString(record.runner));
    if (const auto problem = closeBundle(record.bundle, why.toStdString(), isStackGone))
        return domain::failure(domain::ErrorKind::Local,
            Text::tr("The bundle can't be written: %1.").arg(QString::fromStdString(*problem)),
            QString::fromStdString(record.bundle));
    removeRunRecord(QFile::encodeName(folder).toStdString(), record.run);
    return {};
}

} // namespace faultline::runs
