// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/domain/runner_identity.h"
#include "services/runs/dead_runs.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace faultline;
using domain::RunnerIdentity;
using domain::RunnerState;

/// What is known of a run whose runner may be gone.
class tst_run_keeping : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anIdentityIsReadAsItWasWritten();
    void whatIsNoIdentityIsNotRead();
    void aProcessLivesUntilItIsGone();
    void anotherBootIsGoneAndAnotherMachineOutOfSight();
    void aRecordIsReadAsItWasWritten();
    void onlyRunsWithoutARunnerAreDead();
    void aBundleIsClosedOnceAndItsFaultsAreMoot();
    void aTornLineIsCutOff();
    void aBundleThatIsGoneIsNotMadeAgain();

private:
    [[nodiscard]] QString path(const QString &name) const { return m_folder.filePath(name); }
    void save(const QString &name, const QByteArray &bytes) const
    {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(bytes), bytes.size());
    }
    [[nodiscard]] QByteArray load(const QString &name) const
    {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    QTemporaryDir m_folder;
};

namespace {

const QByteArray begin
    = R"({"t":"2026-11-23T15:00:00.250000Z","mono":1000000000,"type":"run.begin","run":"ab","case":"c","stack":"s","seed":"7"}
{"t":"2026-11-23T15:00:02.250000Z","mono":3000000000,"type":"finding","run":"ab","kind":"anomaly","check":"x","anomaly":"crash","message":"m","knownIssue":"","atMs":5}
)";

} // namespace

void tst_run_keeping::anIdentityIsReadAsItWasWritten()
{
    const RunnerIdentity own = RunnerIdentity::own();
    QCOMPARE(own.process, std::int64_t(QCoreApplication::applicationPid()));
    QVERIFY(own.started > 0);
    QVERIFY(RunnerIdentity::parse(own.text()) == own);
}

void tst_run_keeping::whatIsNoIdentityIsNotRead()
{
    for (const char *text :
        { "", "a", "a/b/c/1", "a/b/c/1/2/3", "/b/c/1/2", "a/b/c/x/2", "a/b/c/1/" })
        QVERIFY2(!RunnerIdentity::parse(text), text);
}

void tst_run_keeping::aProcessLivesUntilItIsGone()
{
    QCOMPARE(domain::stateOf(RunnerIdentity::own()), RunnerState::Lives);
    RunnerIdentity other = RunnerIdentity::own();
    ++other.started; // the number was given to another process
    QCOMPARE(domain::stateOf(other), RunnerState::Gone);
    other = RunnerIdentity::own();
    other.process = 4'194'305; // more than there can be
    QCOMPARE(domain::stateOf(other), RunnerState::Gone);
}

void tst_run_keeping::anotherBootIsGoneAndAnotherMachineOutOfSight()
{
    RunnerIdentity other = RunnerIdentity::own();
    other.boot = "000000000000";
    QCOMPARE(domain::stateOf(other), RunnerState::Gone);
    other.host += "x";
    QCOMPARE(domain::stateOf(other), RunnerState::OutOfSight);
    other = RunnerIdentity::own();
    other.space += "1";
    QCOMPARE(domain::stateOf(other), RunnerState::OutOfSight);
}

void tst_run_keeping::aRecordIsReadAsItWasWritten()
{
    const std::string folder = path(QStringLiteral("written")).toStdString();
    const runs::RunRecord record{ "ab", "case", "stack", "http://x", "r", "/b", 1, 2, 3 };
    QVERIFY(!runs::writeRunRecord(folder, record));
    save(QStringLiteral("written/torn.json"), "{\"run\": \"to");
    save(QStringLiteral("written/other.json"), "{\"run\": \"else\"}");
    const auto read = runs::readRunRecords(folder);
    QCOMPARE(read.size(), std::size_t(1));
    QCOMPARE(read.front().stack, record.stack);
    QCOMPARE(read.front().server, record.server);
    QCOMPARE(read.front().bundle, record.bundle);
    QCOMPARE(read.front().expiresMicros, record.expiresMicros);
    runs::removeRunRecord(folder, "ab");
    QVERIFY(runs::readRunRecords(folder).empty());
    QVERIFY(runs::readRunRecords(folder + "/none").empty());
}

void tst_run_keeping::onlyRunsWithoutARunnerAreDead()
{
    const QString folder = path(QStringLiteral("dead"));
    const std::int64_t now = runs::Moment::now().wallMicros;
    const auto put
        = [&](const std::string &run, const RunnerIdentity &runner, std::int64_t expires) {
              QVERIFY(!runs::writeRunRecord(
                  folder.toStdString(), { run, "c", "s", "", runner.text(), "", 0, expires, 0 }));
          };
    RunnerIdentity gone = RunnerIdentity::own();
    ++gone.started;
    RunnerIdentity elsewhere = RunnerIdentity::own();
    elsewhere.host += "x";
    put("lives-too-long", RunnerIdentity::own(), now - 1);
    put("gone", gone, now + 1'000'000'000);
    put("elsewhere", elsewhere, now + 1'000'000'000);
    put("elsewhere-expired", elsewhere, now - 1);
    QStringList dead;
    for (const runs::RunRecord &record : runs::deadRuns(folder))
        dead += QString::fromStdString(record.run);
    QCOMPARE(dead, QStringList({ QStringLiteral("elsewhere-expired"), QStringLiteral("gone") }));
}

void tst_run_keeping::aBundleIsClosedOnceAndItsFaultsAreMoot()
{
    QVERIFY(QDir(m_folder.path()).mkpath(QStringLiteral("bundle")));
    save(QStringLiteral("bundle/events.jsonl"), begin);
    save(QStringLiteral("bundle/faults.jsonl"),
        "{\"t\":\"x\",\"type\":\"fault\",\"fault\":\"a\",\"number\":1,\"state\":\"out\"}\n"
        "{\"t\":\"x\",\"type\":\"fault\",\"fault\":\"b\",\"number\":2,\"state\":\"inForce\"}\n");
    const std::string bundle = path(QStringLiteral("bundle")).toStdString();
    QVERIFY(!runs::closeBundle(bundle, "gone"));
    const QByteArray events = load(QStringLiteral("bundle/events.jsonl"));
    QVERIFY(events.startsWith(begin));
    QVERIFY(events.contains("\"type\":\"run.end\""));
    const QByteArray ledger = load(QStringLiteral("bundle/faults.jsonl"));
    QCOMPARE(ledger.count("moot"), 1);
    QVERIFY(ledger.contains("\"fault\":\"b\",\"number\":2,\"state\":\"moot\""));
    const QByteArray findings = load(QStringLiteral("bundle/findings.json"));
    for (const char *part : { "\"verdict\": \"infrastructure\"", "\"trouble\": \"gone\"",
             "\"seed\": \"7\"", "\"seconds\": 2.0", "\"started\": \"2026-11-23T15:00:00.250000Z\"",
             "\"message\": \"m\"" })
        QVERIFY2(findings.contains(part), findings.constData());
    QVERIFY(load(QStringLiteral("bundle/junit.xml")).contains("type=\"infrastructure\""));
    QVERIFY(!runs::closeBundle(bundle, "again"));
    QCOMPARE(load(QStringLiteral("bundle/events.jsonl")), events);
}

void tst_run_keeping::aTornLineIsCutOff()
{
    QVERIFY(QDir(m_folder.path()).mkpath(QStringLiteral("torn")));
    save(QStringLiteral("torn/events.jsonl"), begin + "{\"t\":\"2026");
    QVERIFY(!runs::closeBundle(path(QStringLiteral("torn")).toStdString(), "gone"));
    const QByteArray events = load(QStringLiteral("torn/events.jsonl"));
    QVERIFY(events.contains("\"cutBytes\":10"));
    QVERIFY(!events.contains("\"t\":\"2026\""));
    for (const QByteArray &line : events.trimmed().split('\n'))
        QVERIFY2(line.startsWith('{') && line.endsWith('}'), line.constData());
}

void tst_run_keeping::aBundleThatIsGoneIsNotMadeAgain()
{
    QVERIFY(!runs::closeBundle(path(QStringLiteral("none")).toStdString(), "gone"));
    QVERIFY(!QFile::exists(path(QStringLiteral("none"))));
}

QTEST_GUILESS_MAIN(tst_run_keeping)
#include "tst_run_keeping.moc"
