// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/network/packet_queue.h"

#include "services/agent/network/packet_copies.h"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_queue.h>
#include <linux/netlink.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

namespace faultline::agent::network {
namespace {

constexpr std::uint32_t longestQueue = 100000;
constexpr std::uint32_t headersOnly = 128;
constexpr std::uint32_t wholePacket = 0xffff;
constexpr int roomForPackets = 32 << 20;
constexpr std::uint16_t numbersTried = 64;
constexpr int atOnce = 64;

constexpr std::uint16_t typeOf(std::uint16_t message)
{
    return static_cast<std::uint16_t>(NFNL_SUBSYS_QUEUE << 8 | message);
}

template <typename T>
std::span<const std::uint8_t> bytesOf(const T &value)
{
    return { reinterpret_cast<const std::uint8_t *>(&value), sizeof value };
}

std::uint32_t number32(const std::uint8_t *bytes)
{
    std::uint32_t number = 0;
    std::memcpy(&number, bytes, sizeof number);
    return ntohl(number);
}

/// Whether a plan needs what is in packets. Else the kernel hands over many joined ones as one,
/// which is far faster.
bool needsContent(const FatePlan &plan)
{
    return plan.corruptPercent > 0 || plan.duplicatePercent > 0 || plan.dnsCode != 0;
}

} // namespace

PacketQueue::PacketQueue(const FatePlan &plan, std::uint64_t seed)
    : m_plan(plan)
    , m_fates(plan, seed)
    , m_random(seed)
    , m_wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
    , m_rawFour(rawSocket(false))
    , m_rawSix(rawSocket(true))
{
}

Outcome<std::unique_ptr<PacketQueue>> PacketQueue::start(
    const FatePlan &plan, std::uint64_t seed, BootClock::time_point end)
{
    std::unique_ptr<PacketQueue> queue(new PacketQueue(plan, seed));
    int error = 0;
    for (std::uint16_t i = 0; i < numbersTried; ++i) {
        // 1,000 on: people's own queues tend to have small numbers.
        const auto number = static_cast<std::uint16_t>(1000 + (seed + i) % 60000);
        error = queue->bind(number);
        if (error != EBUSY && error != EPERM)
            break;
    }
    if (error != 0)
        return refused(Refusal::CannotHere,
            std::string("No netfilter queue can be bound here (CAP_NET_ADMIN, kernel): ")
                + std::strerror(error));
    queue->endAt(end);
    queue->m_thread = std::thread([q = queue.get()] { q->work(); });
    return queue;
}

PacketQueue::~PacketQueue()
{
    m_stop = true;
    constexpr std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t sent = ::write(m_wake.get(), &one, sizeof one);
    if (m_thread.joinable())
        m_thread.join();
}

int PacketQueue::bind(std::uint16_t number)
{
    const std::uint16_t type = typeOf(NFQNL_MSG_CONFIG);
    NetlinkMessages bind;
    bind.begin(type, NLM_F_ACK, AF_UNSPEC, number, 1);
    bind.bytes(
        NFQA_CFG_CMD, bytesOf(nfqnl_msg_config_cmd{ NFQNL_CFG_CMD_BIND, 0, htons(AF_INET) }));
    bind.end();
    if (const int error = m_socket.request(bind.all(), 1); error != 0)
        return error;
    m_number = number;
    ::setsockopt(
        m_socket.get(), SOL_SOCKET, SO_RCVBUFFORCE, &roomForPackets, sizeof roomForPackets);
    constexpr int yes = 1;
    ::setsockopt(m_socket.get(), SOL_NETLINK, NETLINK_NO_ENOBUFS, &yes, sizeof yes);
    const bool content = needsContent(m_plan);
    const std::uint32_t flags
        = NFQA_CFG_F_FAIL_OPEN | (content ? 0U : std::uint32_t(NFQA_CFG_F_GSO));
    NetlinkMessages configure;
    configure.begin(type, NLM_F_ACK, AF_UNSPEC, number, 2);
    nfqnl_msg_config_params params{};
    params.copy_range = htonl(content ? wholePacket : headersOnly);
    params.copy_mode = NFQNL_COPY_PACKET;
    configure.bytes(NFQA_CFG_PARAMS, bytesOf(params));
    configure.number(NFQA_CFG_QUEUE_MAXLEN, longestQueue);
    configure.number(NFQA_CFG_FLAGS, flags);
    configure.number(NFQA_CFG_MASK, NFQA_CFG_F_FAIL_OPEN | NFQA_CFG_F_GSO);
    configure.end();
    return m_socket.request(configure.all(), 2);
}

void PacketQueue::endAt(BootClock::time_point end)
{
    m_end = end.time_since_epoch().count();
}

bool PacketQueue::over(BootClock::time_point now) const
{
    return m_stop || now.time_since_epoch().count() >= m_end;
}

PacketQueue::Counts PacketQueue::counts() const
{
    return { m_seen, m_heldCount, m_dropped, m_altered, m_repeated, m_answered };
}

void PacketQueue::work()
{
    while (!m_stop) {
        waitForNext();
        receive();
        letGo(BootClock::now());
        flush();
    }
    // What is still in the socket would be dropped by its end.
    receive();
    letGo(BootClock::now());
    flush();
}

void PacketQueue::waitForNext()
{
    std::array<pollfd, 2> waits{ pollfd{ m_socket.get(), POLLIN, 0 },
        pollfd{ m_wake.get(), POLLIN, 0 } };
    timespec time{};
    if (!m_held.empty()) {
        const auto end = BootClock::time_point(BootClock::duration(m_end.load()));
        const auto left = std::max(
            std::min(m_held.top().due, end) - BootClock::now(), BootClock::duration::zero());
        time = { static_cast<time_t>(left.count() / 1000000000), left.count() % 1000000000 };
    }
    ::ppoll(waits.data(), waits.size(), m_held.empty() ? nullptr : &time, nullptr);
}

void PacketQueue::receive()
{
    alignas(nlmsghdr) std::array<std::uint8_t, 0x10000 + 4096> buffer;
    for (int i = 0; i < atOnce || m_stop; ++i) {
        const ssize_t got = ::recv(m_socket.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
        if (got <= 0)
            return;
        auto left = static_cast<std::uint32_t>(got);
        for (auto *header = reinterpret_cast<nlmsghdr *>(buffer.data()); NLMSG_OK(header, left);
             header = NLMSG_NEXT(header, left))
            if (header->nlmsg_type == typeOf(NFQNL_MSG_PACKET))
                take({ static_cast<const std::uint8_t *>(NLMSG_DATA(header)),
                    NLMSG_PAYLOAD(header, 0) });
    }
}

void PacketQueue::take(std::span<const std::uint8_t> message)
{
    Packet packet;
    bool known = false;
    for (std::size_t at = NLMSG_ALIGN(sizeof(nfgenmsg)); at + sizeof(nlattr) <= message.size();) {
        nlattr attribute{};
        std::memcpy(&attribute, message.data() + at, sizeof attribute);
        if (attribute.nla_len < sizeof attribute || at + attribute.nla_len > message.size())
            break;
        const auto value
            = message.subspan(at + sizeof attribute, attribute.nla_len - sizeof attribute);
        const int type = attribute.nla_type & NLA_TYPE_MASK;
        if (type == NFQA_PACKET_HDR && value.size() >= 7) {
            packet.id = number32(value.data());
            packet.outgoing = value[6] == NF_INET_LOCAL_OUT;
            known = true;
        } else if (type == NFQA_PAYLOAD) {
            packet.content = value;
            packet.bytes = std::max(packet.bytes, value.size());
        } else if (type == NFQA_CAP_LEN && value.size() >= 4) {
            packet.bytes = number32(value.data());
        }
        at += NLA_ALIGN(attribute.nla_len);
    }
    if (known)
        decide(packet);
}

void PacketQueue::decide(const Packet &packet)
{
    ++m_seen;
    const BootClock::time_point now = BootClock::now();
    if (over(now))
        return verdict(packet.id, NF_ACCEPT);
    if (m_plan.dnsCode != 0
        && sendCopy(m_rawFour.get(), m_rawSix.get(), dnsAnswer(packet.content, m_plan.dnsCode))) {
        ++m_answered;
        return verdict(packet.id, NF_DROP);
    }
    const Fate fate = m_fates.next(packet.bytes, packet.outgoing, now);
    if (fate.drop) {
        ++m_dropped;
        return verdict(packet.id, NF_DROP);
    }
    if (fate.duplicate && sendCopy(m_rawFour.get(), m_rawSix.get(), packet.content))
        ++m_repeated;
    if (fate.corrupt) {
        ++m_altered;
        return verdict(packet.id, NF_ACCEPT, withOneBitFlipped(packet.content, m_random()));
    }
    if (fate.hold <= BootClock::duration::zero())
        return verdict(packet.id, NF_ACCEPT);
    ++m_heldCount;
    m_held.push({ now + fate.hold, m_order++, packet.id });
}

void PacketQueue::letGo(BootClock::time_point now)
{
    const bool all = over(now);
    while (!m_held.empty() && (all || m_held.top().due <= now)) {
        verdict(m_held.top().packet, NF_ACCEPT);
        m_held.pop();
    }
}

void PacketQueue::verdict(
    std::uint32_t packet, std::uint32_t what, std::span<const std::uint8_t> content)
{
    m_verdicts.begin(typeOf(NFQNL_MSG_VERDICT), 0, AF_UNSPEC, m_number);
    m_verdicts.bytes(
        NFQA_VERDICT_HDR, bytesOf(nfqnl_msg_verdict_hdr{ htonl(what), htonl(packet) }));
    if (!content.empty())
        m_verdicts.bytes(NFQA_PAYLOAD, content);
    m_verdicts.end();
    constexpr std::size_t enough = 16384;
    if (m_verdicts.all().size() > enough)
        flush();
}

void PacketQueue::flush()
{
    if (m_verdicts.empty())
        return;
    (void)m_socket.send(m_verdicts.all());
    m_verdicts.clear();
}

} // namespace faultline::agent::network
