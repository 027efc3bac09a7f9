// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/agent/network/network_fault.h"
#include "services/agent/network/packet_queue.h"
#include "services/agent/network/queue_rule.h"

#include <memory>
#include <string>

namespace faultline::agent::network {

/// The kinds that need each packet for themselves: delay, bandwidth, duplicate, corrupt, reorder,
/// correlated loss. The agent takes packets from a netfilter queue and lets them go later; nothing
/// of it outlives the agent.
class QueueFault : public NetworkFault
{
public:
    QueueFault(const Spec &spec, Selection selection, const FatePlan &plan);

    std::string mechanism() const override;
    Outcome<> inject(BootClock::time_point until) override;
    Outcome<> renew(BootClock::time_point until) override;

protected:
    std::string verdict() const override;
    std::string whyNot() const override;
    Outcome<> complete(BootClock::time_point until) override;
    void release() override;
    EchoPlan measurement() const override;
    Proof judge(const EchoResult &now, const TableState &table) const override;

private:
    [[nodiscard]] Proof judgeDelay(const EchoResult &now) const;
    [[nodiscard]] Proof judgeRate(const EchoResult &now) const;
    [[nodiscard]] Proof judgeShare(const EchoResult &now) const;
    [[nodiscard]] bool hasHit(const EchoResult &now) const;
    [[nodiscard]] double share() const;

    const FatePlan m_plan;
    mutable QueueRule m_rule = QueueRule::None;
    std::unique_ptr<PacketQueue> m_queue;
};

/// Of the kinds that queue.
[[nodiscard]] std::string whyNoQueue();

} // namespace faultline::agent::network
