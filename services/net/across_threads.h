// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/net/call.h"

#include <QCoreApplication>
#include <QThread>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>

namespace faultline::net {

/// What starts an operation on the service thread once it is there.
template <typename T>
using Start = std::function<Call(domain::Done<T>)>;

/// Runs `start` on the thread of `target` and brings the answer back to the calling thread, which
/// needs an event loop (the UI thread). The returned Call keeps the whole contract of Call.
/// `target` must outlive the call.
template <typename T>
[[nodiscard]] Call callOn(QObject *target, Start<T> start, domain::Done<T> done)
{
    struct Shared
    {
        std::atomic<bool> cancelled = false;
        Call inner; // touched on the target's thread only
    };
    auto shared = std::make_shared<Shared>();
    Promise<T> promise(std::move(done));
    // The receiver lives on this thread: an answer that arrives after it is gone is dropped by Qt.
    std::shared_ptr<QObject> receiver(new QObject, [](QObject *object) { object->deleteLater(); });

    promise.onCancel([shared, target] {
        shared->cancelled = true;
        QMetaObject::invokeMethod(
            target, [shared] { shared->inner.cancel(); }, Qt::QueuedConnection);
    });
    auto deliver = [promise, receiver](domain::Result<T> result) {
        QMetaObject::invokeMethod(
            receiver.get(),
            [promise, receiver, result = std::move(result)] { promise.finish(result); },
            Qt::QueuedConnection);
    };
    QMetaObject::invokeMethod(
        target,
        [shared, start = std::move(start), deliver = std::move(deliver)]() mutable {
            if (!shared->cancelled)
                shared->inner = start(std::move(deliver));
        },
        Qt::QueuedConnection);
    return promise.call();
}

/// Tells sequential code on a worker thread that it should stop; copies share one state.
/// Thread-safe.
class CancelToken
{
public:
    void cancel() const { m_cancelled->store(true); }
    [[nodiscard]] bool isCancelled() const { return m_cancelled->load(); }

private:
    std::shared_ptr<std::atomic<bool>> m_cancelled = std::make_shared<std::atomic<bool>>(false);
};

/// Waits on a worker thread for an operation of the service thread. Never call it on the thread of
/// `target`. Ends with ErrorKind::Timeout after `limit` and ErrorKind::Cancelled within 50 ms of
/// `token.cancel()`; the operation is cancelled in both cases.
template <typename T>
[[nodiscard]] domain::Result<T> waitFor(
    QObject *target, Start<T> start, std::chrono::milliseconds limit, const CancelToken &token = {})
{
    struct Shared
    {
        std::mutex mutex;
        std::condition_variable answered;
        std::optional<domain::Result<T>> result;
        bool abandoned = false; // touched on the target's thread only
        Call inner; // touched on the target's thread only
    };
    Q_ASSERT(QThread::currentThread() != target->thread());
    auto shared = std::make_shared<Shared>();
    QMetaObject::invokeMethod(
        target,
        [shared, start = std::move(start)] {
            if (shared->abandoned)
                return;
            shared->inner = start([shared](domain::Result<T> result) {
                const std::lock_guard lock(shared->mutex);
                shared->result = std::move(result);
                shared->answered.notify_all();
            });
        },
        Qt::QueuedConnection);

    const auto deadline = std::chrono::steady_clock::now() + limit;
    std::unique_lock lock(shared->mutex);
    while (!shared->result && !token.isCancelled() && std::chrono::steady_clock::now() < deadline)
        shared->answered.wait_for(lock, std::chrono::milliseconds(50));
    if (shared->result)
        return std::move(*shared->result);
    lock.unlock();
    QMetaObject::invokeMethod(
        target,
        [shared] {
            shared->abandoned = true;
            shared->inner.cancel();
        },
        Qt::QueuedConnection);
    return token.isCancelled()
        ? domain::failure(
            domain::ErrorKind::Cancelled, QCoreApplication::translate("net", "Cancelled."))
        : domain::failure(domain::ErrorKind::Timeout,
            QCoreApplication::translate("net", "No answer within %1 s.")
                .arg(std::chrono::duration_cast<std::chrono::seconds>(limit).count()));
}

} // namespace faultline::net
