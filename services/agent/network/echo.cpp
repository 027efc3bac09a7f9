// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/network/echo.h"

#include "services/agent/frame/descriptor.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cstdint>
#include <cstring>
#include <netinet/icmp6.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <optional>
#include <poll.h>
#include <random>
#include <sys/socket.h>

namespace faultline::agent::network {
namespace {

constexpr std::uint8_t filling = 0xa5;

struct Peer
{
    sockaddr_storage address{};
    socklen_t length = 0;
    bool six = false;
    std::size_t answers = 0;
};

std::optional<Peer> peerOf(const std::string &text)
{
    Peer peer;
    auto *const four = reinterpret_cast<sockaddr_in *>(&peer.address);
    auto *const six = reinterpret_cast<sockaddr_in6 *>(&peer.address);
    if (::inet_pton(AF_INET, text.c_str(), &four->sin_addr) == 1) {
        four->sin_family = AF_INET;
        peer.length = sizeof *four;
        return peer;
    }
    if (::inet_pton(AF_INET6, text.c_str(), &six->sin6_addr) != 1)
        return std::nullopt;
    six->sin6_family = AF_INET6;
    peer.length = sizeof *six;
    peer.six = true;
    return peer;
}

std::uint16_t checksum(const std::vector<std::uint8_t> &bytes)
{
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2)
        sum += static_cast<std::uint32_t>(bytes[i] << 8U | bytes[i + 1]);
    if (bytes.size() % 2 == 1)
        sum += static_cast<std::uint32_t>(bytes.back() << 8U);
    while (sum >> 16U != 0)
        sum = (sum & 0xffffU) + (sum >> 16U);
    return htons(static_cast<std::uint16_t>(~sum));
}

/// One measurement: its requests are told from others' by a number of its own.
class Round
{
public:
    explicit Round(const EchoPlan &plan)
        : m_plan(plan)
        , m_identity(static_cast<std::uint16_t>(std::random_device()()))
        , m_four(::socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_ICMP))
        , m_six(::socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_ICMPV6))
    {
        constexpr int room = 8 << 20;
        for (const Descriptor *const socket : { &m_four, &m_six })
            for (const int side : { SO_RCVBUFFORCE, SO_SNDBUFFORCE })
                ::setsockopt(socket->get(), SOL_SOCKET, side, &room, sizeof room);
        for (const std::string &address : plan.addresses)
            if (const auto peer = peerOf(address))
                m_peers.push_back(*peer);
        m_sentAt.resize(m_peers.size() * plan.count);
        m_answered.resize(m_sentAt.size());
    }

    EchoResult measure()
    {
        if (!m_four && !m_six)
            return m_result;
        BootClock::time_point next = BootClock::now();
        for (std::size_t round = 0; round < m_plan.count; ++round) {
            for (std::size_t peer = 0; peer < m_peers.size(); ++peer)
                send(peer * m_plan.count + round, m_peers[peer]);
            next += m_plan.gap;
            listen(next);
        }
        listen(BootClock::now() + m_plan.patience);
        return finished();
    }

private:
    std::vector<std::uint8_t> request(std::size_t number, bool six) const
    {
        std::vector<std::uint8_t> bytes(8 + std::max<std::size_t>(m_plan.bytes, 16), filling);
        bytes[0] = six ? ICMP6_ECHO_REQUEST : ICMP_ECHO;
        bytes[1] = bytes[2] = bytes[3] = 0;
        const auto sequence = static_cast<std::uint16_t>(number);
        std::memcpy(bytes.data() + 4, &m_identity, sizeof m_identity);
        std::memcpy(bytes.data() + 6, &sequence, sizeof sequence);
        // The kernel sums up ICMPv6 itself.
        if (const std::uint16_t sum = six ? std::uint16_t(0) : checksum(bytes); sum != 0)
            std::memcpy(bytes.data() + 2, &sum, sizeof sum);
        return bytes;
    }

    void send(std::size_t number, const Peer &peer)
    {
        const std::vector<std::uint8_t> bytes = request(number, peer.six);
        m_sentAt[number] = BootClock::now();
        ++m_result.sent;
        (void)::sendto((peer.six ? m_six : m_four).get(), bytes.data(), bytes.size(), 0,
            reinterpret_cast<const sockaddr *>(&peer.address), peer.length);
    }

    void listen(BootClock::time_point until)
    {
        for (;;) {
            std::array<pollfd, 2> waits{ pollfd{ m_four.get(), POLLIN, 0 },
                pollfd{ m_six.get(), POLLIN, 0 } };
            const BootClock::duration left = until - BootClock::now();
            if (left <= BootClock::duration::zero() || m_result.answered == m_sentAt.size())
                return;
            const timespec time{ static_cast<time_t>(left.count() / 1000000000),
                left.count() % 1000000000 };
            if (::ppoll(waits.data(), waits.size(), &time, nullptr) <= 0)
                return;
            if (waits[0].revents != 0)
                read(m_four.get(), false);
            if (waits[1].revents != 0)
                read(m_six.get(), true);
        }
    }

    void read(int socket, bool six)
    {
        std::array<std::uint8_t, 65536> buffer;
        ssize_t got = 0;
        while ((got = ::recv(socket, buffer.data(), buffer.size(), 0)) > 0) {
            auto size = static_cast<std::size_t>(got);
            const std::size_t header = six ? 0 : static_cast<std::size_t>((buffer[0] & 0xfU) * 4);
            if (size >= header + 8)
                answer(buffer.data() + header, size - header, six);
        }
    }

    void answer(const std::uint8_t *bytes, std::size_t size, bool six)
    {
        std::uint16_t identity = 0;
        std::uint16_t number = 0;
        std::memcpy(&identity, bytes + 4, sizeof identity);
        std::memcpy(&number, bytes + 6, sizeof number);
        if (bytes[0] != (six ? ICMP6_ECHO_REPLY : ICMP_ECHOREPLY) || identity != m_identity
            || number >= m_sentAt.size())
            return;
        if (m_answered[number]) {
            ++m_result.repeated;
            return;
        }
        m_answered[number] = true;
        ++m_result.answered;
        // A raw socket gets an answer before its checksum is looked at, so an altered one arrives
        // as it is.
        const bool whole = size == 8 + std::max<std::size_t>(m_plan.bytes, 16)
            && std::all_of(
                bytes + 8, bytes + size, [](std::uint8_t byte) { return byte == filling; });
        m_result.altered += whole ? 0U : 1U;
        timed(number, size + (six ? 40 : 20));
    }

    void timed(std::size_t number, std::size_t size)
    {
        Peer &peer = m_peers[number / m_plan.count];
        ++peer.answers;
        m_result.overtaken += number < m_latest ? 1U : 0U;
        m_latest = std::max(m_latest, number);
        m_lastAnswer = BootClock::now();
        const double trip = inSeconds(m_lastAnswer - m_sentAt[number]) * 1000;
        m_sum += trip;
        m_result.leastMs = m_result.answered == 1 ? trip : std::min(m_result.leastMs, trip);
        if (m_result.answered == 1)
            m_firstAnswer = m_lastAnswer;
        else
            m_bytes += static_cast<double>(size);
    }

    EchoResult finished()
    {
        if (m_result.answered > 0)
            m_result.meanMs = m_sum / static_cast<double>(m_result.answered);
        if (m_lastAnswer > m_firstAnswer)
            m_result.bytesPerSecond = m_bytes / inSeconds(m_lastAnswer - m_firstAnswer);
        m_result.silentPeers = static_cast<std::size_t>(
            std::ranges::count_if(m_peers, [](const Peer &peer) { return peer.answers == 0; }));
        return m_result;
    }

    const EchoPlan &m_plan;
    std::vector<Peer> m_peers;
    const std::uint16_t m_identity;
    Descriptor m_four;
    Descriptor m_six;
    std::vector<BootClock::time_point> m_sentAt;
    std::vector<bool> m_answered;
    EchoResult m_result;
    std::size_t m_latest = 0;
    BootClock::time_point m_firstAnswer;
    BootClock::time_point m_lastAnswer;
    double m_sum = 0;
    double m_bytes = 0;
};

} // namespace

EchoResult echo(const EchoPlan &plan)
{
    return Round(plan).measure();
}

bool canEcho()
{
    return static_cast<bool>(Descriptor(::socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP)));
}

} // namespace faultline::agent::network
