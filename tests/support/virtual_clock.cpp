// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/virtual_clock.h"

#include <QElapsedTimer>
#include <QEventLoop>
#include <QTimer>

#include <variant>

namespace faultline::tests {

net::Call VirtualClock::after(std::chrono::milliseconds delay, std::function<void()> action)
{
    const net::Promise<std::monostate> promise(
        [action = std::move(action)](const domain::Result<std::monostate> &) { action(); });
    const Key key{ monotonic() + std::max(delay, std::chrono::milliseconds(0)), m_nextId++ };
    m_alarms->emplace(key, [promise] { promise.finish(std::monostate()); });
    promise.onCancel([alarms = std::weak_ptr<Alarms>(m_alarms), key] {
        if (const auto still = alarms.lock())
            still->erase(key);
    });
    return promise.call();
}

bool VirtualClock::advanceToNextAlarm()
{
    if (m_alarms->empty())
        return false;
    auto first = m_alarms->extract(m_alarms->begin());
    m_now = std::max(monotonic(), first.key().first);
    first.mapped()();
    return true;
}

void VirtualClock::advance(std::chrono::milliseconds step)
{
    const std::chrono::milliseconds end = monotonic() + step;
    while (!m_alarms->empty() && m_alarms->begin()->first.first <= end)
        advanceToNextAlarm();
    m_now = end;
}

void finishRequests(const VirtualClock &clock)
{
    using namespace std::chrono_literals;
    const auto underWay = [&clock] { return clock.alarmsBeyond(1h); };
    QElapsedTimer patience;
    patience.start();
    int calmRounds = 0; // an answer that is delivered may start the next request
    while (calmRounds < 3 && patience.elapsed() < 30'000) {
        QEventLoop loop;
        QTimer::singleShot(1ms, &loop, &QEventLoop::quit);
        loop.exec();
        calmRounds = underWay() == 0 ? calmRounds + 1 : 0;
    }
}

} // namespace faultline::tests
