// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/agent/frame/boot_clock.h"
#include "services/agent/frame/outcome.h"
#include "services/agent/frame/spec.h"

#include <cstdint>
#include <string>
#include <vector>

namespace faultline::agent::network {

enum class Direction { In, Out, Both };

[[nodiscard]] inline bool takes(Direction direction, Direction one)
{
    return direction == Direction::Both || direction == one;
}

/// Which packets a fault is for. Those of the loopback interface never are, unless `loopback` says
/// so.
struct Selection
{
    Direction direction = Direction::In;
    std::vector<std::string> peers; ///< addresses or prefixes; empty: all
    std::vector<std::int64_t> ports; ///< either end's port; empty: all
    std::vector<std::int64_t> destinationPorts; ///< only where packets go to; empty: all
    std::string protocol; ///< tcp, udp, or empty
    bool loopback = false;
};

/// What a fault's table looks like in the kernel now.
struct TableState
{
    bool known = false; ///< the kernel answered
    bool exists = false;
    bool alive = false; ///< its time is not over: the rules match
    std::uint64_t picked = 0; ///< packets that the selection picked so far
    std::uint64_t hits = 0; ///< those of them that the verdict took
    std::string words; ///< why it isn't known
};

/// The nftables table of one fault: `inet faultline_<digits of the id>`, nothing else of the
/// kernel's rules is touched. Each chain first asks a set whose elements have a timeout, so the
/// kernel itself ends the effect when nobody refreshes them, whatever was killed. Needs
/// CAP_NET_ADMIN in the network namespace.
class RuleTable
{
public:
    explicit RuleTable(const Spec &spec);

    [[nodiscard]] const std::string &name() const { return m_name; }

    /// Makes the table; what `selection` picks jumps to the chain `hit`, whose content is `verdict`
    /// (nft's language).
    [[nodiscard]] Outcome<> create(
        const Selection &selection, const std::string &verdict, BootClock::time_point until) const;
    /// Moves the end of the effect: `until` and two seconds, in which the agent's own undo comes
    /// first.
    [[nodiscard]] Outcome<> renew(BootClock::time_point until) const;
    [[nodiscard]] Outcome<> remove() const;
    [[nodiscard]] TableState state() const;
    [[nodiscard]] std::string handUndo() const;

    /// The rules as text; pure, for tests.
    [[nodiscard]] std::string text(
        const Selection &selection, const std::string &verdict, BootClock::duration left) const;

    /// The mark on packets that the agent itself sends, which no rule of ours picks.
    static constexpr std::uint32_t ownMark = 0xfa171e;

private:
    std::string m_name;
};

/// Runs nft on a script; the failure is CannotHere when the kernel or the image lacks something.
[[nodiscard]] Outcome<> applyRules(const std::string &script);

/// Whether nftables can be used here at all: empty, or why not.
[[nodiscard]] std::string whyNoRules();

} // namespace faultline::agent::network
