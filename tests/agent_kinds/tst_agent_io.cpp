// SPDX-License-Identifier: GPL-3.0-or-later
// Slow and failing transfers by the real agent on real containers.
#include "services/agent/disk/io_rule.h"
#include "tests/agent_kinds/agent_target.h"

#include <QDeadlineTimer>
#include <QElapsedTimer>
#include <QJsonDocument>
#include <QTest>

#include <array>
#include <cerrno>
#include <ctime>
#include <sys/syscall.h>

namespace {

const HelperPlace place{ true, { QStringLiteral("SYS_PTRACE") }, {} };

/// One round of io_teller.
struct Round
{
    struct Step
    {
        double milliseconds = 0;
        int error = 0;
    };
    Step write, sync, read, open;
};

QString text(const QJsonObject &report, const char *key)
{
    return report.value(QLatin1String(key)).toString();
}

QJsonObject rule(const QString &path, const char *operation,
    std::initializer_list<std::pair<const char *, QJsonValue>> more)
{
    QJsonObject object{ { QStringLiteral("path"), path },
        { QStringLiteral("operation"), QLatin1String(operation) } };
    for (const auto &[name, value] : more)
        object.insert(QLatin1String(name), value);
    return object;
}

} // namespace

class TestAgentIo : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aRuleCoversItsPathAndWhatIsBelow_data();
    void aRuleCoversItsPathAndWhatIsBelow();
    void synchronisingAnOpenFileTakesLonger();
    void aFailingWriteFailsAndNothingElse();
    void openingCanFail();
    void aPartOfTheCallsIsHit();
    void otherPathsAreLeftAlone();
    void aKilledAgentHoldsNothing();
    void aDatabaseIsSlowAndLives();
    void aTracedTargetIsRefused();
    void cleanup();

private:
    [[nodiscard]] bool startTeller();
    /// The next round that begins from now on.
    [[nodiscard]] std::optional<Round> next();
    [[nodiscard]] bool inject(
        AgentHelper &helper, const char *kind, const QJsonObject &arguments, double lease = 60);
    void undo(AgentHelper &helper);

    std::unique_ptr<AgentTarget> m_target;
    std::unique_ptr<QProcess> m_teller;
};

void TestAgentIo::initTestCase()
{
    if (!faultline::agent::operationOf(0))
        QSKIP("system calls are held on x86-64 only");
    if (const QString why = whyNoContainers(); !why.isEmpty())
        QSKIP(qPrintable(why));
}

void TestAgentIo::cleanup()
{
    if (m_teller) {
        m_teller->kill();
        m_teller->waitForFinished();
    }
    m_teller.reset();
    m_target.reset();
}

bool TestAgentIo::startTeller()
{
    m_target = std::make_unique<AgentTarget>();
    if (!m_target->start(QStringLiteral("faultline/busybox:1"),
            { QStringLiteral("sleep"), QStringLiteral("600") },
            { QStringLiteral("--tmpfs"), QStringLiteral("/data"), QStringLiteral("--tmpfs"),
                QStringLiteral("/data2") }))
        return false;
    m_teller = std::make_unique<QProcess>();
    const QStringList line
        = m_target->inside({ QStringLiteral("/tellers/io_teller"), QStringLiteral("/data/file") });
    m_teller->start(line.first(), line.mid(1));
    return m_teller->waitForStarted() && next().has_value();
}

std::optional<Round> TestAgentIo::next()
{
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    const qint64 asked = now.tv_sec * 1'000'000'000LL + now.tv_nsec;
    for (const QDeadlineTimer deadline(20'000); !deadline.hasExpired();) {
        if (!m_teller->canReadLine() && !m_teller->waitForReadyRead(100)
            && m_teller->state() == QProcess::NotRunning)
            return std::nullopt;
        while (m_teller->canReadLine()) {
            const QList<QByteArray> words = m_teller->readLine().simplified().split(' ');
            if (words.size() != 9 || words.first().toLongLong() < asked)
                continue;
            const auto step = [&](int at) {
                return Round::Step{ words.at(at).toDouble() / 1e6, words.at(at + 1).toInt() };
            };
            return Round{ step(1), step(3), step(5), step(7) };
        }
    }
    return std::nullopt;
}

bool TestAgentIo::inject(
    AgentHelper &helper, const char *kind, const QJsonObject &arguments, double lease)
{
    return helper.run(AgentHelper::fault(*m_target, QLatin1String(kind), arguments, lease, true))
        && helper.waitFor(QStringLiteral("in force")).has_value();
}

void TestAgentIo::undo(AgentHelper &helper)
{
    helper.signal(QStringLiteral("TERM"));
    const auto out = helper.waitFor(QStringLiteral("out"));
    QVERIFY(out.has_value());
    qInfo("%s",
        QJsonDocument(out->value(QLatin1String("measured")).toObject())
            .toJson(QJsonDocument::Compact)
            .constData());
    QCOMPARE(helper.exitCode(), 0);
}

void TestAgentIo::aRuleCoversItsPathAndWhatIsBelow_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("file");
    QTest::addColumn<bool>("covered");
    const auto row = [](const char *path, const char *file, bool covered) {
        QTest::addRow("%s in %s", file, path)
            << QString::fromLatin1(path) << QString::fromLatin1(file) << covered;
    };
    row("/data", "/data", true);
    row("/data", "/data/member/wal", true);
    row("/data", "/data2/file", false);
    row("/data", "/dat", false);
    row("/data/f", "/data/f (deleted)", true);
    row("/", "/etc/hosts", true);
    row("/", "socket:[1]", false);
    row("/data", "", false);
}

void TestAgentIo::aRuleCoversItsPathAndWhatIsBelow()
{
    QFETCH(QString, path);
    QFETCH(QString, file);
    faultline::agent::IoRule tried;
    tried.path = path.toStdString();
    QTEST(tried.covers(file.toStdString()), "covered");
}

void TestAgentIo::synchronisingAnOpenFileTakesLonger()
{
    QVERIFY(startTeller());
    const auto before = next();
    AgentHelper helper(*m_target, place);
    QVERIFY(
        inject(helper, "io.latency", rule(QStringLiteral("/data"), "fsync", { { "delay", 50 } })));
    const auto slow = next();
    QVERIFY(before && slow);
    qInfo("fsync %.3f ms, then %.3f ms; write %.3f ms, then %.3f ms", before->sync.milliseconds,
        slow->sync.milliseconds, before->write.milliseconds, slow->write.milliseconds);
    QVERIFY(slow->sync.milliseconds >= 50);
    QVERIFY(slow->write.milliseconds < 50 && slow->read.milliseconds < 50);
    QCOMPARE(slow->sync.error, 0);
    undo(helper);
    const auto after = next();
    QVERIFY(after && after->sync.milliseconds < 50);
}

void TestAgentIo::aFailingWriteFailsAndNothingElse()
{
    QVERIFY(startTeller());
    AgentHelper helper(*m_target, place);
    QVERIFY(inject(helper, "io.error",
        rule(QStringLiteral("/data/file"), "write", { { "errno", QStringLiteral("ENOSPC") } })));
    const auto failing = next();
    QVERIFY(failing.has_value());
    QCOMPARE(failing->write.error, ENOSPC);
    QCOMPARE(failing->sync.error, 0);
    QCOMPARE(failing->read.error, 0);
    QCOMPARE(failing->open.error, 0);
    undo(helper);
    const auto after = next();
    QVERIFY(after.has_value());
    QCOMPARE(after->write.error, 0);
}

void TestAgentIo::openingCanFail()
{
    QVERIFY(startTeller());
    AgentHelper helper(*m_target, place);
    QVERIFY(inject(helper, "io.error", rule(QStringLiteral("/data"), "open", {})));
    const auto failing = next();
    QVERIFY(failing.has_value());
    QCOMPARE(failing->open.error, EIO);
    QCOMPARE(failing->write.error, 0);
    undo(helper);
}

void TestAgentIo::aPartOfTheCallsIsHit()
{
    QVERIFY(startTeller());
    AgentHelper helper(*m_target, place);
    QVERIFY(
        inject(helper, "io.error", rule(QStringLiteral("/data"), "all", { { "percent", 30 } })));
    int failed = 0;
    constexpr int rounds = 40;
    for (int i = 0; i < rounds; ++i) {
        const auto round = next();
        QVERIFY(round.has_value());
        for (const auto &step : { round->write, round->sync, round->read, round->open })
            failed += step.error == EIO ? 1 : 0;
    }
    qInfo("%d of %d calls failed, 30 %% were asked for", failed, rounds * 4);
    // Six standard deviations on both sides.
    QVERIFY(failed > 14 && failed < 82);
    undo(helper);
}

void TestAgentIo::otherPathsAreLeftAlone()
{
    QVERIFY(startTeller());
    AgentHelper helper(*m_target, place);
    QVERIFY(inject(helper, "io.error", rule(QStringLiteral("/data2"), "all", {})));
    const auto round = next();
    QVERIFY(round.has_value());
    for (const auto &step : { round->write, round->sync, round->read, round->open })
        QCOMPARE(step.error, 0);
    undo(helper);
}

void TestAgentIo::aKilledAgentHoldsNothing()
{
    QVERIFY(startTeller());
    AgentHelper helper(*m_target, place);
    QVERIFY(
        inject(helper, "io.latency", rule(QStringLiteral("/data"), "all", { { "delay", 200 } })));
    const auto slow = next();
    QVERIFY(slow && slow->write.milliseconds >= 200);
    helper.kill();
    QElapsedTimer since;
    since.start();
    const auto free = next();
    QVERIFY(free && free->write.milliseconds < 200 && free->write.error == 0);
    qInfo("free %lld ms after the helper was gone", since.elapsed());
    AgentHelper reaper(*m_target, place);
    QVERIFY(reaper.run(AgentHelper::fault(*m_target, QStringLiteral("io.latency"),
                           rule(QStringLiteral("/data"), "all", { { "delay", 200 } }), 60, true),
        QStringLiteral("undo")));
    QCOMPARE(reaper.exitCode(), 0);
}

void TestAgentIo::aDatabaseIsSlowAndLives()
{
    m_target = std::make_unique<AgentTarget>();
    QVERIFY(m_target->start(QStringLiteral("faultline/etcd:3.4"),
        { QStringLiteral("etcd"), QStringLiteral("--data-dir"), QStringLiteral("/data") }));
    const auto put = [&](int times) {
        const QString script = QStringLiteral(
            "i=0; while [ $i -lt %1 ]; do etcdctl put key $i || exit 1; i=$((i+1)); done")
                                   .arg(times);
        QElapsedTimer timer;
        timer.start();
        const QString said = docker({ QStringLiteral("exec"), m_target->id(), QStringLiteral("sh"),
            QStringLiteral("-c"), script });
        return said.count(QLatin1String("OK")) == times
            ? static_cast<double>(timer.elapsed()) / times
            : -1.0;
    };
    QTRY_VERIFY_WITH_TIMEOUT(put(1) > 0, 30'000);
    const qint64 pid = m_target->hostPid();
    const double before = put(5);
    {
        AgentHelper helper(*m_target, place);
        QVERIFY(inject(
            helper, "io.latency", rule(QStringLiteral("/data"), "fsync", { { "delay", 200 } })));
        const double slow = put(5);
        qInfo("a put takes %.0f ms, and %.0f ms when fsync takes 200 ms longer", before, slow);
        QVERIFY(slow - before >= 150);
        undo(helper);
    }
    // Tracing costs time itself: with a rule that hits nothing.
    AgentHelper idle(*m_target, place);
    QVERIFY(inject(
        idle, "io.latency", rule(QStringLiteral("/nowhere"), "fsync", { { "delay", 200 } })));
    const double traced = put(5);
    qInfo("and %.0f ms when it is traced and nothing is hit", traced);
    idle.kill();
    QVERIFY(put(5) > 0);
    QVERIFY(m_target->isRunning());
    QCOMPARE(m_target->hostPid(), pid);
}

void TestAgentIo::aTracedTargetIsRefused()
{
    QVERIFY(startTeller());
    AgentHelper first(*m_target, place);
    QVERIFY(
        inject(first, "io.latency", rule(QStringLiteral("/data"), "fsync", { { "delay", 1 } })));
    AgentHelper second(*m_target, place);
    QVERIFY(second.run(AgentHelper::fault(*m_target, QStringLiteral("io.error"),
        rule(QStringLiteral("/data"), "all", {}), 60, true)));
    const auto refused = second.waitFor(QStringLiteral("refused"));
    QVERIFY(refused && text(*refused, "detail").contains(QLatin1String("traced by")));
    QCOMPARE(second.exitCode(), 5);
    undo(first);
}

QTEST_GUILESS_MAIN(TestAgentIo)
#include "tst_agent_io.moc"
