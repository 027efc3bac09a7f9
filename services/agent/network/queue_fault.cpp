// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/network/queue_fault.h"

#include "services/agent/network/drop_faults.h"

#include <algorithm>
#include <charconv>

namespace faultline::agent::network {
namespace {

constexpr BootClock::duration grace = std::chrono::seconds(2);
/// The part of the effect that must be felt; the tests hold it to far less error, a busy machine
/// must not undo a fault.
constexpr double enough = 0.7;

std::uint64_t seedOf(const Spec &spec)
{
    std::uint64_t seed = 0;
    const std::string digits = spec.digits();
    std::from_chars(digits.data(), digits.data() + digits.size(), seed, 16);
    return seed;
}

} // namespace

std::string whyNoQueue()
{
    if (const std::string why = whyNoRules(); !why.empty())
        return why;
    if (queueRule() == QueueRule::None)
        return "the kernel has neither the queue of nftables nor the NFQUEUE target";
    const auto queue = PacketQueue::start({}, 1, BootClock::now());
    return queue ? std::string() : queue.error().text;
}

QueueFault::QueueFault(const Spec &spec, Selection selection, const FatePlan &plan)
    : NetworkFault(spec, std::move(selection))
    , m_plan(plan)
{
}

std::string QueueFault::mechanism() const
{
    std::string text = "NFQUEUE with bypass, behind an nft set with timeout";
    if (takes(selection().direction, Direction::Out) && m_plan.rate <= 0 && m_plan.delayMs > 0)
        text += "; what goes out is slowed down further: the kernel keeps few packets of a "
                "connection waiting";
    return text;
}

std::string QueueFault::whyNot() const
{
    if ((m_plan.duplicatePercent > 0 || m_plan.dnsCode != 0) && !canEcho())
        return "CAP_NET_RAW is missing, without which no packet can be repeated or answered";
    m_rule = queueRule();
    return m_rule == QueueRule::None
        ? "the kernel has neither the queue of nftables nor the NFQUEUE target"
        : "";
}

std::string QueueFault::verdict() const
{
    if (m_rule == QueueRule::Own && m_queue)
        return "counter queue flags bypass to " + std::to_string(m_queue->number());
    return "counter";
}

Outcome<> QueueFault::inject(BootClock::time_point until)
{
    auto queue = PacketQueue::start(m_plan, seedOf(spec()), until + grace);
    if (!queue)
        return tl::make_unexpected(queue.error());
    m_queue = std::move(*queue);
    return NetworkFault::inject(until);
}

Outcome<> QueueFault::complete(BootClock::time_point)
{
    if (m_rule == QueueRule::Own)
        return {};
    return appendCompatibleQueue(table().name(), "hit", m_queue->number());
}

Outcome<> QueueFault::renew(BootClock::time_point until)
{
    if (m_queue)
        m_queue->endAt(until + grace);
    return NetworkFault::renew(until);
}

void QueueFault::release()
{
    m_queue.reset();
}

bool QueueFault::hasHit(const EchoResult &now) const
{
    if (!m_queue)
        return judgeShare(now).holds;
    // The queue knows what it did; an answer may be missing for reasons of its own.
    const PacketQueue::Counts counts = m_queue->counts();
    return counts.dropped + counts.altered + counts.repeated + counts.held > 0;
}

double QueueFault::share() const
{
    return std::max({ m_plan.lossPercent, m_plan.duplicatePercent, m_plan.corruptPercent,
        m_plan.reorderPercent });
}

EchoPlan QueueFault::measurement() const
{
    EchoPlan plan = NetworkFault::measurement();
    const double slowest = (m_plan.delayMs + m_plan.jitterMs) * 2 + m_plan.reorderMs;
    plan.patience += fromSeconds(slowest / 1000);
    const auto peers = static_cast<double>(std::max<std::size_t>(1, plan.addresses.size()));
    if (share() > 0) {
        // Enough that it happens, but for one time in a thousand; runs of a correlated one are
        // longer and rarer.
        plan.count = static_cast<std::size_t>(
            std::clamp(7 / (share() / 100) / (1 - m_plan.correlation) / peers, 30.0, 1000.0));
        plan.gap = std::chrono::microseconds(200);
    } else if (m_plan.rate > 0) {
        // A tenth of a second's worth, or eight small packets on a slow line.
        constexpr double headers = 28;
        plan.bytes = static_cast<std::size_t>(
            std::clamp(m_plan.rate / 16 / peers - headers, 16.0, 1400.0));
        const double bytes = static_cast<double>(plan.bytes) + headers;
        plan.count
            = static_cast<std::size_t>(std::clamp(m_plan.rate / 10 / bytes / peers, 8.0, 700.0));
        plan.gap = BootClock::duration::zero();
        plan.patience += fromSeconds(static_cast<double>(plan.count) * bytes * peers / m_plan.rate);
    }
    return plan;
}

Proof QueueFault::judge(const EchoResult &now, const TableState &table) const
{
    const double rarity = share() * (1 - m_plan.correlation);
    if (share() > 0 && table.picked > 0 && isTooRare(now.sent, rarity) && !hasHit(now))
        return unmeasured("so few packets are hit that a short measurement sees none");
    Proof proof = share() > 0 ? judgeShare(now)
        : m_plan.rate > 0     ? judgeRate(now)
                              : judgeDelay(now);
    proof.measured["sent"] = now.sent;
    proof.measured["answered"] = now.answered;
    if (table.picked == 0)
        proof = { false, "No packet was picked by the rules", proof.measured };
    return proof;
}

Proof QueueFault::judgeDelay(const EchoResult &now) const
{
    const double ways = selection().direction == Direction::Both ? 2 : 1;
    const double expected = std::max(0.0, m_plan.delayMs - m_plan.jitterMs) * ways;
    const double added = now.meanMs - before().leastMs;
    Proof proof;
    proof.measured = { { "roundTripMs", now.meanMs }, { "roundTripBeforeMs", before().meanMs },
        { "addedMs", added } };
    proof.holds = now.answered > 0 && added >= expected * enough;
    proof.detail = now.answered == 0 ? "No peer answers"
                                     : "The round trip is " + oneDecimal(now.meanMs)
            + " ms, it was " + oneDecimal(before().meanMs) + " ms";
    return proof;
}

Proof QueueFault::judgeRate(const EchoResult &now) const
{
    Proof proof;
    proof.measured = { { "bytesPerSecond", now.bytesPerSecond } };
    proof.holds = now.answered > 1 && now.bytesPerSecond <= m_plan.rate / enough;
    proof.detail = now.answered < 2
        ? "Too few answers to measure by"
        : oneDecimal(now.bytesPerSecond / 1000) + " kB pass in a second";
    return proof;
}

Proof QueueFault::judgeShare(const EchoResult &now) const
{
    const std::size_t fared = (m_plan.lossPercent > 0 ? now.sent - now.answered : 0)
        + (m_plan.duplicatePercent > 0 ? now.repeated : 0)
        + (m_plan.corruptPercent > 0 ? now.altered + now.sent - now.answered : 0)
        + (m_plan.reorderPercent > 0 ? now.overtaken : 0);
    Proof proof;
    const double percent
        = now.sent == 0 ? 0 : 100.0 * static_cast<double>(fared) / static_cast<double>(now.sent);
    proof.measured = { { "lost", now.sent - now.answered }, { "repeated", now.repeated },
        { "altered", now.altered }, { "overtaken", now.overtaken }, { "percent", percent } };
    proof.holds = fared > 0;
    proof.detail
        = oneDecimal(percent) + " % of " + std::to_string(now.sent) + " echo requests were hit";
    return proof;
}

} // namespace faultline::agent::network
