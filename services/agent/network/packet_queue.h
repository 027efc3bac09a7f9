// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/agent/frame/boot_clock.h"
#include "services/agent/frame/descriptor.h"
#include "services/agent/frame/outcome.h"
#include "services/agent/network/netlink.h"
#include "services/agent/network/packet_fates.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <queue>
#include <span>
#include <thread>
#include <vector>

namespace faultline::agent::network {

/// Takes packets from a netfilter queue of this network namespace
/// (linux/netfilter/nfnetlink_queue.h) on a thread of its own and lets them go as their fates say.
/// When the process dies, the rule's bypass lets all packets pass at once; when `endAt` has come,
/// this lets them pass itself.
class PacketQueue
{
public:
    /// What was done so far.
    struct Counts
    {
        std::uint64_t seen = 0;
        std::uint64_t held = 0;
        std::uint64_t dropped = 0;
        std::uint64_t altered = 0;
        std::uint64_t repeated = 0;
        std::uint64_t answered = 0;
    };

    /// Binds the first free queue from a number that `seed` gives. Fails with CannotHere.
    [[nodiscard]] static Outcome<std::unique_ptr<PacketQueue>> start(
        const FatePlan &plan, std::uint64_t seed, BootClock::time_point end);
    PacketQueue(const PacketQueue &) = delete;
    PacketQueue &operator=(const PacketQueue &) = delete;
    /// Lets go what is held, at once, and ends the thread.
    ~PacketQueue();

    [[nodiscard]] std::uint16_t number() const { return m_number; }
    /// Any thread.
    void endAt(BootClock::time_point end);
    /// Any thread.
    [[nodiscard]] Counts counts() const;

private:
    struct Held
    {
        BootClock::time_point due;
        std::uint64_t order;
        std::uint32_t packet;
        bool operator>(const Held &other) const
        {
            return due != other.due ? due > other.due : order > other.order;
        }
    };
    struct Packet
    {
        std::uint32_t id = 0;
        bool outgoing = false;
        std::size_t bytes = 0;
        std::span<const std::uint8_t> content;
    };

    PacketQueue(const FatePlan &plan, std::uint64_t seed);
    int bind(std::uint16_t number);
    void work();
    void waitForNext();
    void receive();
    void take(std::span<const std::uint8_t> message);
    void decide(const Packet &packet);
    void letGo(BootClock::time_point now);
    void verdict(
        std::uint32_t packet, std::uint32_t what, std::span<const std::uint8_t> content = {});
    void flush();
    [[nodiscard]] bool over(BootClock::time_point now) const;

    const FatePlan m_plan;
    PacketFates m_fates;
    std::mt19937_64 m_random;
    NetlinkSocket m_socket;
    Descriptor m_wake;
    Descriptor m_rawFour;
    Descriptor m_rawSix;
    std::uint16_t m_number = 0;
    std::atomic<std::int64_t> m_end{ 0 };
    std::atomic<bool> m_stop{ false };
    std::priority_queue<Held, std::vector<Held>, std::greater<>> m_held;
    std::uint64_t m_order = 0;
    NetlinkMessages m_verdicts;
    std::atomic<std::uint64_t> m_seen{ 0 };
    std::atomic<std::uint64_t> m_heldCount{ 0 };
    std::atomic<std::uint64_t> m_dropped{ 0 };
    std::atomic<std::uint64_t> m_altered{ 0 };
    std::atomic<std::uint64_t> m_repeated{ 0 };
    std::atomic<std::uint64_t> m_answered{ 0 };
    std::thread m_thread;
};

} // namespace faultline::agent::network
