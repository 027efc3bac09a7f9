// SPDX-License-Identifier: GPL-3.0-or-later
// Signals, full disks and users' own commands by the real agent on real containers.
#include "tests/agent_kinds/agent_target.h"

#include <QFile>
#include <QTest>

namespace {

const QString busybox = QStringLiteral("faultline/busybox:1");
const QStringList sleeping{ QStringLiteral("sleep"), QStringLiteral("600") };
const HelperPlace place{ true,
    { QStringLiteral("SYS_PTRACE"), QStringLiteral("KILL"), QStringLiteral("SYS_CHROOT"),
        QStringLiteral("DAC_OVERRIDE") },
    { QStringLiteral("--volume"), QStringLiteral("/sys/fs/cgroup:/host/cgroup") } };

QString text(const QJsonObject &report, const char *key)
{
    return report.value(QLatin1String(key)).toString();
}

QJsonObject words(std::initializer_list<std::pair<const char *, QString>> all)
{
    QJsonObject object;
    for (const auto &[name, value] : all)
        object.insert(QLatin1String(name), value);
    return object;
}

} // namespace

class TestAgentProcesses : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aStoppedProgramGoesOnAfterTheUndo();
    void aStopEndsWhenTheAgentIsKilled();
    void aKillReachesTheNamedProgramOnly();
    void theFirstProcessIsReachedFromTheHostOnly();
    void aNameThatIsNotThereIsRefused();
    void aFullDiskIsFreeAgainAfterTheUndo();
    void aFullDiskIsFreeAgainWhenTheAgentIsKilled();
    void theEnginesDiskIsNotFilled();
    void aLinkInTheTargetLeadsNowhereElse();
    void aBurnWritesInTheTargetsFolder();
    void commandsAreRunInTheTargetAndProven();
    void aCommandThatFailsIsUndone();
    void aCommandIsUndoneWhenTheAgentIsKilled();
    void anUndoThatFailsIsALeak();
    void wrongArgumentsAreRefusedByTheirPath_data();
    void wrongArgumentsAreRefusedByTheirPath();
    void cleanup();

private:
    [[nodiscard]] bool startTarget(const QStringList &more = {});
    [[nodiscard]] QString inside(const QString &script) const;
    [[nodiscard]] QJsonObject fault(
        const char *kind, const QJsonObject &arguments, double lease = 60) const;
    /// Runs a fault and waits until it is in force.
    [[nodiscard]] bool inject(AgentHelper &helper, const QJsonObject &fault);
    void undo(AgentHelper &helper);

    std::unique_ptr<AgentTarget> m_target;
};

void TestAgentProcesses::initTestCase()
{
    if (const QString why = whyNoContainers(); !why.isEmpty())
        QSKIP(qPrintable(why));
}

void TestAgentProcesses::cleanup()
{
    m_target.reset();
}

bool TestAgentProcesses::startTarget(const QStringList &more)
{
    m_target = std::make_unique<AgentTarget>();
    return m_target->start(busybox,
        { QStringLiteral("sh"), QStringLiteral("-c"),
            QStringLiteral("tail -f /dev/null & sleep 600 & wait") },
        more);
}

QString TestAgentProcesses::inside(const QString &script) const
{
    return docker({ QStringLiteral("exec"), m_target->id(), QStringLiteral("sh"),
        QStringLiteral("-c"), script });
}

QJsonObject TestAgentProcesses::fault(
    const char *kind, const QJsonObject &arguments, double lease) const
{
    return AgentHelper::fault(*m_target, QLatin1String(kind), arguments, lease, true);
}

bool TestAgentProcesses::inject(AgentHelper &helper, const QJsonObject &fault)
{
    if (!helper.run(fault))
        return false;
    const auto inForce = helper.waitFor(QStringLiteral("in force"));
    if (inForce)
        qInfo("%s", qPrintable(text(*inForce, "detail")));
    return inForce.has_value();
}

void TestAgentProcesses::undo(AgentHelper &helper)
{
    helper.signal(QStringLiteral("TERM"));
    QCOMPARE(helper.exitCode(), 0);
}

void TestAgentProcesses::aStoppedProgramGoesOnAfterTheUndo()
{
    const QString states = QStringLiteral("grep -l tail /proc/[0-9]*/comm | while read f; do sed "
                                          "-n 's/^State:.//p' ${f%comm}status; done");
    QVERIFY(startTarget());
    AgentHelper helper(*m_target, place);
    QVERIFY(inject(helper,
        fault("process.signal",
            words({ { "signal", QStringLiteral("STOP") }, { "name", QStringLiteral("tail") } }))));
    QCOMPARE(inside(states), QStringLiteral("T (stopped)"));
    undo(helper);
    QCOMPARE(inside(states), QStringLiteral("S (sleeping)"));
}

void TestAgentProcesses::aStopEndsWhenTheAgentIsKilled()
{
    QVERIFY(startTarget());
    const qint64 pid = m_target->hostPid();
    const auto state = [&] {
        QFile status(QStringLiteral("/proc/%1/stat").arg(pid));
        return status.open(QIODevice::ReadOnly) ? status.readAll().split(' ').value(2)
                                                : QByteArray();
    };
    AgentHelper helper(*m_target, place);
    const QJsonObject stop
        = fault("process.signal", words({ { "signal", QStringLiteral("STOP") } }), 5);
    QVERIFY(inject(helper, stop));
    QCOMPARE(state(), QByteArray("T"));
    helper.kill();
    if (QTest::qWaitFor([&] { return state() == "S"; }, 15'000))
        return;
    // The helper's end took the dead man with it: then it is the reaper's.
    AgentHelper reaper(*m_target, place);
    QVERIFY(reaper.run(stop, QStringLiteral("undo")));
    QCOMPARE(reaper.exitCode(), 0);
    QCOMPARE(state(), QByteArray("S"));
    QFAIL("the dead man did not let the process go on");
}

void TestAgentProcesses::aKillReachesTheNamedProgramOnly()
{
    QVERIFY(startTarget());
    AgentHelper helper(*m_target, place);
    QVERIFY(inject(helper,
        fault("process.signal",
            words(
                { { "signal", QStringLiteral("SIGKILL") }, { "name", QStringLiteral("tail") } }))));
    QCOMPARE(inside(QStringLiteral("pidof tail || echo none")), QStringLiteral("none"));
    QVERIFY(inside(QStringLiteral("pidof sleep || echo none")) != QLatin1String("none"));
    undo(helper);
    QVERIFY(m_target->isRunning());
}

void TestAgentProcesses::theFirstProcessIsReachedFromTheHostOnly()
{
    QVERIFY(startTarget());
    const QJsonObject arguments = words({ { "signal", QStringLiteral("KILL") } });
    AgentHelper beside(*m_target, { false, place.capabilities, {} });
    QVERIFY(
        beside.run(AgentHelper::fault(*m_target, QStringLiteral("process.signal"), arguments, 60)));
    QCOMPARE(beside.exitCode(), 4);
    QVERIFY(m_target->isRunning());
    AgentHelper helper(*m_target, place);
    QVERIFY(inject(helper, fault("process.signal", arguments)));
    QVERIFY(helper.waitFor(QStringLiteral("moot")).has_value());
    QCOMPARE(helper.exitCode(), 6);
    QVERIFY(!m_target->isRunning());
}

void TestAgentProcesses::aNameThatIsNotThereIsRefused()
{
    QVERIFY(startTarget());
    AgentHelper helper(*m_target, place);
    QVERIFY(helper.run(fault("process.signal",
        words({ { "signal", QStringLiteral("TERM") }, { "name", QStringLiteral("etcd") } }))));
    QVERIFY(helper.waitFor(QStringLiteral("refused")).has_value());
    QCOMPARE(helper.exitCode(), 4);
}

void TestAgentProcesses::aFullDiskIsFreeAgainAfterTheUndo()
{
    QVERIFY(startTarget({ QStringLiteral("--tmpfs"), QStringLiteral("/data:size=32m") }));
    const QString write = QStringLiteral(
        "dd if=/dev/zero of=/data/file bs=1M count=4 2>&1 | grep -c 'No space' ; rm -f /data/file");
    QCOMPARE(inside(write), QStringLiteral("0"));
    AgentHelper helper(*m_target, place);
    QVERIFY(inject(helper,
        fault("disk.fill",
            { { QStringLiteral("path"), QStringLiteral("/data") },
                { QStringLiteral("percent"), 100 } })));
    QCOMPARE(inside(write), QStringLiteral("1"));
    QCOMPARE(inside(QStringLiteral("ls -A /data")), QString());
    undo(helper);
    QCOMPARE(inside(write), QStringLiteral("0"));
}

void TestAgentProcesses::aFullDiskIsFreeAgainWhenTheAgentIsKilled()
{
    QVERIFY(startTarget({ QStringLiteral("--tmpfs"), QStringLiteral("/data:size=32m") }));
    const QString used = QStringLiteral("df -m /data | tail -1 | tr -s ' ' | cut -d' ' -f3");
    AgentHelper helper(*m_target, place);
    QVERIFY(inject(helper,
        fault("disk.fill",
            { { QStringLiteral("path"), QStringLiteral("/data") },
                { QStringLiteral("bytes"), 20 << 20 } })));
    QCOMPARE(inside(used), QStringLiteral("20"));
    helper.kill();
    QTRY_COMPARE_WITH_TIMEOUT(inside(used), QStringLiteral("0"), 10'000);
}

void TestAgentProcesses::theEnginesDiskIsNotFilled()
{
    QVERIFY(startTarget());
    AgentHelper helper(*m_target, place);
    QVERIFY(helper.run(fault("disk.fill",
        { { QStringLiteral("path"), QStringLiteral("/") }, { QStringLiteral("percent"), 99 } })));
    const auto refused = helper.waitFor(QStringLiteral("refused"));
    QVERIFY(refused && text(*refused, "detail").contains(QLatin1String("sharedDisk")));
    QCOMPARE(helper.exitCode(), 5);
    // A little of it is nobody's harm.
    QVERIFY(inject(helper,
        fault("disk.fill",
            { { QStringLiteral("path"), QStringLiteral("/tmp") },
                { QStringLiteral("bytes"), 1 << 20 } })));
    undo(helper);
}

void TestAgentProcesses::aLinkInTheTargetLeadsNowhereElse()
{
    QVERIFY(startTarget());
    (void)inside(QStringLiteral("ln -s /host /tmp/link && ln -s ../../../../../../host /tmp/up"));
    for (const char *const path : { "/tmp/link", "/tmp/up" }) {
        AgentHelper helper(*m_target, place);
        QVERIFY(helper.run(fault("disk.fill",
            { { QStringLiteral("path"), QLatin1String(path) },
                { QStringLiteral("bytes"), 4096 } })));
        QCOMPARE(helper.exitCode(), 4);
    }
}

void TestAgentProcesses::aBurnWritesInTheTargetsFolder()
{
    QVERIFY(startTarget({ QStringLiteral("--tmpfs"), QStringLiteral("/data:size=64m") }));
    AgentHelper helper(*m_target, place);
    QVERIFY(inject(helper,
        fault("disk.burn",
            { { QStringLiteral("path"), QStringLiteral("/data") },
                { QStringLiteral("bytes"), 8 << 20 } })));
    QCOMPARE(inside(QStringLiteral("df -m /data | tail -1 | tr -s ' ' | cut -d' ' -f3")),
        QStringLiteral("8"));
    undo(helper);
    QCOMPARE(inside(QStringLiteral("df -m /data | tail -1 | tr -s ' ' | cut -d' ' -f3")),
        QStringLiteral("0"));
}

void TestAgentProcesses::commandsAreRunInTheTargetAndProven()
{
    QVERIFY(startTarget());
    AgentHelper helper(*m_target, place);
    QVERIFY(inject(helper,
        fault("command",
            words({ { "inject", QStringLiteral("echo 'it is' > /tmp/broken") },
                { "undo", QStringLiteral("rm -f /tmp/broken") },
                { "inForce", QStringLiteral("test -e /tmp/broken") },
                { "out", QStringLiteral("test ! -e /tmp/broken") } }))));
    QCOMPARE(inside(QStringLiteral("cat /tmp/broken")), QStringLiteral("it is"));
    undo(helper);
    QCOMPARE(inside(QStringLiteral("ls /tmp")), QString());
}

void TestAgentProcesses::aCommandThatFailsIsUndone()
{
    QVERIFY(startTarget());
    AgentHelper helper(*m_target, place);
    QVERIFY(helper.run(fault("command",
        words({ { "inject", QStringLiteral("touch /tmp/half; echo no more >&2; exit 3") },
            { "undo", QStringLiteral("rm -f /tmp/half; touch /tmp/undone") } }))));
    const auto ended = helper.waitFor(QStringLiteral("did not bite"));
    QVERIFY(ended && text(*ended, "detail").contains(QLatin1String("no more")));
    QCOMPARE(helper.exitCode(), 1);
    QCOMPARE(inside(QStringLiteral("ls /tmp")), QStringLiteral("undone"));
}

void TestAgentProcesses::aCommandIsUndoneWhenTheAgentIsKilled()
{
    QVERIFY(startTarget());
    const QJsonObject pair = fault("command",
        words({ { "inject", QStringLiteral("touch /tmp/broken") },
            { "undo", QStringLiteral("rm -f /tmp/broken") } }),
        3);
    AgentHelper helper(*m_target, place);
    QVERIFY(inject(helper, pair));
    helper.kill();
    AgentHelper reaper(*m_target, place);
    QVERIFY(reaper.run(pair, QStringLiteral("undo")));
    QCOMPARE(reaper.exitCode(), 0);
    QCOMPARE(inside(QStringLiteral("ls /tmp")), QString());
}

void TestAgentProcesses::anUndoThatFailsIsALeak()
{
    QVERIFY(startTarget());
    AgentHelper helper(*m_target, place);
    QVERIFY(inject(helper,
        fault("command",
            words({ { "inject", QStringLiteral("exit 0") },
                { "undo", QStringLiteral("exit 7") } }))));
    helper.signal(QStringLiteral("TERM"));
    QVERIFY(helper.waitFor(QStringLiteral("leaked")).has_value());
    QCOMPARE(helper.exitCode(), 3);
}

void TestAgentProcesses::wrongArgumentsAreRefusedByTheirPath_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QJsonObject>("arguments");
    QTest::addColumn<QString>("path");
    const auto row = [](const char *kind, const QJsonObject &arguments, const char *path) {
        QTest::addRow("%s %s", kind, path)
            << QString::fromLatin1(kind) << arguments << QString::fromLatin1(path);
    };
    row("process.signal", {}, "arguments.signal");
    row("process.signal", words({ { "signal", QStringLiteral("PUNCH") } }), "arguments.signal");
    row("disk.fill", words({ { "path", QStringLiteral("data") } }), "arguments.path");
    row("disk.fill", words({ { "path", QStringLiteral("/data") } }), "arguments.bytes");
    row("disk.burn", {}, "arguments.path");
    row("command", words({ { "inject", QStringLiteral("true") } }), "arguments.undo");
    row("container.pause", words({ { "path", QStringLiteral("/") } }), "arguments.path");
    row("cpu.limit", {}, "arguments.cpus");
    row("io.limit", {}, "arguments.writeBytes");
    row("io.limit",
        { { QStringLiteral("writeBytes"), 1 },
            { QStringLiteral("device"), QStringLiteral("sda") } },
        "arguments.device");
    row("memory.stress", {}, "arguments.bytes");
    row("cpu.stress", { { QStringLiteral("load"), 101 } }, "arguments.load");
}

void TestAgentProcesses::wrongArgumentsAreRefusedByTheirPath()
{
    QFETCH(QString, kind);
    QFETCH(QJsonObject, arguments);
    QFETCH(QString, path);
    QCOMPARE(exitCodeOfBadFault(kind, arguments, path), 64);
}

QTEST_GUILESS_MAIN(TestAgentProcesses)
#include "tst_agent_processes.moc"
