// SPDX-License-Identifier: GPL-3.0-or-later
// Limits and load by the real agent on the cgroups of real containers.
#include "tests/agent_kinds/agent_target.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QTest>

#include <csignal>
#include <unistd.h>

namespace {

const HelperPlace place{ false, {},
    { QStringLiteral("--volume"), QStringLiteral("/sys/fs/cgroup:/host/cgroup") } };

/// A busy target: pausing and limiting it can be seen by the time that it gets.
const QStringList busy{ QStringLiteral("sh"), QStringLiteral("-c"),
    QStringLiteral("while :; do :; done") };

QJsonObject number(const char *name, double value)
{
    return { { QLatin1String(name), value } };
}

QString text(const QJsonObject &report, const char *key)
{
    return report.value(QLatin1String(key)).toString();
}

/// Processor time of a process so far, in seconds.
double usedSeconds(qint64 pid)
{
    QFile file(QStringLiteral("/proc/%1/stat").arg(pid));
    if (!file.open(QIODevice::ReadOnly))
        return -1;
    const QByteArray all = file.readAll();
    const QList<QByteArray> fields = all.mid(all.lastIndexOf(')') + 2).split(' ');
    return static_cast<double>(fields.at(11).toLongLong() + fields.at(12).toLongLong())
        / static_cast<double>(sysconf(_SC_CLK_TCK));
}

} // namespace

class TestAgentCgroup : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aPausedTargetStandsStillUntilItIsUndone();
    void aPauseEndsWhenTheAgentIsKilled();
    void aLaterHelperUndoesAPauseWhoseDeadManDied();
    void aPauseOfSomebodyElseIsLeftAlone();
    void aProcessorLimitIsFeltAndTakenBack();
    void aLimitThatIsThereIsWrittenBack();
    void aTransferLimitIsFeltByDirectWriting();
    void loadIsOnTheTargetsAccount_data();
    void loadIsOnTheTargetsAccount();
    void aKilledLoadLeavesNoWorker();
    void aTargetThatEndsCanBeRemovedUnderLoad();
    void withoutCgroupsItSaysWhatToBind();
    void cleanup();

private:
    [[nodiscard]] bool startTarget(const QStringList &command, const QStringList &more = {});
    [[nodiscard]] QString cgroup(const char *controller) const;
    [[nodiscard]] QString value(const char *controller, const char *file) const;
    [[nodiscard]] QStringList leftOvers() const;
    [[nodiscard]] double share() const;

    std::unique_ptr<AgentTarget> m_target;
};

void TestAgentCgroup::initTestCase()
{
    if (const QString why = whyNoContainers(); !why.isEmpty())
        QSKIP(qPrintable(why));
    if (!QFile::exists(QStringLiteral("/sys/fs/cgroup/freezer")))
        QSKIP("this machine has cgroups of version 2: the files that the test reads are those of "
              "version 1");
}

void TestAgentCgroup::cleanup()
{
    m_target.reset();
}

bool TestAgentCgroup::startTarget(const QStringList &command, const QStringList &more)
{
    m_target = std::make_unique<AgentTarget>();
    return m_target->start(QStringLiteral("faultline/busybox:1"), command, more);
}

QString TestAgentCgroup::cgroup(const char *controller) const
{
    return QStringLiteral("/sys/fs/cgroup/%1/docker/%2")
        .arg(QLatin1String(controller), m_target->id());
}

QString TestAgentCgroup::value(const char *controller, const char *file) const
{
    QFile opened(cgroup(controller) + QLatin1Char('/') + QLatin1String(file));
    return opened.open(QIODevice::ReadOnly) ? QString::fromLatin1(opened.readAll()).trimmed()
                                            : QString();
}

/// What agents nested in the target's cgroups.
QStringList TestAgentCgroup::leftOvers() const
{
    QStringList found;
    for (const char *const controller : { "freezer", "cpu", "cpuacct", "memory", "blkio" })
        found += QDir(cgroup(controller)).entryList({ QStringLiteral("faultline-*") }, QDir::Dirs);
    return found;
}

/// Of one processor, how much the target's first process gets for a second.
double TestAgentCgroup::share() const
{
    const qint64 pid = m_target->hostPid();
    const double before = usedSeconds(pid);
    QElapsedTimer timer;
    timer.start();
    QTest::qWait(1000);
    return (usedSeconds(pid) - before) * 1000 / static_cast<double>(timer.elapsed());
}

void TestAgentCgroup::aPausedTargetStandsStillUntilItIsUndone()
{
    QVERIFY(startTarget(busy));
    AgentHelper helper(*m_target, place);
    QVERIFY(helper.run(AgentHelper::fault(*m_target, QStringLiteral("container.pause"), {}, 60)));
    const auto inForce = helper.waitFor(QStringLiteral("in force"));
    QVERIFY(inForce.has_value());
    QCOMPARE(value("freezer", "freezer.state"), QStringLiteral("FROZEN"));
    QCOMPARE(share(), 0.0);
    helper.signal(QStringLiteral("TERM"));
    QCOMPARE(helper.exitCode(), 0);
    QCOMPARE(value("freezer", "freezer.state"), QStringLiteral("THAWED"));
    QVERIFY(share() > 0);
    QCOMPARE(leftOvers(), QStringList());
}

void TestAgentCgroup::aPauseEndsWhenTheAgentIsKilled()
{
    QVERIFY(startTarget(busy));
    AgentHelper helper(*m_target, place);
    QVERIFY(helper.run(AgentHelper::fault(*m_target, QStringLiteral("container.pause"), {}, 5)));
    QVERIFY(helper.waitFor(QStringLiteral("in force")).has_value());
    helper.kill();
    QTRY_COMPARE_WITH_TIMEOUT(value("freezer", "freezer.state"), QStringLiteral("THAWED"), 15'000);
    QTRY_COMPARE_WITH_TIMEOUT(leftOvers(), QStringList(), 5'000);
}

void TestAgentCgroup::aLaterHelperUndoesAPauseWhoseDeadManDied()
{
    QVERIFY(startTarget(busy));
    const QJsonObject fault
        = AgentHelper::fault(*m_target, QStringLiteral("container.pause"), {}, 60);
    AgentHelper helper(*m_target, place);
    QVERIFY(helper.run(fault));
    QVERIFY(helper.waitFor(QStringLiteral("in force")).has_value());
    // All of them at once, the youngest first, as when the machine kills for want of memory.
    QFile members(QStringLiteral("/sys/fs/cgroup/pids/docker/%1/cgroup.procs")
                      .arg(docker({ QStringLiteral("inspect"), QStringLiteral("-f"),
                          QStringLiteral("{{.Id}}"), helper.name() })));
    QVERIFY(members.open(QIODevice::ReadOnly));
    QList<qint64> numbers;
    for (const QByteArray &line : members.readAll().split('\n'))
        if (line.toLongLong() > 1)
            numbers.prepend(line.toLongLong());
    QCOMPARE(numbers.size(), 2);
    for (const qint64 one : numbers)
        QCOMPARE(::kill(static_cast<pid_t>(one), SIGKILL), 0);
    (void)helper.exitCode();
    QCOMPARE(value("freezer", "freezer.state"), QStringLiteral("FROZEN"));
    AgentHelper reaper(*m_target, place);
    QVERIFY(reaper.run(fault, QStringLiteral("undo")));
    QCOMPARE(reaper.exitCode(), 0);
    QCOMPARE(value("freezer", "freezer.state"), QStringLiteral("THAWED"));
    QCOMPARE(leftOvers(), QStringList());
}

void TestAgentCgroup::aPauseOfSomebodyElseIsLeftAlone()
{
    QVERIFY(startTarget(busy));
    (void)docker({ QStringLiteral("pause"), m_target->id() });
    AgentHelper helper(*m_target, { true, {}, place.more });
    const QJsonObject fault
        = AgentHelper::fault(*m_target, QStringLiteral("container.pause"), {}, 60, true);
    QVERIFY(helper.run(fault));
    QVERIFY(helper.waitFor(QStringLiteral("refused")).has_value());
    QCOMPARE(helper.exitCode(), 5);
    QVERIFY(helper.run(fault, QStringLiteral("undo")));
    QCOMPARE(helper.exitCode(), 0);
    QCOMPARE(value("freezer", "freezer.state"), QStringLiteral("FROZEN"));
    (void)docker({ QStringLiteral("unpause"), m_target->id() });
}

void TestAgentCgroup::aProcessorLimitIsFeltAndTakenBack()
{
    QVERIFY(startTarget(busy));
    AgentHelper helper(*m_target, place);
    QVERIFY(helper.run(
        AgentHelper::fault(*m_target, QStringLiteral("cpu.limit"), number("cpus", 0.05), 60)));
    const auto inForce = helper.waitFor(QStringLiteral("in force"));
    QVERIFY(inForce.has_value());
    const double limited = share();
    qInfo("limited to 0.05 the target gets %.3f of a processor; %s", limited,
        qPrintable(text(*inForce, "detail")));
    QVERIFY(limited < 0.08);
    helper.signal(QStringLiteral("TERM"));
    QCOMPARE(helper.exitCode(), 0);
    QCOMPARE(value("cpu", "cpu.cfs_quota_us"), QStringLiteral("-1"));
    QTRY_VERIFY_WITH_TIMEOUT(share() > 0.1, 60'000);
    QCOMPARE(leftOvers(), QStringList());
}

void TestAgentCgroup::aLimitThatIsThereIsWrittenBack()
{
    QVERIFY(startTarget(busy, { QStringLiteral("--cpus"), QStringLiteral("1.5") }));
    QCOMPARE(value("cpu", "cpu.cfs_quota_us"), QStringLiteral("150000"));
    const QJsonObject fault
        = AgentHelper::fault(*m_target, QStringLiteral("cpu.limit"), number("cpus", 1), 3);
    AgentHelper helper(*m_target, place);
    QVERIFY(helper.run(fault));
    QVERIFY(helper.waitFor(QStringLiteral("in force")).has_value());
    QCOMPARE(value("cpu", "cpu.cfs_quota_us"), QStringLiteral("100000"));
    QVERIFY(helper.waitFor(QStringLiteral("out")).has_value()); // its lease ends
    QCOMPARE(helper.exitCode(), 0);
    QCOMPARE(value("cpu", "cpu.cfs_quota_us"), QStringLiteral("150000"));
    AgentHelper looser(*m_target, place);
    QVERIFY(looser.run(
        AgentHelper::fault(*m_target, QStringLiteral("cpu.limit"), number("cpus", 1.9), 3)));
    QCOMPARE(looser.exitCode(), 5);
    QCOMPARE(value("cpu", "cpu.cfs_quota_us"), QStringLiteral("150000"));
}

void TestAgentCgroup::aTransferLimitIsFeltByDirectWriting()
{
    QVERIFY(startTarget({ QStringLiteral("sleep"), QStringLiteral("600") }));
    AgentHelper helper(*m_target, place);
    QVERIFY(helper.run(AgentHelper::fault(
        *m_target, QStringLiteral("io.limit"), number("writeBytes", 1'000'000), 60)));
    QVERIFY(helper.waitFor(QStringLiteral("in force")).has_value());
    const auto write = [&] {
        QElapsedTimer timer;
        timer.start();
        (void)docker({ QStringLiteral("exec"), m_target->id(), QStringLiteral("dd"),
            QStringLiteral("if=/dev/zero"), QStringLiteral("of=/written"),
            QStringLiteral("bs=1000k"), QStringLiteral("count=3"), QStringLiteral("conv=fsync") });
        return timer.elapsed();
    };
    const qint64 limited = write();
    helper.signal(QStringLiteral("TERM"));
    QCOMPARE(helper.exitCode(), 0);
    const qint64 free = write();
    qInfo("3 MB with fsync: %lld ms limited to 1 MB/s, %lld ms before and after", limited, free);
    QVERIFY(limited >= 2000);
    QVERIFY(free < limited);
    QCOMPARE(value("blkio", "blkio.throttle.write_bps_device"), QString());
    QCOMPARE(leftOvers(), QStringList());
}

void TestAgentCgroup::loadIsOnTheTargetsAccount_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QJsonObject>("arguments");
    QTest::addColumn<QByteArray>("controller");
    QTest::addColumn<QByteArray>("account");
    QTest::addColumn<double>("least");
    QTest::newRow("cpu") << QStringLiteral("cpu.stress") << number("workers", 1)
                         << QByteArray("cpuacct") << QByteArray("cpuacct.usage") << 50e6;
    QTest::newRow("memory") << QStringLiteral("memory.stress") << number("bytes", 50e6)
                            << QByteArray("memory") << QByteArray("memory.usage_in_bytes") << 45e6;
    QTest::newRow("io") << QStringLiteral("io.stress") << QJsonObject() << QByteArray()
                        << QByteArray() << 0.0;
}

void TestAgentCgroup::loadIsOnTheTargetsAccount()
{
    QFETCH(QString, kind);
    QFETCH(QJsonObject, arguments);
    QFETCH(QByteArray, controller);
    QFETCH(QByteArray, account);
    QFETCH(double, least);
    QVERIFY(startTarget({ QStringLiteral("sleep"), QStringLiteral("600") }));
    const auto amount
        = [&] { return controller.isEmpty() ? 0.0 : value(controller, account).toDouble(); };
    const double before = amount();
    AgentHelper helper(*m_target, place);
    QVERIFY(helper.run(AgentHelper::fault(*m_target, kind, arguments, 60)));
    const auto inForce = helper.waitFor(QStringLiteral("in force"));
    QVERIFY(inForce.has_value());
    qInfo("%s", qPrintable(text(*inForce, "detail")));
    QTRY_VERIFY_WITH_TIMEOUT(amount() - before >= least, 20'000);
    helper.signal(QStringLiteral("TERM"));
    QCOMPARE(helper.exitCode(), 0);
    QCOMPARE(leftOvers(), QStringList());
    QVERIFY(m_target->isRunning());
}

void TestAgentCgroup::aKilledLoadLeavesNoWorker()
{
    QVERIFY(startTarget({ QStringLiteral("sleep"), QStringLiteral("600") }));
    const QJsonObject fault
        = AgentHelper::fault(*m_target, QStringLiteral("cpu.stress"), number("workers", 2), 60);
    AgentHelper helper(*m_target, place);
    QVERIFY(helper.run(fault));
    QVERIFY(helper.waitFor(QStringLiteral("in force")).has_value());
    const QString nested = leftOvers().value(0);
    QVERIFY(!nested.isEmpty());
    const auto workers = [&] {
        return value("cpu", (nested + QStringLiteral("/cgroup.procs")).toLatin1().constData())
            .split(QLatin1Char('\n'), Qt::SkipEmptyParts)
            .size();
    };
    QCOMPARE(workers(), 2);
    helper.kill();
    QTRY_COMPARE_WITH_TIMEOUT(workers(), 0, 10'000);
    AgentHelper reaper(*m_target, place);
    QVERIFY(reaper.run(fault, QStringLiteral("undo")));
    QCOMPARE(reaper.exitCode(), 0);
    QCOMPARE(leftOvers(), QStringList());
}

void TestAgentCgroup::aTargetThatEndsCanBeRemovedUnderLoad()
{
    QVERIFY(startTarget({ QStringLiteral("sleep"), QStringLiteral("600") }));
    AgentHelper helper(*m_target, { true, {}, place.more });
    QVERIFY(helper.run(AgentHelper::fault(
        *m_target, QStringLiteral("cpu.stress"), number("workers", 1), 60, true)));
    QVERIFY(helper.waitFor(QStringLiteral("in force")).has_value());
    const QString folder = cgroup("cpu");
    m_target.reset();
    QVERIFY(helper.waitFor(QStringLiteral("moot")).has_value());
    QCOMPARE(helper.exitCode(), 6);
    QTRY_VERIFY_WITH_TIMEOUT(!QFile::exists(folder), 10'000);
}

void TestAgentCgroup::withoutCgroupsItSaysWhatToBind()
{
    QVERIFY(startTarget({ QStringLiteral("sleep"), QStringLiteral("600") }));
    AgentHelper helper(*m_target, {});
    QVERIFY(helper.run(AgentHelper::fault(*m_target, QStringLiteral("container.pause"), {}, 60)));
    const auto refused = helper.waitFor(QStringLiteral("refused"));
    QVERIFY(refused && text(*refused, "detail").contains(QLatin1String("/host/cgroup")));
    QCOMPARE(helper.exitCode(), 4);
}

QTEST_GUILESS_MAIN(TestAgentCgroup)
#include "tst_agent_cgroup.moc"
