// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/network/rule_table.h"

#include "services/agent/frame/arguments.h"
#include "services/agent/frame/tool.h"

#include <algorithm>
#include <array>

namespace faultline::agent::network {
namespace {

constexpr BootClock::duration grace = std::chrono::seconds(2);

bool isSix(const std::string &address)
{
    return address.find(':') != std::string::npos;
}

std::string joined(const std::vector<std::string> &parts)
{
    std::string text;
    for (const std::string &part : parts)
        text += (text.empty() ? "" : ", ") + part;
    return text;
}

std::string numbers(const std::vector<std::int64_t> &parts)
{
    std::vector<std::string> texts;
    for (const std::int64_t part : parts)
        texts.push_back(std::to_string(part));
    return joined(texts);
}

std::vector<std::string> ofFamily(const std::vector<std::string> &peers, bool six)
{
    std::vector<std::string> some;
    std::ranges::copy_if(peers, std::back_inserter(some),
        [six](const std::string &peer) { return isSix(peer) == six; });
    return some;
}

std::string peerSet(
    const std::string &name, const std::string &type, const std::vector<std::string> &peers)
{
    if (peers.empty())
        return {};
    return "  set " + name + " { type " + type + "; flags interval; auto-merge; elements = { "
        + joined(peers) + " }\n  }\n";
}

std::string elements(BootClock::duration left)
{
    const auto most = std::chrono::ceil<std::chrono::milliseconds>(
        std::max(left, BootClock::duration::zero()) + grace);
    const std::string timeout = " timeout " + std::to_string(most.count()) + "ms";
    return "{ ipv4" + timeout + ", ipv6" + timeout + " }";
}

/// The parts of the match that tell ports; each alternative becomes a rule of its own.
std::vector<std::string> portMatches(const Selection &selection)
{
    const std::string protocols = "meta l4proto "
        + (selection.protocol.empty() ? std::string("{ tcp, udp }") : selection.protocol) + ' ';
    if (!selection.destinationPorts.empty())
        return { protocols + "th dport { " + numbers(selection.destinationPorts) + " } " };
    if (!selection.ports.empty()) {
        const std::string ports = "{ " + numbers(selection.ports) + " } ";
        return { protocols + "th dport " + ports,
            protocols + "th dport != " + ports + "th sport " + ports };
    }
    return { selection.protocol.empty() ? "" : protocols };
}

std::vector<std::string> peerMatches(const Selection &selection, Direction direction)
{
    const std::string side = direction == Direction::In ? " saddr @peers" : " daddr @peers";
    std::vector<std::string> all;
    if (!ofFamily(selection.peers, false).empty())
        all.push_back("ip" + side + "4 ");
    if (!ofFamily(selection.peers, true).empty())
        all.push_back("ip6" + side + "6 ");
    return selection.peers.empty() ? std::vector<std::string>{ "" } : all;
}

/// The priority is that before connections are tracked: of packets that wait together only one
/// could become a new connection, and the engine's address translation for its DNS server hides
/// port 53.
std::string chain(const Selection &selection, Direction direction)
{
    if (!takes(selection.direction, direction))
        return {};
    const bool in = direction == Direction::In;
    std::string text = std::string("  chain ") + (in ? "in" : "out") + " {\n    type filter hook "
        + (in ? "prerouting" : "output") + " priority -300" + "; policy accept;\n"
        + "    meta nfproto != @alive return\n    meta mark " + std::to_string(RuleTable::ownMark)
        + " return\n";
    if (!selection.loopback)
        text += std::string("    ") + (in ? "iifname" : "oifname") + " \"lo\" return\n";
    for (const std::string &peers : peerMatches(selection, direction))
        for (const std::string &ports : portMatches(selection))
            text += "    " + peers + ports + "counter jump hit\n";
    return text + "  }\n";
}

/// nft's answers for what the kernel, the image or the privileges lack.
bool isLack(const std::string &words)
{
    constexpr std::array<std::string_view, 5> lacks{ "Operation not permitted", "not supported",
        "No such file", "Protocol not supported", "could not be started" };
    return std::ranges::any_of(
        lacks, [&words](std::string_view lack) { return words.find(lack) != std::string::npos; });
}

ToolEnd nft(std::vector<std::string> arguments, const std::string &input = {})
{
    const std::string found = findTool("nft");
    arguments.insert(arguments.begin(), found.empty() ? "nft" : found);
    return runTool({ std::move(arguments), input });
}

void count(const nlohmann::json &rule, TableState &state)
{
    for (const nlohmann::json &part : rule.value("expr", nlohmann::json::array()))
        if (part.is_object() && part.contains("counter") && part["counter"].is_object())
            (rule.value("chain", "") == "hit" ? state.hits : state.picked)
                += part["counter"].value("packets", std::uint64_t(0));
}

} // namespace

Outcome<> applyRules(const std::string &script)
{
    const ToolEnd end = nft({ "-f", "-" }, script);
    if (end.good())
        return {};
    return refused(isLack(end.words()) ? Refusal::CannotHere : Refusal::Internal,
        "nft refused the rules: " + end.words());
}

std::string whyNoRules()
{
    if (findTool("nft").empty())
        return "the program nft is missing in this image";
    const ToolEnd end = nft({ "-c", "-f", "-" },
        "table inet faultline_ability {\n  set alive { typeof meta nfproto; flags timeout; }\n"
        "  chain in { type filter hook prerouting priority -300; meta nfproto @alive counter "
        "drop\n  }\n}\n");
    return end.good() ? std::string()
                      : "nft can't make rules here (CAP_NET_ADMIN, kernel): " + end.words();
}

RuleTable::RuleTable(const Spec &spec)
    : m_name("faultline_" + spec.digits())
{
}

std::string RuleTable::text(
    const Selection &selection, const std::string &verdict, BootClock::duration left) const
{
    return "table inet " + m_name
        + " {\n  set alive { typeof meta nfproto; flags timeout; elements = " + elements(left)
        + "\n  }\n" + peerSet("peers4", "ipv4_addr", ofFamily(selection.peers, false))
        + peerSet("peers6", "ipv6_addr", ofFamily(selection.peers, true)) + "  chain hit {\n    "
        + verdict + "\n  }\n" + chain(selection, Direction::In) + chain(selection, Direction::Out)
        + "}\n";
}

Outcome<> RuleTable::create(
    const Selection &selection, const std::string &verdict, BootClock::time_point until) const
{
    // One whose time is over may be left of an agent that was killed; adding first makes the
    // removal one that can't fail.
    return applyRules("add table inet " + m_name + "\ndelete table inet " + m_name + '\n'
        + text(selection, verdict, until - BootClock::now()));
}

Outcome<> RuleTable::renew(BootClock::time_point until) const
{
    // One transaction: no packet sees the set empty. Adding alone would not move the time of an
    // element that is there.
    return applyRules("flush set inet " + m_name + " alive\nadd element inet " + m_name + " alive "
        + elements(until - BootClock::now()) + '\n');
}

Outcome<> RuleTable::remove() const
{
    const TableState now = state();
    if (!now.known)
        return refused(Refusal::Leaked, "The kernel's rules could not be read: " + now.words);
    if (!now.exists)
        return {};
    const ToolEnd end = nft({ "delete", "table", "inet", m_name });
    return end.good() ? Outcome<>{}
                      : refused(Refusal::Leaked, "The table could not be removed: " + end.words());
}

TableState RuleTable::state() const
{
    TableState state;
    const ToolEnd end = nft({ "-j", "list", "table", "inet", m_name });
    if (!end.good()) {
        state.words = end.words();
        state.known = state.words.find("No such file or directory") != std::string::npos;
        return state;
    }
    const nlohmann::json document = parseBounded(end.output);
    const nlohmann::json listed = document.is_object()
        ? document.value("nftables", nlohmann::json::array())
        : nlohmann::json::array();
    state.known = state.exists = !listed.empty();
    for (const nlohmann::json &one : listed) {
        if (one.contains("set") && one["set"].value("name", "") == "alive")
            state.alive = one["set"].contains("elem") && !one["set"]["elem"].empty();
        if (one.contains("rule"))
            count(one["rule"], state);
    }
    return state;
}

std::string RuleTable::handUndo() const
{
    return "nft delete table inet " + m_name;
}

} // namespace faultline::agent::network
