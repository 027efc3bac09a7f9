// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/process_group.h"

#include <QFile>
#include <QProcessEnvironment>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace faultline::runs;

class tst_process_group : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theEndAndTheOutputAreTheCommands();
    void whatACommandLeavesBehindIsKilledWithIt();
    void killEndsTheWholeGroup();
    void signalsThatThisProgramBlocksReachTheCommand();
    void whatACommandSaysInItsLastMomentsCounts();

private:
    [[nodiscard]] std::unique_ptr<ProcessGroup> start(const QString &command);
    [[nodiscard]] QByteArray output() const;

    QTemporaryDir m_folder;
};

std::unique_ptr<ProcessGroup> tst_process_group::start(const QString &command)
{
    QFile::remove(m_folder.filePath(QStringLiteral("out")));
    ProcessGroup::Start wanted;
    wanted.command = command;
    wanted.folder = m_folder.path();
    wanted.environment = { { QStringLiteral("PATH"), qEnvironmentVariable("PATH") },
        { QStringLiteral("WORD"), QStringLiteral("from the case") } };
    wanted.outputFile = m_folder.filePath(QStringLiteral("out"));
    auto process = ProcessGroup::start(wanted);
    return process ? std::move(*process) : nullptr;
}

QByteArray tst_process_group::output() const
{
    QFile file(m_folder.filePath(QStringLiteral("out")));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void tst_process_group::theEndAndTheOutputAreTheCommands()
{
    const auto process = start(QStringLiteral("echo \"$WORD\"; echo wrong >&2; pwd; exit 7"));
    QVERIFY(process);
    QTRY_VERIFY_WITH_TIMEOUT(process->poll(), 30'000);
    QCOMPARE(process->poll()->exitCode, 7);
    QCOMPARE(process->poll()->signal, 0);
    QCOMPARE(output(), "from the case\nwrong\n" + m_folder.path().toUtf8() + '\n');
}

void tst_process_group::whatACommandLeavesBehindIsKilledWithIt()
{
    const auto process = start(QStringLiteral("sleep 600 & echo $!"));
    QVERIFY(process);
    QTRY_VERIFY_WITH_TIMEOUT(process->poll(), 30'000);
    const pid_t left = output().trimmed().toInt();
    QVERIFY(left > 1);
    const auto isDead = [&] {
        QFile status(QStringLiteral("/proc/%1/stat").arg(left));
        return !status.open(QIODevice::ReadOnly) || status.readAll().contains(") Z ");
    };
    QTRY_VERIFY_WITH_TIMEOUT(isDead(), 30'000);
}

void tst_process_group::killEndsTheWholeGroup()
{
    const auto process
        = start(QStringLiteral("trap '' TERM; sleep 600 & echo $!; wait; sleep 600"));
    QVERIFY(process);
    QTRY_VERIFY_WITH_TIMEOUT(output().endsWith('\n'), 30'000);
    process->terminate();
    QVERIFY(!process->poll());
    QCOMPARE(process->kill().signal, SIGKILL);
    const pid_t left = output().trimmed().toInt();
    const auto isDead = [&] {
        QFile status(QStringLiteral("/proc/%1/stat").arg(left));
        return !status.open(QIODevice::ReadOnly) || status.readAll().contains(") Z ");
    };
    QTRY_VERIFY_WITH_TIMEOUT(isDead(), 30'000);
}

void tst_process_group::signalsThatThisProgramBlocksReachTheCommand()
{
    sigset_t set;
    sigset_t before;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set, &before);
    const auto process = start(
        QStringLiteral("trap 'echo told; exit 3' TERM; echo ready; while :; do sleep 0.1; done"));
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    QVERIFY(process);
    QTRY_VERIFY_WITH_TIMEOUT(output().contains("ready"), 30'000);
    process->terminate();
    QTRY_VERIFY_WITH_TIMEOUT(process->poll(), 30'000);
    QCOMPARE(process->poll()->exitCode, 3);
    QVERIFY(output().contains("told"));
}

void tst_process_group::whatACommandSaysInItsLastMomentsCounts()
{
    const auto process = start(QStringLiteral(
        "sh -c 'trap \"sleep 0.5; exit 7\" TERM; echo ready; while :; do sleep 0.1; done'"));
    QVERIFY(process);
    QTRY_VERIFY_WITH_TIMEOUT(output().contains("ready"), 30'000);
    process->terminate();
    QTRY_VERIFY_WITH_TIMEOUT(process->poll(), 30'000);
    QCOMPARE(process->poll()->exitCode, 7);
    QCOMPARE(process->poll()->signal, 0);
    // A loop of the shell's own ends, too.
    const auto loop = start(QStringLiteral("echo ready; while :; do sleep 0.1; done"));
    QTRY_VERIFY_WITH_TIMEOUT(output().contains("ready"), 30'000);
    loop->terminate();
    QTRY_VERIFY_WITH_TIMEOUT(loop->poll(), 30'000);
}

QTEST_GUILESS_MAIN(tst_process_group)
#include "tst_process_group.moc"
