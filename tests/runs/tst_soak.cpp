// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/dead_runs.h"
#include "tests/runs/declared_run.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QTest>

#include <csignal>
#include <random>

using namespace faultline;
using namespace faultline::tests;

/// Many runs in a row, each ended in some way at some moment: nothing of them is left. A few by
/// default; FAULTLINE_SOAK_RUNS says how many, FAULTLINE_SOAK_SEED which.
class tst_soak : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void runsEndedAtAnyMomentLeaveNothing();

private:
    std::unique_ptr<LabProcess> m_lab;
};

namespace {

constexpr int usualRuns = 4;

enum class End { ByItself, Terminated, TerminatedTwice, Killed };

const QByteArray aCase = R"(  prepare: [{exec: "sleep 0.2"}]
workload: {command: "sleep 631 & setsid sleep 632 & exec sleep 633"}
probes: [{id: shell, kind: exec, target: runner, command: [/bin/true], every: 500ms, timeout: 5s}]
phases: [{name: chaos, duration: 4s, faults: all}, {name: heal, duration: 1s, healAll: true}]
faults: [{id: stop, kind: container.stop, target: {role: worker}, schedule: {at: [500ms], for: 3s}}]
timeout: 5m
)";

int countOf(const LabProcess &lab, const QStringList &arguments)
{
    const auto asked = lab.docker(arguments);
    return static_cast<int>(asked.out.split('\n').size()) - 1;
}

/// Processes of this machine that were started by a command of one of these runs.
int processesOf(const QStringList &runs)
{
    int out = 0;
    const QStringList names
        = QDir(QStringLiteral("/proc")).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString &name : names) {
        QFile file(QStringLiteral("/proc/%1/environ").arg(name));
        if (!file.open(QIODevice::ReadOnly))
            continue;
        const QByteArray environment = file.readAll();
        for (const QString &run : runs)
            out += environment.contains("FAULTLINE_RUN=" + run.toLatin1()) ? 1 : 0;
    }
    return out;
}

void endAsChosen(QProcess &process, End end)
{
    if (end == End::Killed)
        process.kill();
    if (end == End::Terminated || end == End::TerminatedTwice)
        process.terminate();
    if (end == End::TerminatedTwice) {
        process.waitForFinished(300);
        process.terminate();
    }
}

/// What a reaper does with a run whose runner was killed.
void reap(const LabProcess &lab, const DeclaredRun &run)
{
    for (const runs::RunRecord &record : runs::deadRuns(run.recordFolder())) {
        (void)lab.ctl({ QStringLiteral("rm"), QString::fromStdString(record.stack),
            QStringLiteral("--wait"), QStringLiteral("--ignore-missing") });
        if (const auto ended = runs::endDeadRun(run.recordFolder(), record); !ended)
            qWarning("%s", qPrintable(ended.error().text()));
    }
}

/// What such an end may look like: it may come too late, or so early that the program did not
/// listen yet and nothing had begun.
bool isHonest(End end, int exitCode, bool crashed, bool hasBegun)
{
    if (end == End::Killed)
        return crashed || exitCode == 0;
    if (crashed)
        return end != End::ByItself && !hasBegun;
    return exitCode == 0 || (end != End::ByItself && exitCode == 4);
}

} // namespace

void tst_soak::initTestCase()
{
    if (!LabProcess::dockerHost())
        QSKIP("no Docker Engine answers (FAULTLINE_DOCKER_HOST, DOCKER_HOST)");
    m_lab = std::make_unique<LabProcess>();
    QVERIFY2(m_lab->start(), qPrintable(m_lab->why()));
}

void tst_soak::runsEndedAtAnyMomentLeaveNothing()
{
    const int wanted = qEnvironmentVariableIntValue("FAULTLINE_SOAK_RUNS");
    const int count = wanted > 0 ? wanted : usualRuns;
    const int seed = qEnvironmentVariableIntValue("FAULTLINE_SOAK_SEED");
    std::mt19937 random(static_cast<unsigned>(seed));
    DeclaredRun run(*m_lab);
    run.write(aCase);
    QStringList ids;
    QElapsedTimer timer;
    timer.start();
    for (int i = 0; i < count; ++i) {
        const End end = static_cast<End>((i + 1) % 4);
        const auto process = run.start();
        const int moment = static_cast<int>(random() % 8'000);
        if (end != End::ByItself) {
            process->waitForFinished(moment);
            endAsChosen(*process, end);
        }
        const int exitCode = run.finish(*process, 240'000);
        QVERIFY2(process->state() == QProcess::NotRunning, run.log().constData());
        const bool crashed = process->exitStatus() == QProcess::CrashExit;
        const auto begin = run.events(QStringLiteral("run.begin"));
        QVERIFY2(isHonest(end, exitCode, crashed, !begin.isEmpty()),
            "run " + QByteArray::number(i) + " after " + QByteArray::number(moment)
                + " ms: " + QByteArray::number(exitCode) + '\n' + run.log());
        reap(*m_lab, run);
        if (!begin.isEmpty())
            ids += begin.front().value(QStringLiteral("run")).toString();
    }
    const QString label = QStringLiteral("label=faultline.run");
    int containers = 0;
    for (const QString &id : ids)
        containers += countOf(*m_lab,
            { QStringLiteral("ps"), QStringLiteral("-aq"), QStringLiteral("--filter"),
                label + u'=' + id });
    const int processes = processesOf(ids);
    const auto others = m_lab->leftovers(); // containers, networks and volumes of this lab
    qInfo(
        "%d runs (%lld with a bundle) in %.0f s, seed %d; left: %d containers, %lld objects of the "
        "engine, %d processes, %lld records",
        count, static_cast<long long>(ids.size()), double(timer.elapsed()) / 1'000, seed,
        containers, static_cast<long long>(others.size()), processes,
        static_cast<long long>(run.records().size()));
    QCOMPARE(containers, 0);
    QCOMPARE(others, QStringList());
    QCOMPARE(processes, 0);
    QCOMPARE(run.records(), QStringList());
}

int main(int argc, char **argv)
{
    // Fifty runs take longer than the five minutes that QtTest gives a function.
    if (!qEnvironmentVariableIsSet("QTEST_FUNCTION_TIMEOUT"))
        qputenv("QTEST_FUNCTION_TIMEOUT", "3600000");
    QCoreApplication application(argc, argv);
    tst_soak test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_soak.moc"
