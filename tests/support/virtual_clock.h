// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/net/surroundings.h"

#include <QDateTime>

#include <atomic>
#include <iterator>
#include <map>
#include <memory>
#include <utility>

namespace faultline::tests {

/// A clock that moves only when a test moves it. Single-threaded, but the time may be read from any
/// thread (a server's script, too, must see it move at once).
class VirtualClock : public net::Clock
{
public:
    [[nodiscard]] std::chrono::milliseconds monotonic() const override { return m_now.load(); }
    [[nodiscard]] QDateTime utc() const override { return m_start.addMSecs(monotonic().count()); }
    [[nodiscard]] net::Call after(
        std::chrono::milliseconds delay, std::function<void()> action) override;

    /// Moves time on by `step` and runs what falls due on the way, in order.
    void advance(std::chrono::milliseconds step);

    /// Moves time to the next alarm and runs it; false when there is none.
    bool advanceToNextAlarm();

    /// Alarms that are due later than `delay` from now. With limits of many hours these are the
    /// requests under way.
    [[nodiscard]] std::size_t alarmsBeyond(std::chrono::milliseconds delay) const
    {
        return static_cast<std::size_t>(
            std::distance(m_alarms->upper_bound(Key{ monotonic() + delay, 0 }), m_alarms->end()));
    }

    [[nodiscard]] std::size_t pendingAlarms() const { return m_alarms->size(); }

private:
    using Key = std::pair<std::chrono::milliseconds, int>;
    using Alarms = std::map<Key, std::function<void()>>;

    std::atomic<std::chrono::milliseconds> m_now{ std::chrono::milliseconds(1'000'000) };
    QDateTime m_start = QDateTime::fromSecsSinceEpoch(1'700'000'000, Qt::UTC);
    std::shared_ptr<Alarms> m_alarms = std::make_shared<Alarms>();
    int m_nextId = 0;
};

/// Lets sockets work until no request is under way on `clock` (see alarmsBeyond) and its answers
/// were delivered.
void finishRequests(const VirtualClock &clock);

} // namespace faultline::tests
