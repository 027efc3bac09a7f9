// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ci/gitlab_script.h"
#include "tests/support/virtual_clock.h"

#include <QTest>

#include <algorithm>

using namespace faultline;
using namespace faultline::tests;
using domain::FeedHealth;
using Kind = domain::FeedHealth::Kind;

namespace {

/// What a model would hold: applies deltas and refuses impossible ones.
class Mirror : public QObject
{
public:
    explicit Mirror(ci::CiFeed &feed)
    {
        connect(&feed, &ci::CiFeed::changed, this, [this](const ci::CiDelta &delta) {
            apply(delta.pipelines, pipelines);
            apply(delta.jobs, jobs);
            snapshots += delta.jobs.isSnapshot ? 1 : 0;
            if (delta.jobs.isSnapshot != delta.pipelines.isSnapshot)
                mistakes.append(QStringLiteral("half a snapshot"));
        });
        connect(&feed, &ci::CiFeed::healthChanged, this,
            [this](const FeedHealth &health) { healths.append(health); });
    }

    [[nodiscard]] QString job(int id) const
    {
        const auto found = jobs.constFind(domain::JobId(id));
        return found == jobs.cend() ? QString() : found->status.text();
    }
    [[nodiscard]] Kind kind() const
    {
        return healths.isEmpty() ? Kind::Connecting : healths.last().kind;
    }

    QHash<domain::PipelineId, domain::Pipeline> pipelines;
    QHash<domain::JobId, domain::Job> jobs;
    QList<FeedHealth> healths;
    QStringList mistakes;
    int snapshots = 0;

private:
    template <typename Batch, typename Rows>
    void apply(const Batch &batch, Rows &rows)
    {
        if (batch.isSnapshot)
            rows.clear();
        for (const auto &one : batch.added) {
            if (rows.contains(one.id))
                mistakes.append(QStringLiteral("%1 added twice").arg(one.id.value()));
            rows.insert(one.id, one);
        }
        for (const auto &one : batch.changed) {
            if (!rows.contains(one.id))
                mistakes.append(QStringLiteral("%1 changed but unknown").arg(one.id.value()));
            rows.insert(one.id, one);
        }
        for (const auto &id : batch.removed) {
            if (!rows.remove(id))
                mistakes.append(QStringLiteral("%1 removed but unknown").arg(id.value()));
        }
    }
};

} // namespace

class TestGitLabFeed : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        server = std::make_unique<FaultServer>();
        script = std::make_unique<GitLabScript>(*server);
        script->setPipeline(1, QStringLiteral("success"));
        script->setJob(11, 1, QStringLiteral("success"));
    }

    void cleanup()
    {
        feed.reset();
        mirror.reset();
        backend.reset();
        server.reset();
        script.reset();
    }

    void theNewestRowsComeFirstAndOlderOnesBehind()
    {
        for (int id = 2; id <= 730; ++id) {
            script->setPipeline(id, QStringLiteral("success"));
            script->setJob(id * 10, id, QStringLiteral("success"));
        }
        open();
        QTRY_COMPARE(mirror->snapshots, 1);
        QVERIFY(mirror->jobs.contains(domain::JobId(7300)));
        QTRY_COMPARE(mirror->kind(), Kind::Polling);
        QTRY_COMPARE(mirror->jobs.size(), 730);
        QTRY_COMPARE(mirror->pipelines.size(), 730);
        QVERIFY2(mirror->mistakes.isEmpty(), qPrintable(mirror->mistakes.join(QLatin1Char('\n'))));
    }

    void aNewPipelineIsSeenAndItsJobsAreFollowedToTheEnd()
    {
        auto clock = std::make_shared<VirtualClock>();
        open({ clock, [] { return 0.5; } });
        QTRY_COMPARE(mirror->kind(), Kind::Polling);
        QCOMPARE(mirror->healths.last().pollIntervalMs, 10'000);

        script->setPipeline(2, QStringLiteral("running"), QStringLiteral("2026-03-01T10:01:00Z"));
        script->setJob(21, 2, QStringLiteral("running"));
        clock->advance(std::chrono::seconds(11));
        QTRY_VERIFY((QTest::qWait(10), clock->advance(std::chrono::milliseconds(50)),
            mirror->job(21) == QStringLiteral("running")));
        QTRY_COMPARE(mirror->healths.last().pollIntervalMs, 4'000);

        // The job ends, but its pipeline's own time doesn't move.
        script->setJob(21, 2, QStringLiteral("success"));
        clock->advance(std::chrono::seconds(5));
        QTRY_VERIFY((QTest::qWait(10), clock->advance(std::chrono::milliseconds(50)),
            mirror->job(21) == QStringLiteral("success")));
        script->setPipeline(2, QStringLiteral("success"), QStringLiteral("2026-03-01T10:02:00Z"));
        clock->advance(std::chrono::seconds(5));
        QTRY_VERIFY((QTest::qWait(10), mirror->healths.last().pollIntervalMs == 10'000));
        QVERIFY2(mirror->mistakes.isEmpty(), qPrintable(mirror->mistakes.join(QLatin1Char('\n'))));
    }

    void anIdleMinuteCostsAtMostTwentyRequests()
    {
        auto clock = std::make_shared<VirtualClock>();
        open({ clock, [] { return 0.0; } }); // the shortest intervals
        QTRY_COMPARE(mirror->kind(), Kind::Polling);
        QTest::qWait(10);
        const qsizetype before = server->requestCount();
        constexpr int minutes = 12; // a refresh of the newest page falls into them
        for (int step = 0; step < minutes * 60; ++step) {
            clock->advance(std::chrono::seconds(1));
            if (step % 4 == 0)
                QTest::qWait(3);
        }
        const qsizetype sent = server->requestCount() - before;
        qInfo("%.1f requests a minute while nothing runs", static_cast<double>(sent) / minutes);
        QVERIFY(sent > minutes * 3);
        QVERIFY(sent <= minutes * 20);
    }

    void aRestartedServerIsLiveAgainWithEveryRowOnce()
    {
        open();
        QTRY_COMPARE(mirror->kind(), Kind::Polling);
        server->stop();
        feed->retryNow();
        QTRY_COMPARE(mirror->kind(), Kind::Stale);
        QCOMPARE(mirror->jobs.size(), 1); // kept
        QVERIFY(mirror->healths.last().nextAttempt.isValid());
        const auto failedAttempts = [this] {
            return std::count_if(mirror->healths.begin(), mirror->healths.end(),
                [](const FeedHealth &health) { return health.kind == Kind::Stale; });
        };
        QTRY_VERIFY_WITH_TIMEOUT(failedAttempts() >= 2, 20'000);
        script->setPipeline(3, QStringLiteral("success"), QStringLiteral("2026-03-01T10:05:00Z"));
        script->setJob(31, 3, QStringLiteral("success"));
        QVERIFY(server->restart());
        QTRY_COMPARE_WITH_TIMEOUT(mirror->kind(), Kind::Polling, 5000);
        QCOMPARE(mirror->jobs.size(), 2);
        QVERIFY2(mirror->mistakes.isEmpty(), qPrintable(mirror->mistakes.join(QLatin1Char('\n'))));
    }

    void aWrongTokenIsRefusedAndNotSentAgain()
    {
        script->overruleAll(json("{\"message\":\"401 Unauthorized\"}", 401));
        open();
        QTRY_COMPARE(mirror->kind(), Kind::Refused);
        QCOMPARE(mirror->healths.last().error->kind, domain::ErrorKind::Auth);
        const qsizetype sent = server->requestCount();
        QTest::qWait(2500);
        QCOMPARE(server->requestCount(), sent);
        script->overruleAll(std::nullopt);
        feed->retryNow();
        QTRY_COMPARE(mirror->kind(), Kind::Polling);
    }

    void badAnswersMakeTheFeedStaleWithAReasonAndKeepTheRows_data()
    {
        QTest::addColumn<int>("answer");
        QTest::newRow("HTML") << 0;
        QTest::newRow("500") << 1;
        QTest::newRow("truncated") << 2;
        QTest::newRow("64 MB") << 3;
        QTest::newRow("reset") << 4;
        QTest::newRow("not JSON") << 5;
    }

    void badAnswersMakeTheFeedStaleWithAReasonAndKeepTheRows()
    {
        QFETCH(int, answer);
        const QList<Answer> bad{ html("<html><title>Bad gateway</title></html>", 502),
            json("{\"message\":\"boom\"}", 500), truncated("[{\"id\":11}]", 5), bigJson(70),
            resetting(), json("[{\"id\":11") };
        open();
        QTRY_COMPARE(mirror->kind(), Kind::Polling);
        script->overruleAll(bad[answer]);
        feed->retryNow();
        QTRY_COMPARE_WITH_TIMEOUT(mirror->kind(), Kind::Stale, 30'000);
        QVERIFY(!mirror->healths.last().error->message.isEmpty());
        QCOMPARE(mirror->jobs.size(), 1);
        script->overruleAll(std::nullopt);
        QTRY_COMPARE_WITH_TIMEOUT(mirror->kind(), Kind::Polling, 10'000);
    }

    void aFeedMayBeDestroyedAtAnyMoment()
    {
        open();
        for (int wait = 0; wait < 40; wait += 2) {
            const std::unique_ptr<ci::CiFeed> one = backend->openFeed();
            one->start();
            QTest::qWait(wait);
        }
    }

private:
    void open(net::Surroundings surroundings = {})
    {
        backend = gitlabBackend(server->url(), std::move(surroundings));
        feed = backend->openFeed();
        mirror = std::make_unique<Mirror>(*feed);
        feed->start();
    }

    std::unique_ptr<FaultServer> server;
    std::unique_ptr<GitLabScript> script;
    std::unique_ptr<ci::GitLabBackend> backend;
    std::unique_ptr<ci::CiFeed> feed;
    std::unique_ptr<Mirror> mirror;
};

QTEST_GUILESS_MAIN(TestGitLabFeed)
#include "tst_gitlab_feed.moc"
