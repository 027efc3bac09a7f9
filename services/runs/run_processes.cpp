// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/run_processes.h"

#include <QDir>
#include <QFile>

#include <csignal>

#include <unistd.h>

namespace faultline::runs {

namespace {

constexpr int mostRounds = 5; // a process that is being killed may have started another

int killRound(const QByteArray &variable)
{
    int killed = 0;
    const QStringList names
        = QDir(QStringLiteral("/proc")).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString &name : names) {
        bool isNumber = false;
        const auto process = static_cast<pid_t>(name.toInt(&isNumber));
        if (!isNumber || process == getpid())
            continue;
        QFile file(QStringLiteral("/proc/%1/environ").arg(name));
        if (!file.open(QIODevice::ReadOnly))
            continue;
        if (('\0' + file.readAll()).contains(variable) && ::kill(process, SIGKILL) == 0)
            ++killed;
    }
    return killed;
}

} // namespace

int endProcessesOf(const QString &run)
{
    const QByteArray variable = '\0' + ("FAULTLINE_RUN=" + run.toLatin1()) + '\0';
    int killed = 0;
    for (int round = 0; round < mostRounds; ++round) {
        const int now = killRound(variable);
        killed += now;
        if (now == 0)
            break;
    }
    return killed;
}

} // namespace faultline::runs
