// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ci/gitlab/trace_progress.h"
#include "tests/ci/gitlab_script.h"

#include <QSignalSpy>
#include <QTest>

using namespace faultline;
using namespace faultline::tests;

namespace {

/// A receiver that keeps the log as it must be shown.
class Reader : public QObject
{
public:
    explicit Reader(ci::JobTrace &trace)
    {
        connect(&trace, &ci::JobTrace::appended, this,
            [this](const QByteArray &bytes) { log += bytes; });
        connect(&trace, &ci::JobTrace::restarted, this, [this] {
            log.clear();
            ++restarts;
        });
        connect(&trace, &ci::JobTrace::ended, this, [this] { ++ends; });
        connect(&trace, &ci::JobTrace::failed, this,
            [this](const domain::Error &error) { errors.append(error); });
    }

    QByteArray log;
    QList<domain::Error> errors;
    int restarts = 0;
    int ends = 0;
};

} // namespace

class TestGitLabTrace : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        server = std::make_unique<FaultServer>();
        script = std::make_unique<GitLabScript>(*server);
        script->setJob(5, 1, QStringLiteral("running"));
        backend = gitlabBackend(server->url());
    }

    void progressAddsRestartsAndNoticesReplacements()
    {
        ci::gitlab::TraceProgress progress;
        QCOMPARE(progress.takeWhole("one\n").added, QByteArray("one\n"));
        QCOMPARE(progress.takeWhole("one\ntwo\n").added, QByteArray("two\n"));
        QVERIFY(progress.takeWhole("one\ntwo\n").added.isEmpty());
        const auto replaced = progress.takeWhole("0ne\ntwo\nthree");
        QVERIFY(replaced.isReplaced);
        QCOMPARE(replaced.added, QByteArray("0ne\ntwo\nthree"));
        QVERIFY(progress.takeWhole("0ne").isReplaced);
        QCOMPARE(progress.rangeStart(), 0);
        QVERIFY(!progress.takePart("other"));
        QCOMPARE(progress.takePart("0ne more")->added, QByteArray(" more"));
        QCOMPARE(progress.size(), 8);
        const QByteArray big(100'000, 'x');
        QCOMPARE(progress.takePart("0ne more" + big)->added, big);
        QCOMPARE(progress.rangeStart(), 8 + 100'000 - 256);
    }

    void aGrowingLogIsFollowedToItsEnd_data()
    {
        QTest::addColumn<bool>("parts");
        QTest::newRow("whole logs") << false;
        QTest::newRow("parts") << true;
    }

    void aGrowingLogIsFollowedToItsEnd()
    {
        QFETCH(bool, parts);
        script->sendParts(parts);
        script->setLog("first\n");
        const auto trace = backend->openTrace(domain::JobId(5));
        Reader reader(*trace);
        QTRY_COMPARE(reader.log, QByteArray("first\n"));
        QByteArray log = "first\n" + QByteArray(700'000, 'x') + "\xff\n";
        script->setLog(log);
        QTRY_COMPARE(reader.log.size(), log.size());
        log += "last\n";
        script->setLog(log);
        script->setJob(5, 1, QStringLiteral("success"));
        QTRY_COMPARE_WITH_TIMEOUT(reader.log, log, 20'000);
        if (parts) {
            QTRY_COMPARE(reader.ends, 1);
            const QList<Received> all = server->requests();
            QVERIFY(std::any_of(all.cbegin(), all.cend(),
                [](const Received &one) { return !one.header("Range").isEmpty(); }));
        }
        QCOMPARE(reader.restarts, 0);
    }

    void anErasedLogRestarts_data()
    {
        QTest::addColumn<bool>("parts");
        QTest::newRow("whole logs") << false;
        QTest::newRow("parts") << true;
    }

    void anErasedLogRestarts()
    {
        QFETCH(bool, parts);
        script->sendParts(parts);
        script->setLog("a long first log\n");
        const auto trace = backend->openTrace(domain::JobId(5));
        Reader reader(*trace);
        QTRY_COMPARE(reader.log.size(), 17);
        script->setLog("erased\n");
        QTRY_COMPARE_WITH_TIMEOUT(reader.log, QByteArray("erased\n"), 10'000);
        QCOMPARE(reader.restarts, 1);
    }

    void aServerThatComesBackIsFollowedOn()
    {
        script->setLog("one\n");
        const auto trace = backend->openTrace(domain::JobId(5));
        Reader reader(*trace);
        QTRY_COMPARE(reader.log.size(), 4);
        server->stop();
        QTRY_COMPARE_WITH_TIMEOUT(reader.errors.size(), 1, 10'000);
        QVERIFY(reader.errors.first().mayRetry);
        script->setLog("one\ntwo\n");
        QVERIFY(server->restart());
        QTRY_COMPARE_WITH_TIMEOUT(reader.log, QByteArray("one\ntwo\n"), 10'000);
    }

    void anUnknownJobFailsForGood()
    {
        const auto trace = backend->openTrace(domain::JobId(99));
        Reader reader(*trace);
        QTRY_COMPARE(reader.errors.size(), 1);
        QCOMPARE(reader.errors.first().kind, domain::ErrorKind::NotFound);
        QVERIFY(!reader.errors.first().mayRetry);
    }

private:
    std::unique_ptr<FaultServer> server;
    std::unique_ptr<GitLabScript> script;
    std::unique_ptr<ci::GitLabBackend> backend;
};

QTEST_GUILESS_MAIN(TestGitLabTrace)
#include "tst_gitlab_trace.moc"
