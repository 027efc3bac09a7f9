// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace faultline::lab {

/// A few threads for work that blocks (Docker calls, git, unzip). Answers go back with
/// Server::post.
class Workers
{
public:
    explicit Workers(std::size_t threads = 8);
    /// As stop().
    ~Workers();
    Workers(const Workers &) = delete;
    Workers &operator=(const Workers &) = delete;

    /// Queues `work`; any thread. After stop() it is dropped unrun.
    void run(std::function<void()> work);
    /// Drops what has not begun and waits for what has.
    void stop();

private:
    void serve();

    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<std::function<void()>> m_queue;
    std::vector<std::thread> m_threads;
    bool m_stopping = false;
};

} // namespace faultline::lab
