// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/net/across_threads.h"
#include "services/net/surroundings.h"

#include <QElapsedTimer>
#include <QTest>

#include <atomic>
#include <thread>

using namespace faultline;
using namespace std::chrono_literals;
using domain::ErrorKind;
using net::Call;

namespace {

/// What the thread of services would do: answers after a while, counts what was cancelled.
class Service : public QObject
{
    Q_OBJECT

public:
    std::atomic<int> started = 0;
    std::atomic<int> cancelled = 0;
    std::atomic<QThread *> startedOn = nullptr;

    [[nodiscard]] Call answer(int value, std::chrono::milliseconds delay, domain::Done<int> done)
    {
        ++started;
        startedOn = QThread::currentThread();
        const net::Promise<int> promise(std::move(done));
        const auto alarm = std::make_shared<Call>(
            m_clock->after(delay, [promise, value] { promise.finish(value); }));
        promise.onCancel([this, alarm] {
            ++cancelled;
            alarm->cancel();
        });
        return promise.call();
    }

private:
    std::shared_ptr<net::Clock> m_clock = net::systemClock();
};

} // namespace

class TestAcrossThreads : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void theAnswerComesToTheThreadThatAsked();
    void neverFromInsideTheStart();
    void cancelReachesTheServiceThread();
    void cancelBeforeTheStartStartsNothing();
    void aCancelledCallbackIsDestroyedOnItsThread();
    void manyCallsFromManyThreads();
    void waitForGivesTheAnswer();
    void waitForEndsAtItsLimit();
    void waitForEndsWithTheToken();
    void aTokenCancelledBeforehandEndsAtOnce();

private:
    [[nodiscard]] net::Start<int> starting(int value, std::chrono::milliseconds delay) const
    {
        return [this, value, delay](domain::Done<int> done) {
            return m_service->answer(value, delay, std::move(done));
        };
    }

    QThread m_thread;
    Service *m_service = nullptr;
};

void TestAcrossThreads::init()
{
    m_service = new Service;
    m_service->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_service, &QObject::deleteLater);
    m_thread.start();
}

void TestAcrossThreads::cleanup()
{
    m_thread.quit();
    m_thread.wait();
}

void TestAcrossThreads::theAnswerComesToTheThreadThatAsked()
{
    int answer = 0;
    QThread *answeredOn = nullptr;
    const Call call
        = net::callOn<int>(m_service, starting(7, 1ms), [&](const domain::Result<int> &result) {
              answer = result.value_or(-1);
              answeredOn = QThread::currentThread();
          });
    QTRY_COMPARE(answer, 7);
    QCOMPARE(answeredOn, QThread::currentThread());
    QCOMPARE(m_service->startedOn.load(), &m_thread);
    QVERIFY(!call.isActive());
    QCOMPARE(m_service->cancelled.load(), 0);
}

void TestAcrossThreads::neverFromInsideTheStart()
{
    bool answered = false;
    const Call call
        = net::callOn<int>(m_service, starting(7, 0ms), [&](const auto &) { answered = true; });
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < 30) // without an event loop nothing may arrive
        QVERIFY(!answered);
    QTRY_VERIFY(answered);
}

void TestAcrossThreads::cancelReachesTheServiceThread()
{
    Call call
        = net::callOn<int>(m_service, starting(7, 1h), [](const auto &) { QFAIL("cancelled"); });
    QTRY_COMPARE(m_service->started.load(), 1);
    call.cancel();
    QTRY_COMPARE(m_service->cancelled.load(), 1);
}

void TestAcrossThreads::cancelBeforeTheStartStartsNothing()
{
    std::atomic<bool> mayGoOn = false;
    QMetaObject::invokeMethod(
        m_service,
        [&mayGoOn] {
            while (!mayGoOn)
                std::this_thread::yield();
        },
        Qt::QueuedConnection);
    Call call
        = net::callOn<int>(m_service, starting(7, 0ms), [](const auto &) { QFAIL("cancelled"); });
    call.cancel();
    mayGoOn = true;
    int answer = 0;
    const Call later = net::callOn<int>(
        m_service, starting(8, 0ms), [&](const auto &result) { answer = *result; });
    QTRY_COMPARE(answer, 8);
    QCOMPARE(m_service->started.load(), 1);
}

void TestAcrossThreads::aCancelledCallbackIsDestroyedOnItsThread()
{
    std::atomic<QThread *> destroyedOn = nullptr;
    {
        std::shared_ptr<int> witness(new int(0), [&destroyedOn](const int *value) {
            delete value;
            destroyedOn = QThread::currentThread();
        });
        Call call = net::callOn<int>(m_service, starting(7, 1h), [witness](const auto &) {});
        witness.reset();
        QTRY_COMPARE(m_service->started.load(), 1);
        call.cancel();
    }
    QCOMPARE(destroyedOn.load(), QThread::currentThread());
    QTRY_COMPARE(m_service->cancelled.load(), 1);
}

void TestAcrossThreads::manyCallsFromManyThreads()
{
    std::atomic<int> sum = 0;
    std::vector<std::thread> workers;
    for (int worker = 0; worker < 8; ++worker) {
        workers.emplace_back([this, &sum] {
            for (int i = 0; i < 100; ++i) {
                if (const auto result = net::waitFor<int>(m_service, starting(1, 0ms), 20s))
                    sum += *result;
            }
        });
    }
    for (std::thread &worker : workers)
        worker.join();
    QCOMPARE(sum.load(), 800);
}

void TestAcrossThreads::waitForGivesTheAnswer()
{
    const auto result = net::waitFor<int>(m_service, starting(5, 2ms), 10s);
    QCOMPARE(result.value_or(-1), 5);
    const auto failed = net::waitFor<int>(
        m_service,
        [this](domain::Done<int> done) {
            const net::Promise<int> promise(std::move(done));
            promise.finishLater(
                m_service, domain::failure(ErrorKind::NotFound, QStringLiteral("none")));
            return promise.call();
        },
        10s);
    QCOMPARE(failed.error().kind, ErrorKind::NotFound);
}

void TestAcrossThreads::waitForEndsAtItsLimit()
{
    QElapsedTimer timer;
    timer.start();
    const auto result = net::waitFor<int>(m_service, starting(5, 1h), 120ms);
    QCOMPARE(result.error().kind, ErrorKind::Timeout);
    QVERIFY(timer.elapsed() >= 120);
    QVERIFY(timer.elapsed() < 1'000);
    QTRY_COMPARE(m_service->cancelled.load(), 1);
}

void TestAcrossThreads::waitForEndsWithTheToken()
{
    const net::CancelToken token;
    std::thread canceller([this, token] {
        while (m_service->started == 0)
            std::this_thread::yield();
        token.cancel();
    });
    const auto result = net::waitFor<int>(m_service, starting(5, 1h), 1h, token);
    canceller.join();
    QCOMPARE(result.error().kind, ErrorKind::Cancelled);
    QTRY_COMPARE(m_service->cancelled.load(), 1);
}

void TestAcrossThreads::aTokenCancelledBeforehandEndsAtOnce()
{
    const net::CancelToken token;
    token.cancel();
    QVERIFY(token.isCancelled());
    const auto result = net::waitFor<int>(m_service, starting(5, 1h), 1h, token);
    QCOMPARE(result.error().kind, ErrorKind::Cancelled);
}

QTEST_GUILESS_MAIN(TestAcrossThreads)
#include "tst_across_threads.moc"
