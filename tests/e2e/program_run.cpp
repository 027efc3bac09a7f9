// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/e2e/program_run.h"

#include <QElapsedTimer>
#include <QProcess>

namespace faultline::tests {

QByteArray ProgramOutcome::text() const
{
    return "exit code " + QByteArray::number(exitCode) + " after "
        + QByteArray::number(qint64(took.count())) + " ms\n--- out\n" + out + "\n--- err\n" + err;
}

ProgramOutcome runProgram(const QString &program, const QStringList &arguments,
    const QProcessEnvironment &environment, std::chrono::milliseconds limit, const QString &folder)
{
    QProcess process;
    process.setProcessEnvironment(environment);
    process.setStandardInputFile(QProcess::nullDevice());
    if (!folder.isEmpty())
        process.setWorkingDirectory(folder);
    QElapsedTimer timer;
    timer.start();
    process.start(program, arguments);
    ProgramOutcome out;
    if (!process.waitForFinished(static_cast<int>(limit.count()))) {
        out.err = "(" + process.errorString().toUtf8() + ")\n";
        process.kill();
        process.waitForFinished(5'000);
    } else if (process.exitStatus() == QProcess::NormalExit) {
        out.exitCode = process.exitCode();
    } else {
        out.err = "(crashed)\n";
    }
    out.took = std::chrono::milliseconds(timer.elapsed());
    out.out = process.readAllStandardOutput();
    out.err += process.readAllStandardError();
    return out;
}

QString ownProgram(const QString &name)
{
    return QStringLiteral(FAULTLINE_BIN_DIR "/") + name;
}

QProcessEnvironment cleanEnvironment()
{
    QProcessEnvironment out = QProcessEnvironment::systemEnvironment();
    const QStringList names = out.keys();
    for (const QString &name : names) {
        const bool leadsElsewhere = name.startsWith(QStringLiteral("CI_"))
            || name.startsWith(QStringLiteral("RANCHER_"))
            || name.startsWith(QStringLiteral("FAULTLINE_"))
            || name.endsWith(QStringLiteral("_proxy"), Qt::CaseInsensitive);
        if (leadsElsewhere)
            out.remove(name);
    }
    return out;
}

} // namespace faultline::tests
