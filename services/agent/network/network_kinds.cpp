// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/network/network_kinds.h"

#include "services/agent/frame/arguments.h"
#include "services/agent/network/dns_fault.h"
#include "services/agent/network/drop_faults.h"
#include "services/agent/network/queue_fault.h"

namespace faultline::agent::network {
namespace {

using MadeFault = Outcome<std::unique_ptr<Fault>>;

constexpr Range percents{ 0.0001, 100 };
constexpr Range portNumbers{ 1, 65535 };
constexpr Range correlations{ 0, 99 };
constexpr std::size_t maxPorts = 256;
constexpr double longestDelay = 60000; // ms

/// `direction`, whose first word is what is meant when it is missing.
Direction readDirection(Arguments &arguments, std::initializer_list<std::string_view> words)
{
    const std::string word = arguments.choice("direction", words);
    return word == "both" ? Direction::Both : word == "out" ? Direction::Out : Direction::In;
}

Selection readSelection(
    Arguments &arguments, const Spec &spec, std::initializer_list<std::string_view> directions)
{
    Selection selection;
    selection.direction = readDirection(arguments, directions);
    selection.peers = spec.peers;
    selection.ports = arguments.integers("ports", portNumbers, maxPorts);
    return selection;
}

template <typename Kind, typename... Rest>
MadeFault finished(Arguments &arguments, const Spec &spec, Selection selection, Rest... rest)
{
    arguments.finish();
    if (const auto &problem = arguments.problem())
        return tl::make_unexpected(*problem);
    return std::make_unique<Kind>(spec, std::move(selection), rest...);
}

/// A kind that a share of packets is for, and nothing else.
MadeFault makeShare(const Spec &spec, double FatePlan::*percent)
{
    Arguments arguments(spec.arguments, "arguments");
    Selection selection = readSelection(arguments, spec, { "in", "out", "both" });
    FatePlan plan;
    plan.*percent = arguments.number("percent", percents);
    plan.correlation = arguments.number("correlation", correlations, 0) / 100;
    return finished<QueueFault>(arguments, spec, std::move(selection), plan);
}

} // namespace

MadeFault makePartition(const Spec &spec)
{
    Arguments arguments(spec.arguments, "arguments");
    Selection selection = readSelection(arguments, spec, { "both", "in", "out" });
    return finished<Partition>(arguments, spec, std::move(selection));
}

MadeFault makeBlackhole(const Spec &spec)
{
    Arguments arguments(spec.arguments, "arguments");
    Selection selection;
    selection.direction = readDirection(arguments, { "in", "out", "both" });
    selection.peers = spec.peers;
    selection.destinationPorts = { arguments.integer("port", portNumbers) };
    selection.protocol = arguments.choice("protocol", { "tcp", "udp" });
    return finished<Blackhole>(arguments, spec, std::move(selection));
}

MadeFault makeLoss(const Spec &spec)
{
    Arguments arguments(spec.arguments, "arguments");
    Selection selection = readSelection(arguments, spec, { "in", "out", "both" });
    FatePlan plan;
    plan.lossPercent = arguments.number("percent", percents);
    plan.correlation = arguments.number("correlation", correlations, 0) / 100;
    // Only the agent remembers how the packet before fared.
    if (plan.correlation > 0)
        return finished<QueueFault>(arguments, spec, std::move(selection), plan);
    return finished<Loss>(arguments, spec, std::move(selection), plan.lossPercent);
}

MadeFault makeDelay(const Spec &spec)
{
    Arguments arguments(spec.arguments, "arguments");
    Selection selection = readSelection(arguments, spec, { "in", "out", "both" });
    FatePlan plan;
    plan.delayMs = arguments.number("delay", { 0.1, longestDelay });
    plan.jitterMs = arguments.number("jitter", { 0, longestDelay }, 0);
    plan.correlation = arguments.number("correlation", correlations, 0) / 100;
    return finished<QueueFault>(arguments, spec, std::move(selection), plan);
}

MadeFault makeBandwidth(const Spec &spec)
{
    Arguments arguments(spec.arguments, "arguments");
    Selection selection = readSelection(arguments, spec, { "both", "in", "out" });
    FatePlan plan;
    plan.rate = arguments.number("rate", { 1000, 1e10 });
    return finished<QueueFault>(arguments, spec, std::move(selection), plan);
}

MadeFault makeDuplicate(const Spec &spec)
{
    return makeShare(spec, &FatePlan::duplicatePercent);
}

MadeFault makeCorrupt(const Spec &spec)
{
    return makeShare(spec, &FatePlan::corruptPercent);
}

MadeFault makeReorder(const Spec &spec)
{
    Arguments arguments(spec.arguments, "arguments");
    Selection selection = readSelection(arguments, spec, { "in", "out", "both" });
    FatePlan plan;
    plan.reorderPercent = arguments.number("percent", percents);
    plan.reorderMs = arguments.number("delay", { 0.1, longestDelay }, 20);
    plan.correlation = arguments.number("correlation", correlations, 0) / 100;
    return finished<QueueFault>(arguments, spec, std::move(selection), plan);
}

MadeFault makeDns(const Spec &spec)
{
    Arguments arguments(spec.arguments, "arguments");
    Selection selection;
    selection.direction = Direction::Out;
    selection.peers = spec.peers;
    selection.destinationPorts = { 53 };
    selection.loopback = true;
    const std::string mode = arguments.choice("mode", { "refuse", "drop", "nxdomain" });
    return finished<DnsFault>(arguments, spec, std::move(selection),
        mode == "drop"           ? DnsMode::Drop
            : mode == "nxdomain" ? DnsMode::Nxdomain
                                 : DnsMode::Refuse);
}

Ability dropAbility()
{
    const std::string why = whyNoRules();
    return { why.empty(), "nft set with timeout", why };
}

Ability queueAbility()
{
    const std::string why = whyNoQueue();
    return { why.empty(), "NFQUEUE with bypass", why };
}

} // namespace faultline::agent::network
