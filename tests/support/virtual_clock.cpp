// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/virtual_clock.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QAbstractEventDispatcher>
#include <QEventLoop>
#include <QTimer>

#include <variant>

namespace faultline::tests {

net::Call VirtualClock::after(std::chrono::milliseconds delay, std::function<void()> action)
{
    const net::Promise<std::monostate> promise(
        [action = std::move(action)](const domain::Result<std::monostate> &) { action(); });
    const Key key{ m_now + std::max(delay, std::chrono::milliseconds(0)), m_nextId++ };
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
    m_now = std::max(m_now, first.key().first);
    first.mapped()();
    return true;
}

void VirtualClock::advance(std::chrono::milliseconds step)
{
    const std::chrono::milliseconds end = m_now + step;
    while (!m_alarms->empty() && m_alarms->begin()->first.first <= end)
        advanceToNextAlarm();
    m_now = end;
}

void settle(std::chrono::milliseconds quiet)
{
    // Blocking for an event and getting none for `quiet` is the only sign that the sockets have
    // come to rest.
    QElapsedTimer calm;
    calm.start();
    while (calm.elapsed() < quiet.count()) {
        QEventLoop loop;
        QTimer::singleShot(std::chrono::milliseconds(2), &loop, &QEventLoop::quit);
        if (QCoreApplication::eventDispatcher() && loop.processEvents(QEventLoop::AllEvents))
            calm.restart();
        else
            loop.exec();
    }
}

} // namespace faultline::tests
