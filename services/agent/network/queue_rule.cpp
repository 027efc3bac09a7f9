// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/network/queue_rule.h"

#include "services/agent/frame/tool.h"
#include "services/agent/network/netlink.h"
#include "services/agent/network/rule_table.h"

#include <cerrno>
#include <cstring>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/xt_NFQUEUE.h>
#include <linux/netlink.h>
#include <sys/socket.h>

namespace faultline::agent::network {
namespace {

constexpr std::uint32_t revision = 3;

constexpr std::uint16_t typeOf(std::uint16_t message)
{
    return static_cast<std::uint16_t>(NFNL_SUBSYS_NFTABLES << 8 | message);
}

void batch(NetlinkMessages &messages, std::uint16_t type)
{
    messages.begin(type, 0, AF_UNSPEC, NFNL_SUBSYS_NFTABLES);
    messages.end();
}

void rule(NetlinkMessages &messages, const std::string &table, const std::string &chain,
    std::uint16_t number, std::uint32_t sequence)
{
    const xt_NFQ_info_v3 info{ number, 1, NFQ_FLAG_BYPASS };
    messages.begin(typeOf(NFT_MSG_NEWRULE), NLM_F_CREATE | NLM_F_APPEND | NLM_F_ACK, NFPROTO_INET,
        0, sequence);
    messages.text(NFTA_RULE_TABLE, table);
    messages.text(NFTA_RULE_CHAIN, chain);
    const std::size_t expressions = messages.beginNest(NFTA_RULE_EXPRESSIONS);
    const std::size_t element = messages.beginNest(NFTA_LIST_ELEM);
    messages.text(NFTA_EXPR_NAME, "target");
    const std::size_t data = messages.beginNest(NFTA_EXPR_DATA);
    messages.text(NFTA_TARGET_NAME, "NFQUEUE");
    messages.number(NFTA_TARGET_REV, revision);
    messages.bytes(
        NFTA_TARGET_INFO, { reinterpret_cast<const std::uint8_t *>(&info), sizeof info });
    messages.endNest(data);
    messages.endNest(element);
    messages.endNest(expressions);
    messages.end();
}

/// Everything but the batch's end: the kernel checks it all and forgets it.
bool compatibleWorks()
{
    const std::string table = "faultline_ability";
    NetlinkMessages messages;
    batch(messages, NFNL_MSG_BATCH_BEGIN);
    messages.begin(typeOf(NFT_MSG_NEWTABLE), NLM_F_CREATE, NFPROTO_INET, 0);
    messages.text(NFTA_TABLE_NAME, table);
    messages.end();
    messages.begin(typeOf(NFT_MSG_NEWCHAIN), NLM_F_CREATE, NFPROTO_INET, 0);
    messages.text(NFTA_CHAIN_TABLE, table);
    messages.text(NFTA_CHAIN_NAME, "hit");
    messages.end();
    rule(messages, table, "hit", 1000, 1);
    return NetlinkSocket().request(messages.all(), 1) == 0;
}

} // namespace

QueueRule queueRule()
{
    const ToolEnd end = runTool({ { "nft", "-c", "-f", "-" },
        "table inet faultline_ability {\n  chain hit {\n    queue flags bypass to 1000\n  "
        "}\n}\n" });
    if (end.good())
        return QueueRule::Own;
    return compatibleWorks() ? QueueRule::Compatible : QueueRule::None;
}

Outcome<> appendCompatibleQueue(
    const std::string &table, const std::string &chain, std::uint16_t number)
{
    NetlinkMessages messages;
    batch(messages, NFNL_MSG_BATCH_BEGIN);
    rule(messages, table, chain, number, 1);
    batch(messages, NFNL_MSG_BATCH_END);
    const int error = NetlinkSocket().request(messages.all(), 1);
    if (error != 0)
        return refused(Refusal::CannotHere,
            std::string("The kernel refused the rule that queues packets: ")
                + std::strerror(error));
    return {};
}

} // namespace faultline::agent::network
