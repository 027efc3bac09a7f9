// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/net/across_threads.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

namespace faultline::net {

/// What the service thread sends to a worker thread, in order. Thread-safe.
template <typename T>
class Mailbox
{
public:
    void put(T item)
    {
        const std::lock_guard lock(m_mutex);
        m_items.push_back(std::move(item));
        m_filled.notify_all();
    }

    /// The next item; nothing after `limit`, or within 50 ms of a cancel.
    [[nodiscard]] std::optional<T> take(
        std::chrono::milliseconds limit, const net::CancelToken &token)
    {
        const auto deadline = std::chrono::steady_clock::now() + limit;
        std::unique_lock lock(m_mutex);
        while (m_items.empty()) {
            const auto now = std::chrono::steady_clock::now();
            if (token.isCancelled() || now >= deadline)
                return std::nullopt;
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - now);
            m_filled.wait_for(lock, std::min(left, std::chrono::milliseconds(50)));
        }
        T item = std::move(m_items.front());
        m_items.pop_front();
        return item;
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_filled;
    std::deque<T> m_items;
};

} // namespace faultline::net
