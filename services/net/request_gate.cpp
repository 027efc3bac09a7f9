// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/net/request_gate.h"

#include "services/net/backoff.h"

#include <algorithm>

namespace faultline::net {

using namespace std::chrono_literals;

namespace {

constexpr int mostInFlight = 8;
constexpr auto leastSpread = 1000ms;

} // namespace

RequestGate::RequestGate(Surroundings surroundings)
    : m_surroundings(std::move(surroundings))
{
}

void RequestGate::learn(const RateLimits &limits)
{
    if (limits.limit >= 0)
        m_state.limit = limits.limit;
    if (limits.remaining < 0)
        return;
    const bool sameWindow = m_state.remaining >= 0 && m_resetAt == limits.resetAt;
    m_state.remaining
        = sameWindow ? std::min(m_state.remaining, limits.remaining) : limits.remaining;
    m_resetAt = limits.resetAt;
    const QDateTime soon = m_surroundings.clock->utc().addSecs(1);
    if (m_state.remaining == 0)
        closeUntil(std::max(soon, m_resetAt.value_or(soon)));
}

void RequestGate::closeUntil(const QDateTime &date)
{
    const std::chrono::milliseconds now = m_surroundings.clock->monotonic();
    const std::chrono::milliseconds wait(
        std::max<qint64>(0, m_surroundings.clock->utc().msecsTo(date)));
    m_state.remaining = -1; // not known once the gate opens
    if (now + wait <= m_opensAt)
        return;
    m_closedAt = now;
    m_opensAt = now + wait;
    m_state.limitedUntil = date;
}

void RequestGate::close(const RateLimits &limits)
{
    // The answers of one burst are one limit, not several in a row.
    if (m_surroundings.clock->monotonic() >= m_opensAt)
        ++m_limitsInRow;
    const std::optional<QDateTime> named = limits.retryAt ? limits.retryAt : limits.resetAt;
    const Backoff backoff{ 1000ms, 60'000ms };
    closeUntil(named.value_or(m_surroundings.clock->utc().addMSecs(
        backoff.ceiling(std::max(0, m_limitsInRow - 1)).count())));
}

void RequestGate::open()
{
    m_limitsInRow = 0;
}

bool RequestGate::mayStart(int inFlight) const
{
    if (m_surroundings.clock->monotonic() < m_opensAt)
        return false;
    const int most = m_limitsInRow > 0 ? 1 : mostInFlight;
    return inFlight < most && (m_state.remaining < 0 || inFlight < m_state.remaining);
}

std::chrono::milliseconds RequestGate::startTime() const
{
    const std::chrono::milliseconds now = m_surroundings.clock->monotonic();
    if (now >= m_opensAt)
        return now;
    const auto spread = static_cast<double>(
        std::max<std::chrono::milliseconds>(leastSpread, (m_opensAt - m_closedAt) * 3 / 5).count());
    return m_opensAt
        + std::chrono::milliseconds(static_cast<long long>(spread * m_surroundings.random()));
}

std::optional<QDateTime> RequestGate::limitedUntil() const
{
    if (m_surroundings.clock->monotonic() >= m_opensAt)
        return std::nullopt;
    return m_state.limitedUntil;
}

RateState RequestGate::state() const
{
    RateState state = m_state;
    state.limitedUntil = limitedUntil().value_or(QDateTime());
    return state;
}

} // namespace faultline::net
