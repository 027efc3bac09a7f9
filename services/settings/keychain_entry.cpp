// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/settings/keychain_entry.h"

#include <qt6keychain/keychain.h>

#include <QCoreApplication>
#include <QEventLoop>
#include <QThread>
#include <QTimer>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>

namespace faultline::settings {

namespace {

using Answer = domain::Result<QByteArray>;

constexpr std::chrono::minutes patience{ 2 }; // a person may have to type a password

Answer timedOut()
{
    return domain::failure(domain::ErrorKind::Timeout,
        QCoreApplication::translate(
            "settings", "The system keychain did not answer within two minutes."));
}

Answer answerOf(const QKeychain::ReadPasswordJob &job, const QString &entry)
{
    if (job.error() == QKeychain::NoError)
        return job.binaryData();
    if (job.error() == QKeychain::EntryNotFound)
        return domain::failure(domain::ErrorKind::NotFound,
            QCoreApplication::translate(
                "settings", "The system keychain has no entry `%1` of `faultline`.")
                .arg(entry));
    return domain::failure(domain::ErrorKind::Local,
        QCoreApplication::translate(
            "settings", "The system keychain can't be read: %1. Use env: or file: instead.")
            .arg(job.errorString()));
}

void startReading(const QString &entry, std::function<void(Answer)> done)
{
    auto *job = new QKeychain::ReadPasswordJob(QStringLiteral("faultline"));
    job->setInsecureFallback(false);
    job->setKey(entry);
    QObject::connect(job, &QKeychain::Job::finished, job,
        [job, entry, done = std::move(done)] { done(answerOf(*job, entry)); });
    job->start(); // deletes itself
}

Answer readWithLocalLoop(const QString &entry)
{
    auto answer = std::make_shared<std::optional<Answer>>();
    QEventLoop loop;
    const auto guard = std::make_shared<QEventLoop *>(&loop);
    startReading(entry, [answer, guard](Answer result) {
        *answer = std::move(result);
        if (*guard)
            (*guard)->quit();
    });
    QTimer::singleShot(patience, &loop, &QEventLoop::quit);
    if (!*answer)
        loop.exec();
    *guard = nullptr;
    return *answer ? **answer : timedOut();
}

struct Mailbox
{
    std::mutex mutex;
    std::condition_variable arrived;
    std::optional<Answer> answer;
};

Answer readOnMainThread(const QString &entry)
{
    auto box = std::make_shared<Mailbox>();
    const auto onMainThread = [box, entry] {
        startReading(entry, [box](Answer result) {
            const std::lock_guard lock(box->mutex);
            box->answer = std::move(result);
            box->arrived.notify_all();
        });
    };
    QMetaObject::invokeMethod(QCoreApplication::instance(), onMainThread, Qt::QueuedConnection);
    std::unique_lock lock(box->mutex);
    box->arrived.wait_for(lock, patience, [&box] { return box->answer.has_value(); });
    return box->answer ? *box->answer : timedOut();
}

} // namespace

Answer readKeychainEntry(const QString &entry)
{
    const QCoreApplication *application = QCoreApplication::instance();
    if (!application)
        return domain::failure(domain::ErrorKind::Local,
            QStringLiteral("The system keychain needs a running application."));
    return QThread::currentThread() == application->thread() ? readWithLocalLoop(entry)
                                                             : readOnMainThread(entry);
}

} // namespace faultline::settings
