// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/network/network_fault.h"

#include "services/agent/network/knock.h"
#include "services/agent/network/surroundings.h"

#include <algorithm>

namespace faultline::agent::network {
namespace {

constexpr BootClock::duration recoveryOfPeers = std::chrono::seconds(4);

}

NetworkFault::NetworkFault(const Spec &spec, Selection selection)
    : m_spec(spec)
    , m_selection(std::move(selection))
    , m_table(spec)
    , m_addresses(measurable(spec.peers))
    , m_interfaces(interfaces())
{
}

Outcome<> NetworkFault::check()
{
    if (const std::string device = machineInterface(); !device.empty())
        return refused(Refusal::Foreign,
            "The target shares the machine's own network (" + device
                + "): a fault there would hit everything on it");
    if (const std::string why = whyNoRules(); !why.empty())
        return refused(Refusal::CannotHere, why);
    if (const std::string why = whyNot(); !why.empty())
        return refused(Refusal::CannotHere, why);
    const TableState now = m_table.state();
    if (!now.known)
        return refused(Refusal::CannotHere, "The kernel's rules could not be read: " + now.words);
    if (now.alive)
        return refused(Refusal::Foreign,
            "The table inet " + m_table.name()
                + " is in force already, so this fault was injected before: undo it first");
    return {};
}

Outcome<> NetworkFault::inject(BootClock::time_point until)
{
    const EchoPlan plan{ .addresses = m_addresses };
    m_before = m_selection.ports.empty() ? echo(plan) : knock(plan, m_selection.ports.front());
    if (const auto made = m_table.create(m_selection, verdict(), until); !made)
        return made;
    return complete(until);
}

EchoPlan NetworkFault::measurement() const
{
    EchoPlan plan{ .addresses = m_addresses };
    if (m_before.answered > 0)
        plan.patience = std::chrono::milliseconds(100) + fromSeconds(m_before.meanMs / 100);
    return plan;
}

Proof NetworkFault::unmeasured(const std::string &why)
{
    return { true, "The rules are in force; not measured: " + why, {} };
}

bool NetworkFault::isTooRare(std::size_t packets, double percent)
{
    // Fewer than five expected ones: in one of a hundred measurements not one would come.
    constexpr double expected = 5;
    return static_cast<double>(packets) * percent / 100 < expected;
}

Proof NetworkFault::measure()
{
    if (m_before.sent > 0 && m_before.answered == 0)
        return unmeasured("no peer answered before the injection");
    const EchoResult now = m_selection.ports.empty()
        ? echo(measurement())
        : knock(measurement(), m_selection.ports.front());
    if (now.sent == 0)
        return unmeasured("there is no peer and no gateway to measure with");
    return judge(now, m_table.state());
}

Proof NetworkFault::proveInForce()
{
    const TableState table = m_table.state();
    if (!table.known)
        return { false, "The kernel's rules could not be read: " + table.words, {} };
    if (!table.alive)
        return { false,
            table.exists ? "The rules are there, but their time is over"
                         : "The rules are not there",
            {} };
    return measure();
}

Outcome<> NetworkFault::renew(BootClock::time_point until)
{
    return m_table.renew(until);
}

Outcome<> NetworkFault::undo()
{
    const auto removed = m_table.remove();
    release();
    return removed;
}

Proof NetworkFault::proveOut()
{
    if (!m_askedOut)
        m_askedOut = BootClock::now();
    const TableState table = m_table.state();
    if (!table.known || table.exists)
        return { false,
            table.exists ? "The table inet " + m_table.name() + " is still there"
                         : "The kernel's rules could not be read: " + table.words,
            {} };
    const EchoResult now = echo({ .addresses = m_addresses });
    Proof proof{ true, "The rules are gone", {} };
    if (now.sent == 0)
        return proof;
    proof.measured["roundTripMs"] = now.meanMs;
    proof.measured["answered"] = now.answered;
    proof.measured["sent"] = now.sent;
    const std::size_t peers = m_addresses.size();
    proof.detail += "; " + std::to_string(peers - now.silentPeers) + " of " + std::to_string(peers)
        + " peers answer";
    // A peer may have died meanwhile, which no undo of ours can heal: it is said, and not waited
    // for without end.
    const bool back = m_before.sent == 0 || now.silentPeers <= m_before.silentPeers;
    proof.holds = back || BootClock::now() - *m_askedOut > recoveryOfPeers;
    return proof;
}

std::string NetworkFault::handUndo() const
{
    return m_table.handUndo();
}

bool NetworkFault::targetGone()
{
    // The engine takes a container's interfaces away when it ends; this helper keeps only the empty
    // namespace alive.
    const std::set<unsigned> now = interfaces();
    return !m_interfaces.empty()
        && std::ranges::none_of(m_interfaces, [&now](unsigned one) { return now.contains(one); });
}

} // namespace faultline::agent::network
