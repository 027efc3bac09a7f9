// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/agent/network/network_fault.h"

#include <string>

namespace faultline::agent::network {

/// network.partition: nothing passes between the target and its peers, one way or both.
class Partition : public NetworkFault
{
public:
    using NetworkFault::NetworkFault;
    std::string mechanism() const override;

protected:
    std::string verdict() const override;
    Proof judge(const EchoResult &now, const TableState &table) const override;
};

/// network.blackhole: packets to a port vanish.
class Blackhole : public Partition
{
public:
    using Partition::Partition;
    std::string mechanism() const override;

protected:
    Proof measure() override;
};

/// network.loss without correlation: each packet is dropped by chance.
class Loss : public NetworkFault
{
public:
    Loss(const Spec &spec, Selection selection, double percent);
    std::string mechanism() const override;

protected:
    std::string verdict() const override;
    EchoPlan measurement() const override;
    Proof judge(const EchoResult &now, const TableState &table) const override;

private:
    const double m_percent;
};

/// A number with one decimal, as sentences show it.
[[nodiscard]] std::string oneDecimal(double number);

} // namespace faultline::agent::network
