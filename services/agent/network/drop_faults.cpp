// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/network/drop_faults.h"

#include "services/agent/network/knock.h"

#include <algorithm>
#include <cmath>

namespace faultline::agent::network {
namespace {

constexpr double parts = 1000000; // of all packets, for numgen

}

std::string oneDecimal(double number)
{
    const auto tenths = static_cast<long long>(std::llround(number * 10));
    return (tenths < 0 ? "-" : "") + std::to_string(std::llabs(tenths) / 10) + '.'
        + std::to_string(std::llabs(tenths) % 10);
}

std::string Partition::mechanism() const
{
    return "nft set with timeout, drop";
}

std::string Partition::verdict() const
{
    return "counter drop";
}

Proof Partition::judge(const EchoResult &now, const TableState &table) const
{
    Proof proof;
    proof.measured = { { "sent", now.sent }, { "answered", now.answered } };
    if (now.answered > 0) {
        proof.detail = std::to_string(addresses().size() - now.silentPeers) + " of "
            + std::to_string(addresses().size()) + " peers still answer";
        return proof;
    }
    proof.holds = table.hits > 0;
    proof.detail = before().answered > 0
        ? "None of " + std::to_string(addresses().size()) + " peers answers any more"
        : "No peer answers; " + std::to_string(table.hits) + " packets were dropped";
    return proof;
}

std::string Blackhole::mechanism() const
{
    return "nft rule on the port behind a set with timeout, drop";
}

Proof Blackhole::measure()
{
    const std::int64_t port = selection().destinationPorts.front();
    if (selection().protocol != "tcp")
        return unmeasured("nothing answers a packet of UDP on its own");
    if (addresses().empty())
        return unmeasured("there is no peer and no gateway to measure with");
    if (selection().direction == Direction::Out) {
        const EchoResult now = knock({ .addresses = addresses() }, port);
        return judge(now, table().state());
    }
    const std::uint64_t earlier = table().state().hits;
    lure(addresses(), static_cast<std::uint16_t>(port));
    const std::uint64_t hits = table().state().hits;
    if (hits == earlier)
        return unmeasured("no peer answered what was sent from that port");
    return { true, std::to_string(hits - earlier) + " answers to that port were dropped",
        { { "hits", hits } } };
}

Loss::Loss(const Spec &spec, Selection selection, double percent)
    : NetworkFault(spec, std::move(selection))
    , m_percent(percent)
{
}

std::string Loss::mechanism() const
{
    return "nft random drop behind a set with timeout";
}

std::string Loss::verdict() const
{
    const auto share = static_cast<long long>(std::llround(m_percent / 100 * parts));
    return "numgen random mod " + std::to_string(static_cast<long long>(parts)) + " < "
        + std::to_string(share) + " counter drop";
}

EchoPlan Loss::measurement() const
{
    EchoPlan plan = NetworkFault::measurement();
    // Enough to lose at least one, but for one time in a thousand.
    plan.count = static_cast<std::size_t>(std::clamp(7 / (m_percent / 100), 30.0, 1000.0));
    plan.count /= std::max<std::size_t>(1, plan.addresses.size());
    plan.gap = std::chrono::microseconds(200);
    return plan;
}

Proof Loss::judge(const EchoResult &now, const TableState &table) const
{
    if (table.hits == 0 && table.picked > 0 && isTooRare(now.sent, m_percent))
        return unmeasured("so few are lost that a short measurement sees none");
    Proof proof;
    proof.measured = { { "sent", now.sent }, { "answered", now.answered },
        { "lostPercent", now.lostPercent() } };
    proof.holds = now.answered < now.sent && table.hits > 0;
    proof.detail = oneDecimal(now.lostPercent()) + " % of " + std::to_string(now.sent)
        + " echo requests were lost";
    return proof;
}

} // namespace faultline::agent::network
