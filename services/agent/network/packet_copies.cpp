// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/network/packet_copies.h"

#include "services/agent/network/rule_table.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <netinet/in.h>
#include <sys/socket.h>

namespace faultline::agent::network {
namespace {

constexpr std::uint8_t udp = 17;
constexpr std::size_t udpHeader = 8;
constexpr std::size_t dnsHeader = 12;

/// Where the parts of a packet are; `size` 0: not a packet that is understood.
struct Layout
{
    bool six = false;
    std::size_t header = 0; ///< of IP, in bytes
    std::uint8_t protocol = 0;
    std::size_t size = 0;
};

Layout layoutOf(std::span<const std::uint8_t> packet)
{
    if (packet.size() >= 20 && packet[0] >> 4U == 4) {
        const auto header = static_cast<std::size_t>((packet[0] & 0xfU) * 4);
        return header >= 20 && header < packet.size()
            ? Layout{ false, header, packet[9], packet.size() }
            : Layout{};
    }
    // Extension headers are left alone: the next header is then no protocol that is looked for.
    if (packet.size() > 40 && packet[0] >> 4U == 6)
        return { true, 40, packet[6], packet.size() };
    return {};
}

void put16(std::vector<std::uint8_t> &bytes, std::size_t at, std::size_t value)
{
    bytes[at] = static_cast<std::uint8_t>(value >> 8U);
    bytes[at + 1] = static_cast<std::uint8_t>(value);
}

std::uint32_t sumOf(std::span<const std::uint8_t> bytes)
{
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        sum += static_cast<std::uint32_t>(i % 2 == 0 ? bytes[i] << 8U : bytes[i]);
    return sum;
}

/// The checksum of UDP over its pseudo header; `packet` begins with the IP header.
std::uint16_t udpSum(std::span<const std::uint8_t> packet, const Layout &layout)
{
    const auto body = packet.subspan(layout.header);
    std::uint32_t sum = sumOf(layout.six ? packet.subspan(8, 32) : packet.subspan(12, 8)) + udp
        + static_cast<std::uint32_t>(body.size()) + sumOf(body);
    while (sum >> 16U != 0)
        sum = (sum & 0xffffU) + (sum >> 16U);
    const auto folded = static_cast<std::uint16_t>(~sum);
    return folded == 0 ? std::uint16_t(0xffff) : folded;
}

/// The end of the first question behind a DNS header; 0 when it is not whole.
std::size_t endOfQuestion(std::span<const std::uint8_t> dns)
{
    std::size_t at = dnsHeader;
    while (at < dns.size() && dns[at] != 0) {
        if (dns[at] > 63)
            return 0;
        at += dns[at] + std::size_t(1);
    }
    return at + 5 <= dns.size() ? at + 5 : 0;
}

void swapEnds(std::vector<std::uint8_t> &packet, const Layout &layout)
{
    const std::ptrdiff_t source = layout.six ? 8 : 12;
    const std::ptrdiff_t length = layout.six ? 16 : 4;
    const auto begin = packet.begin();
    std::swap_ranges(begin + source, begin + source + length, begin + source + length);
    const auto body = begin + static_cast<std::ptrdiff_t>(layout.header);
    std::swap_ranges(body, body + 2, body + 2);
}

} // namespace

Descriptor rawSocket(bool six)
{
    Descriptor socket(::socket(six ? AF_INET6 : AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW));
    constexpr std::uint32_t mark = RuleTable::ownMark;
    ::setsockopt(socket.get(), SOL_SOCKET, SO_MARK, &mark, sizeof mark);
    return socket;
}

bool sendCopy(int rawFour, int rawSix, std::span<const std::uint8_t> packet)
{
    const Layout layout = layoutOf(packet);
    if (layout.size == 0)
        return false;
    sockaddr_storage to{};
    socklen_t length = sizeof(sockaddr_in);
    if (layout.six) {
        auto &six = reinterpret_cast<sockaddr_in6 &>(to);
        six.sin6_family = AF_INET6;
        std::memcpy(&six.sin6_addr, packet.data() + 24, sizeof six.sin6_addr);
        length = sizeof six;
    } else {
        auto &four = reinterpret_cast<sockaddr_in &>(to);
        four.sin_family = AF_INET;
        std::memcpy(&four.sin_addr, packet.data() + 16, sizeof four.sin_addr);
    }
    return ::sendto(layout.six ? rawSix : rawFour, packet.data(), packet.size(), MSG_DONTWAIT,
               reinterpret_cast<const sockaddr *>(&to), length)
        == static_cast<ssize_t>(packet.size());
}

std::vector<std::uint8_t> withOneBitFlipped(
    std::span<const std::uint8_t> packet, std::uint64_t random)
{
    std::vector<std::uint8_t> copy(packet.begin(), packet.end());
    const Layout layout = layoutOf(packet);
    if (layout.size == 0)
        return copy;
    // The last bytes are data in every protocol; headers and ports could make it another
    // connection's packet.
    const std::size_t body = layout.size - layout.header;
    const std::size_t from = layout.header + (body > 16 ? body / 2 : 0);
    const std::size_t at = from + random % (layout.size - from);
    copy[at] ^= static_cast<std::uint8_t>(1U << (random >> 32U) % 8);
    return copy;
}

std::vector<std::uint8_t> dnsAnswer(std::span<const std::uint8_t> packet, std::uint8_t code)
{
    const Layout layout = layoutOf(packet);
    if (layout.size == 0 || layout.protocol != udp
        || layout.size < layout.header + udpHeader + dnsHeader)
        return {};
    const auto dns = packet.subspan(layout.header + udpHeader);
    const std::size_t end = endOfQuestion(dns);
    const bool question = (dns[2] & 0x80U) == 0 && dns[4] == 0 && dns[5] == 1;
    if (end == 0 || !question)
        return {};
    std::vector<std::uint8_t> answer(packet.begin(),
        packet.begin() + static_cast<std::ptrdiff_t>(layout.header + udpHeader + end));
    swapEnds(answer, layout);
    const std::size_t at = layout.header + udpHeader;
    answer[at + 2] = static_cast<std::uint8_t>(0x80U | (dns[2] & 0x79U));
    answer[at + 3] = static_cast<std::uint8_t>(0x80U | (code & 0xfU));
    // One question, no answers, no authorities, no additions.
    std::fill_n(answer.begin() + static_cast<std::ptrdiff_t>(at + 6), 6, std::uint8_t(0));
    const std::size_t body = answer.size() - layout.header;
    put16(answer, layout.header + 4, body);
    put16(answer, layout.header + 6, 0);
    if (layout.six)
        put16(answer, 4, body);
    else
        put16(answer, 2, answer.size());
    put16(answer, layout.header + 6, udpSum(answer, layout));
    return answer;
}

} // namespace faultline::agent::network
