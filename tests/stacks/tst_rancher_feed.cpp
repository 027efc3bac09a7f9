// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/stacks/rancher_script.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

using namespace faultline;
using namespace faultline::tests;
using domain::FeedHealth;
using Kind = domain::FeedHealth::Kind;

namespace {

/// What a model would hold: applies deltas and refuses impossible ones.
class Mirror : public QObject
{
public:
    explicit Mirror(stacks::StackFeed &feed)
    {
        connect(&feed, &stacks::StackFeed::changed, this,
            [this](const stacks::StackDelta &delta) { take(delta); });
        connect(&feed, &stacks::StackFeed::healthChanged, this,
            [this](const FeedHealth &health) { healths.append(health); });
    }

    [[nodiscard]] QString state(int number) const
    {
        const auto found
            = containers.constFind(domain::ContainerId(QStringLiteral("1i%1").arg(number)));
        return found == containers.cend() ? QString() : found->life.state.text();
    }
    [[nodiscard]] Kind kind() const
    {
        return healths.isEmpty() ? Kind::Connecting : healths.last().kind;
    }

    QHash<domain::ContainerId, domain::Container> containers;
    QStringList statesOfFirst; ///< what was shown of container 1, in order
    QList<FeedHealth> healths;
    QStringList mistakes;
    int deltas = 0;
    int snapshots = 0;
    qsizetype changes = 0;

private:
    void take(const stacks::StackDelta &delta)
    {
        ++deltas;
        const stacks::ContainerBatch &batch = delta.containers;
        if (batch.isSnapshot) {
            ++snapshots;
            containers.clear();
        }
        for (const domain::Container &one : batch.added) {
            if (containers.contains(one.id))
                mistakes.append(QStringLiteral("%1 added twice").arg(one.id.value()));
            insert(one);
        }
        for (const domain::Container &one : batch.changed) {
            if (!containers.contains(one.id))
                mistakes.append(QStringLiteral("%1 changed but unknown").arg(one.id.value()));
            insert(one);
        }
        for (const domain::ContainerId &id : batch.removed) {
            if (!containers.remove(id))
                mistakes.append(QStringLiteral("%1 removed but unknown").arg(id.value()));
        }
        changes += batch.changed.size();
    }

    void insert(const domain::Container &one)
    {
        containers.insert(one.id, one);
        if (one.id == domain::ContainerId(QStringLiteral("1i1")))
            statesOfFirst.append(one.life.state.text());
    }
};

} // namespace

class TestRancherFeed : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        server = std::make_unique<FaultServer>();
        script = std::make_unique<RancherScript>(*server);
        script->set(1, QStringLiteral("running"));
        script->set(2, QStringLiteral("running"));
        backend = rancherBackend(server->url());
        feed = backend->openFeed();
        mirror = std::make_unique<Mirror>(*feed);
    }

    void cleanup()
    {
        feed.reset();
        mirror.reset();
        backend.reset();
        server.reset();
        script.reset();
    }

    void aSnapshotComesFirstAndThenWhatChanges()
    {
        feed->start();
        QTRY_COMPARE(mirror->kind(), Kind::Live);
        QCOMPARE(mirror->snapshots, 1);
        QCOMPARE(mirror->containers.size(), 2);
        script->change(2, QStringLiteral("stopped"));
        QTRY_COMPARE(mirror->state(2), QStringLiteral("stopped"));
        script->change(3, QStringLiteral("starting"));
        QTRY_COMPARE(mirror->containers.size(), 3);
        script->change(1, QStringLiteral("removed"));
        QTRY_COMPARE(mirror->containers.size(), 2);
        QCOMPARE(mirror->snapshots, 1);
        QVERIFY2(mirror->mistakes.isEmpty(), qPrintable(mirror->mistakes.join(QLatin1Char('\n'))));
        QCOMPARE(server->requestCount("/v2-beta/projects/1a5/instances"), 1);
    }

    void anEventDuringTheListIsNotLost()
    {
        Answer slow = json("{\"data\":[{\"id\":\"1i1\",\"state\":\"running\"}]}");
        slow.delay = std::chrono::milliseconds(400);
        script->overrule("/instances", slow);
        feed->start();
        QTRY_VERIFY(server->requestCount("/v2-beta/projects/1a5/instances") == 1);
        server->sendFrame(RancherScript::subscribe,
            RancherScript::eventOf(RancherScript::container(1, QStringLiteral("stopped"))));
        QTRY_COMPARE(mirror->kind(), Kind::Live);
        QCOMPARE(mirror->state(1), QStringLiteral("stopped"));
    }

    void aFrameOlderThanTheListsTakesNoRowBack()
    {
        // Frames and lists come on connections of their own: a frame that was under way while the
        // lists were read arrives behind them.
        script->set(1, QStringLiteral("v5"));
        feed->start();
        QTRY_COMPARE(mirror->kind(), Kind::Live);
        const auto send = [this](const char *state) {
            server->sendFrame(RancherScript::subscribe,
                RancherScript::eventOf(RancherScript::container(1, QString::fromLatin1(state))));
        };
        send("v4");
        script->change(2, QStringLiteral("stopped")); // behind it on the same socket
        QTest::qWait(300);
        send("v5");
        QTRY_COMPARE(mirror->state(2), QStringLiteral("stopped"));
        QTest::qWait(100);
        send("v6");
        QTRY_COMPARE(mirror->state(1), QStringLiteral("v6"));
        QCOMPARE(
            mirror->statesOfFirst, (QStringList{ QStringLiteral("v5"), QStringLiteral("v6") }));
    }

    void aRowThatTheListsDidNotKnowIsShownAtOnce()
    {
        feed->start();
        QTRY_COMPARE(mirror->kind(), Kind::Live);
        server->sendFrame(RancherScript::subscribe,
            RancherScript::eventOf(RancherScript::container(77, QStringLiteral("creating"))));
        // Rows of the lists may wait 1.2 s; a short-lived state of a new one would be lost by that.
        QTRY_COMPARE_WITH_TIMEOUT(mirror->state(77), QStringLiteral("creating"), 1'000);
    }

    void aStormComesInBatches()
    {
        feed->start();
        QTRY_COMPARE(mirror->kind(), Kind::Live);
        const int before = mirror->deltas;
        QElapsedTimer timer;
        timer.start();
        for (int round = 0; round < 500; ++round)
            server->sendFrame(RancherScript::subscribe,
                RancherScript::eventOf(
                    RancherScript::container(1, QStringLiteral("state-%1").arg(round))));
        QTRY_COMPARE(mirror->state(1), QStringLiteral("state-499"));
        QVERIFY(mirror->deltas - before <= timer.elapsed() / 50 + 2);
        QVERIFY(mirror->changes < 500);
    }

    void aRestartedServerIsLiveAgainWithEveryRowOnce()
    {
        feed->start();
        QTRY_COMPARE(mirror->kind(), Kind::Live);
        const QDateTime before = QDateTime::currentDateTimeUtc();
        server->stop();
        QTRY_COMPARE(mirror->kind(), Kind::Stale);
        QVERIFY(mirror->healths.last().since <= QDateTime::currentDateTimeUtc());
        QVERIFY(mirror->healths.last().since >= before.addSecs(-11));
        QVERIFY(mirror->healths.last().error.has_value());
        QVERIFY(mirror->healths.last().nextAttempt.isValid());
        QCOMPARE(mirror->containers.size(), 2); // kept, marked as stale
        script->drop(1);
        script->set(2, QStringLiteral("stopped"));
        script->set(7, QStringLiteral("running"));
        QVERIFY(server->restart());
        QTRY_COMPARE_WITH_TIMEOUT(mirror->kind(), Kind::Live, 5000);
        QCOMPARE(mirror->containers.size(), 2);
        QCOMPARE(mirror->state(2), QStringLiteral("stopped"));
        QCOMPARE(mirror->state(7), QStringLiteral("running"));
        QCOMPARE(mirror->snapshots, 2);
        QVERIFY2(mirror->mistakes.isEmpty(), qPrintable(mirror->mistakes.join(QLatin1Char('\n'))));
    }

    void aWrongKeyIsRefusedAndNotSentAgain()
    {
        for (const char *path : { "/subscribe", "/stacks", "/services", "/instances", "/hosts" })
            script->overrule(
                path, json("{\"type\":\"error\",\"status\":401,\"code\":\"Unauthorized\"}", 401));
        feed->start();
        QTRY_COMPARE(mirror->kind(), Kind::Refused);
        QCOMPARE(mirror->healths.last().error->kind, domain::ErrorKind::Auth);
        QVERIFY(!mirror->healths.last().error->text().contains(QStringLiteral("canary")));
        const qsizetype sent = server->requestCount();
        QTest::qWait(1500); // the first attempts after a loss would fall into this time
        QCOMPARE(server->requestCount(), sent);

        for (const char *path : { "/subscribe", "/stacks", "/services", "/instances", "/hosts" })
            script->overrule(path, std::nullopt);
        feed->retryNow();
        QTRY_COMPARE(mirror->kind(), Kind::Live);
    }

    void badListsMakeTheFeedStaleWithAReason_data()
    {
        QTest::addColumn<int>("answer");
        QTest::newRow("HTML") << 0;
        QTest::newRow("500") << 1;
        QTest::newRow("truncated") << 2;
        QTest::newRow("64 MB") << 3;
        QTest::newRow("reset") << 4;
    }

    void badListsMakeTheFeedStaleWithAReason()
    {
        QFETCH(int, answer);
        const QList<Answer> bad{ html("<html><title>Bad gateway</title></html>", 502),
            json("{\"message\":\"boom\"}", 500), truncated("{\"data\":[{\"id\":\"1i1\"}", 10),
            bigJson(70), resetting() };
        script->overrule("/instances", bad[answer]);
        feed->start();
        QTRY_COMPARE_WITH_TIMEOUT(mirror->kind(), Kind::Stale, 30'000);
        QVERIFY(mirror->healths.last().error.has_value());
        QVERIFY(!mirror->healths.last().error->message.isEmpty());
        QCOMPARE(mirror->deltas, 0);
        script->overrule("/instances", std::nullopt);
        QTRY_COMPARE_WITH_TIMEOUT(mirror->kind(), Kind::Live, 10'000);
        QCOMPARE(mirror->containers.size(), 2);
    }

    void aRefusedSocketIsReplacedByPolling()
    {
        script->overrule("/subscribe", json("{\"type\":\"error\",\"status\":404}", 404));
        feed->start();
        QTRY_COMPARE_WITH_TIMEOUT(mirror->kind(), Kind::Polling, 10'000);
        QVERIFY(mirror->healths.last().pollIntervalMs > 0);
        QCOMPARE(mirror->containers.size(), 2);
        script->overrule("/subscribe", std::nullopt);
        QTRY_COMPARE_WITH_TIMEOUT(mirror->kind(), Kind::Live, 15'000);
    }

    void aSilentSocketIsNoticed()
    {
        feed->start();
        QTRY_COMPARE(mirror->kind(), Kind::Live);
        // One ping came with the handshake, and no other follows: 11 s.
        QTRY_COMPARE_WITH_TIMEOUT(mirror->kind(), Kind::Stale, 14'000);
        QCOMPARE(mirror->healths.last().error->kind, domain::ErrorKind::Timeout);
        QTRY_COMPARE_WITH_TIMEOUT(mirror->kind(), Kind::Live, 5'000);
    }

    void anEndlessListIsAnErrorAndNoLoop()
    {
        script->overrule("/instances",
            json("{\"data\":[{\"id\":\"1i1\"}],\"pagination\":{\"next\":\"http://other/v2-beta/"
                 "projects/1a5/"
                 "instances?limit=-1\"}}"));
        feed->start();
        QTRY_COMPARE(mirror->kind(), Kind::Stale);
        QVERIFY(mirror->healths.last().error->message.contains(QStringLiteral("never ends")));
    }

    void aFeedMayBeDestroyedAtAnyMoment()
    {
        for (int wait = 0; wait < 40; wait += 2) {
            std::unique_ptr<stacks::StackFeed> one = backend->openFeed();
            one->start();
            QTest::qWait(wait);
        }
    }

private:
    std::unique_ptr<FaultServer> server;
    std::unique_ptr<RancherScript> script;
    std::unique_ptr<stacks::RancherBackend> backend;
    std::unique_ptr<stacks::StackFeed> feed;
    std::unique_ptr<Mirror> mirror;
};

QTEST_GUILESS_MAIN(TestRancherFeed)
#include "tst_rancher_feed.moc"
