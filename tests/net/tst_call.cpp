// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/net/call.h"
#include "services/net/surroundings.h"

#include <QCoreApplication>
#include <QTest>

#include <optional>

using namespace faultline;
using namespace std::chrono_literals;
using net::Call;
using net::Promise;

namespace {

/// An operation that a test ends by hand.
struct Operation
{
    std::optional<Promise<int>> promise;
    int cancelled = 0;

    [[nodiscard]] Call start(domain::Done<int> done)
    {
        promise.emplace(std::move(done));
        promise->onCancel([this] { ++cancelled; });
        return promise->call();
    }
};

} // namespace

class TestCall : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answersOnce();
    void droppingTheCallDropsTheAnswer();
    void cancelRunsTheActionOnce();
    void anAnsweredCallCancelsNothing();
    void latestWinsByAssignment();
    void assigningInTheCallbackStartsAgain();
    void cancellingInTheCallbackIsHarmless();
    void theCallbackMayDeleteItsOwner();
    void finishLaterNeverRunsInsideTheStart();
    void aDestroyedContextDropsTheAnswer();
    void cancellingCancelsTheSteps();
    void anAbandonedOperationIsFreed();
    void aFinishedOperationIsFreed();
    void aStepMayFollowAStep();
    void movingKeepsTheOperation();
    void alarmsRingOnceAndCanBeDropped();
};

void TestCall::answersOnce()
{
    Operation operation;
    int answer = 0;
    int answers = 0;
    const Call call = operation.start([&](const domain::Result<int> &result) {
        answer = result.value_or(-1);
        ++answers;
    });
    QVERIFY(call.isActive());
    operation.promise->finish(7);
    operation.promise->finish(8);
    QCOMPARE(answer, 7);
    QCOMPARE(answers, 1);
    QVERIFY(!call.isActive());
    QVERIFY(operation.promise->isOver());
}

void TestCall::droppingTheCallDropsTheAnswer()
{
    Operation operation;
    {
        const Call call = operation.start([](const auto &) { QFAIL("dropped"); });
    }
    QCOMPARE(operation.cancelled, 1);
    QVERIFY(operation.promise->isOver());
    operation.promise->finish(7);
}

void TestCall::cancelRunsTheActionOnce()
{
    Operation operation;
    Call call = operation.start([](const auto &) { QFAIL("cancelled"); });
    call.cancel();
    call.cancel();
    call = Call();
    QCOMPARE(operation.cancelled, 1);
    QVERIFY(!call.isActive());
}

void TestCall::anAnsweredCallCancelsNothing()
{
    Operation operation;
    Call call = operation.start([](const auto &) {});
    operation.promise->finish(1);
    call.cancel();
    QCOMPARE(operation.cancelled, 0);
}

void TestCall::latestWinsByAssignment()
{
    Operation first;
    Operation second;
    int answer = 0;
    Call call = first.start([](const auto &) { QFAIL("outdated"); });
    call = second.start([&](const domain::Result<int> &result) { answer = *result; });
    QCOMPARE(first.cancelled, 1);
    first.promise->finish(1);
    second.promise->finish(2);
    QCOMPARE(answer, 2);
}

void TestCall::assigningInTheCallbackStartsAgain()
{
    Operation first;
    Operation second;
    int answers = 0;
    Call call;
    call = first.start([&](const auto &) {
        ++answers;
        call = second.start([&](const auto &) { ++answers; });
    });
    first.promise->finish(1);
    QCOMPARE(answers, 1);
    QVERIFY(call.isActive());
    second.promise->finish(2);
    QCOMPARE(answers, 2);
    QCOMPARE(first.cancelled + second.cancelled, 0);
}

void TestCall::cancellingInTheCallbackIsHarmless()
{
    Operation operation;
    int answers = 0;
    Call call;
    call = operation.start([&](const auto &) {
        call.cancel();
        ++answers;
    });
    operation.promise->finish(1);
    QCOMPARE(answers, 1);
    QCOMPARE(operation.cancelled, 0);
}

void TestCall::theCallbackMayDeleteItsOwner()
{
    struct Owner
    {
        Call call;
        QString name = QStringLiteral("owner");
    };
    Operation operation;
    auto *owner = new Owner;
    QString name;
    owner->call = operation.start([&name, owner](const auto &) {
        name = owner->name;
        delete owner;
    });
    operation.promise->finish(1);
    QCOMPARE(name, QStringLiteral("owner"));
    QCOMPARE(operation.cancelled, 0);
}

void TestCall::finishLaterNeverRunsInsideTheStart()
{
    Operation operation;
    int answers = 0;
    const Call call = operation.start([&](const auto &) { ++answers; });
    operation.promise->finishLater(this, 1);
    QCOMPARE(answers, 0);
    QTRY_COMPARE(answers, 1);

    Operation cancelled;
    Call other = cancelled.start([](const auto &) { QFAIL("cancelled"); });
    cancelled.promise->finishLater(this, 1);
    other.cancel();
    QCoreApplication::processEvents();
}

void TestCall::aDestroyedContextDropsTheAnswer()
{
    Operation operation;
    const Call call = operation.start([](const auto &) { QFAIL("dropped"); });
    {
        QObject context;
        operation.promise->finishLater(&context, 1);
    }
    QCoreApplication::processEvents();
    QVERIFY(call.isActive());
}

void TestCall::cancellingCancelsTheSteps()
{
    Operation outer;
    Operation inner;
    Operation innermost;
    Call call = outer.start([](const auto &) { QFAIL("cancelled"); });
    Call step
        = inner.start([promise = *outer.promise](const auto &result) { promise.finish(result); });
    inner.promise->follow(innermost.start(
        [promise = *inner.promise](const auto &result) { promise.finish(result); }));
    outer.promise->follow(std::move(step));
    call.cancel();
    QCOMPARE(outer.cancelled, 1);
    QCOMPARE(inner.cancelled, 1);
    QCOMPARE(innermost.cancelled, 1);
}

void TestCall::anAbandonedOperationIsFreed()
{
    // The step's callback holds the operation that holds the step.
    const auto captured = std::make_shared<int>(1);
    Operation outer;
    Operation inner;
    {
        const Call call = outer.start([captured](const auto &) {});
        outer.promise->follow(
            inner.start([captured, promise = *outer.promise](const auto &) { promise.finish(1); }));
        QCOMPARE(captured.use_count(), 3);
    }
    QCOMPARE(captured.use_count(), 1);
}

void TestCall::aFinishedOperationIsFreed()
{
    const auto captured = std::make_shared<int>(1);
    Operation outer;
    Operation inner;
    const Call call = outer.start([captured](const auto &) {});
    outer.promise->follow(
        inner.start([captured, promise = *outer.promise](const auto &) { promise.finish(1); }));
    inner.promise->finish(2);
    QVERIFY(!call.isActive());
    QCOMPARE(captured.use_count(), 1);
}

void TestCall::aStepMayFollowAStep()
{
    Operation outer;
    Operation first;
    Operation second;
    int answer = 0;
    Call call = outer.start([&](const domain::Result<int> &result) { answer = *result; });
    const Promise<int> promise = *outer.promise;
    promise.follow(first.start([&, promise](const auto &) {
        promise.follow(second.start(
            [promise](const domain::Result<int> &result) { promise.finish(*result + 1); }));
    }));
    first.promise->finish(1);
    QVERIFY(call.isActive());
    second.promise->finish(41);
    QCOMPARE(answer, 42);
    QCOMPARE(first.cancelled + second.cancelled, 0);

    // A step of an operation that is over ends at once.
    Operation late;
    promise.follow(late.start([](const auto &) { QFAIL("over"); }));
    QCOMPARE(late.cancelled, 1);
}

void TestCall::movingKeepsTheOperation()
{
    Operation operation;
    Call call = operation.start([](const auto &) {});
    Call moved = std::move(call);
    QVERIFY(moved.isActive());
    QCOMPARE(operation.cancelled, 0);
    Call &self = moved;
    moved = std::move(self);
    QVERIFY(moved.isActive());
}

void TestCall::alarmsRingOnceAndCanBeDropped()
{
    const std::shared_ptr<net::Clock> clock = net::systemClock();
    int rings = 0;
    Call again;
    const Call kept = clock->after(5ms, [&] {
        ++rings;
        again = clock->after(0ms, [&] { ++rings; });
    });
    Call dropped = clock->after(1ms, [] { QFAIL("dropped"); });
    dropped.cancel();
    QCOMPARE(rings, 0);
    QTRY_COMPARE(rings, 2);
    QVERIFY(!kept.isActive());
}

QTEST_GUILESS_MAIN(TestCall)
#include "tst_call.moc"
