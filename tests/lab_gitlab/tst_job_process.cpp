// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <fstream>
#include <optional>
#include <thread>

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "services/lab/runner/job_process.h"
#include "services/lab/runner/process_ledger.h"

using namespace faultline::lab;

class TestJobProcess : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void exitCodesAndBothOutputsArrive();
    void whatAScriptLeavesBehindIsEnded();
    void killEndsProcessesThatLeftTheGroup();
    void processesEndWithTheThreadThatStartedThem();
    void theLedgerEndsWhatSurvivedAndNothingElse();
};

namespace {

JobProcess::Command bash(const std::string &script)
{
    return { { "/bin/bash", "-c", script }, { "PATH=/usr/bin:/bin" }, "/" };
}

std::string readAll(int descriptor)
{
    std::string text;
    char buffer[1024];
    for (;;) {
        pollfd entry{ descriptor, POLLIN, 0 };
        if (poll(&entry, 1, 5000) <= 0)
            return text + " (no end)";
        const ssize_t got = read(descriptor, buffer, sizeof buffer);
        if (got <= 0)
            return text;
        text.append(buffer, static_cast<std::size_t>(got));
    }
}

pid_t pidIn(const QString &file)
{
    std::ifstream in(file.toStdString());
    pid_t pid = 0;
    in >> pid;
    return pid;
}

bool isAlive(pid_t pid)
{
    return pid > 1 && kill(pid, 0) == 0;
}

} // namespace

void TestJobProcess::exitCodesAndBothOutputsArrive()
{
    auto process = JobProcess::start(bash("echo out; echo err >&2; exit 7"));
    QVERIFY(process);
    QCOMPARE(readAll(process->output()), std::string("out\n"));
    QCOMPARE(readAll(process->errorOutput()), std::string("err\n"));
    QCOMPARE(process->exitCode(), 7);
    auto missing = JobProcess::start({ { "/nowhere/program" }, {}, "/" });
    QVERIFY(missing);
    QVERIFY(
        readAll(missing->errorOutput()).find("can't start /nowhere/program") != std::string::npos);
    QCOMPARE(missing->exitCode(), 127);
}

void TestJobProcess::whatAScriptLeavesBehindIsEnded()
{
    const QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("pid"));
    auto process = JobProcess::start(bash("sleep 300 & echo $! > " + file.toStdString()));
    QVERIFY(process);
    QCOMPARE(process->exitCode(), 0);
    QVERIFY(pidIn(file) > 1);
    QTRY_VERIFY(!isAlive(pidIn(file)));
}

void TestJobProcess::killEndsProcessesThatLeftTheGroup()
{
    const QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("pid"));
    auto process = JobProcess::start(
        bash("setsid bash -c 'echo $$ > " + file.toStdString() + "; exec sleep 300' & sleep 300"));
    QVERIFY(process);
    QTRY_VERIFY(isAlive(pidIn(file)));
    process->kill();
    QCOMPARE(process->exitCode(), 128 + SIGKILL);
    QTRY_VERIFY(!isAlive(pidIn(file)));
}

void TestJobProcess::processesEndWithTheThreadThatStartedThem()
{
    const QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("pid"));
    // As when the lab dies: the object lives on and ends nothing, only its thread is gone.
    std::optional<JobProcess> kept;
    std::thread([&] {
        auto process
            = JobProcess::start(bash("echo $$ > " + file.toStdString() + "; sleep 300; true"));
        while (process && !isAlive(pidIn(file)))
            std::this_thread::yield();
        if (process)
            kept.emplace(std::move(*process));
    }).join();
    QVERIFY(kept);
    QTRY_VERIFY(!isAlive(pidIn(file)));
}

void TestJobProcess::theLedgerEndsWhatSurvivedAndNothingElse()
{
    const QTemporaryDir folder;
    const std::filesystem::path file
        = folder.filePath(QStringLiteral("processes.db")).toStdString();
    const auto sleeper = [] {
        const pid_t pid = fork();
        if (pid == 0) {
            setpgid(0, 0);
            execl("/bin/sleep", "sleep", "300", nullptr);
            _exit(1);
        }
        setpgid(pid, pid);
        return pid;
    };
    const pid_t ours = sleeper();
    const pid_t forgotten = sleeper();
    {
        auto ledger = ProcessLedger::open(file);
        QVERIFY(ledger);
        QVERIFY(ledger->record(1, ours));
        QVERIFY(ledger->record(2, forgotten));
        QVERIFY(ledger->forget(2));
    }
    auto ledger = ProcessLedger::open(file);
    QVERIFY(ledger);
    QCOMPARE(ledger->endLeftovers().value(), 1);
    int status = 0;
    QCOMPARE(waitpid(ours, &status, 0), ours);
    QCOMPARE(WTERMSIG(status), SIGKILL);
    QVERIFY(isAlive(forgotten));
    QCOMPARE(ledger->endLeftovers().value(), 0);
    kill(forgotten, SIGKILL);
    waitpid(forgotten, &status, 0);
}

QTEST_GUILESS_MAIN(TestJobProcess)
#include "tst_job_process.moc"
