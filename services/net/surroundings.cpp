// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/net/surroundings.h"

#include <QRandomGenerator>
#include <QTimer>

#include <variant>

namespace faultline::net {

namespace {

class SystemClock : public Clock
{
public:
    [[nodiscard]] std::chrono::milliseconds monotonic() const override
    {
        return std::chrono::duration_cast<std::chrono::milliseconds>(
            std::chrono::steady_clock::now().time_since_epoch());
    }

    [[nodiscard]] QDateTime utc() const override { return QDateTime::currentDateTimeUtc(); }

    [[nodiscard]] Call after(std::chrono::milliseconds delay, std::function<void()> action) override
    {
        const Promise<std::monostate> promise(
            [action = std::move(action)](const domain::Result<std::monostate> &) { action(); });
        auto *timer = new QTimer;
        timer->setSingleShot(true);
        QObject::connect(timer, &QTimer::timeout, timer, [promise, timer] {
            timer->deleteLater();
            promise.finish(std::monostate());
        });
        promise.onCancel([timer] { delete timer; });
        timer->start(std::max(delay, std::chrono::milliseconds(0)));
        return promise.call();
    }
};

} // namespace

std::shared_ptr<Clock> systemClock()
{
    return std::make_shared<SystemClock>();
}

double systemRandom()
{
    return QRandomGenerator::system()->generateDouble();
}

} // namespace faultline::net
