// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/agent/frame/boot_clock.h"

#include <atomic>
#include <cstdint>

namespace faultline::agent {

/// What the agent and its child processes share: when the work must end, whoever lives by then, and
/// how much was done.
class SharedWork
{
public:
    SharedWork();
    SharedWork(const SharedWork &) = delete;
    SharedWork &operator=(const SharedWork &) = delete;
    ~SharedWork();

    [[nodiscard]] bool isUsable() const { return m_page != nullptr; }
    void setEnd(BootClock::time_point end);
    [[nodiscard]] BootClock::time_point end() const;
    [[nodiscard]] bool isOver() const { return BootClock::now() >= end(); }
    void add(std::uint64_t amount);
    [[nodiscard]] std::uint64_t done() const;

private:
    struct Page
    {
        std::atomic<std::int64_t> end;
        std::atomic<std::uint64_t> done;
    };
    Page *m_page = nullptr;
};

} // namespace faultline::agent
