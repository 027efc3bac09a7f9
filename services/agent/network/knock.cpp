// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/network/knock.h"

#include "services/agent/frame/descriptor.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <netinet/tcp.h>
#include <optional>
#include <poll.h>
#include <sys/socket.h>

namespace faultline::agent::network {
namespace {

constexpr std::size_t most = 3;
constexpr std::uint16_t discardPort = 9;

/// Time until the other side said yes or no; none: it said nothing.
std::optional<BootClock::duration> knockOnce(
    const std::string &text, std::uint16_t port, BootClock::duration patience)
{
    const bool six = text.find(':') != std::string::npos;
    sockaddr_in four{ AF_INET, htons(port), {}, {} };
    sockaddr_in6 long6{};
    long6.sin6_family = AF_INET6;
    long6.sin6_port = htons(port);
    void *const into
        = six ? static_cast<void *>(&long6.sin6_addr) : static_cast<void *>(&four.sin_addr);
    if (::inet_pton(six ? AF_INET6 : AF_INET, text.c_str(), into) != 1)
        return std::nullopt;
    const Descriptor socket(
        ::socket(six ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const auto *const address = six ? reinterpret_cast<const sockaddr *>(&long6)
                                    : reinterpret_cast<const sockaddr *>(&four);
    const BootClock::time_point began = BootClock::now();
    if (::connect(socket.get(), address, six ? sizeof long6 : sizeof four) != 0
        && errno != EINPROGRESS)
        return errno == ECONNREFUSED ? std::optional(BootClock::now() - began) : std::nullopt;
    pollfd wait{ socket.get(), POLLOUT, 0 };
    const auto time = std::chrono::ceil<std::chrono::milliseconds>(patience);
    if (::poll(&wait, 1, static_cast<int>(time.count())) != 1)
        return std::nullopt;
    int error = 0;
    socklen_t length = sizeof error;
    ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &length);
    return error == 0 || error == ECONNREFUSED ? std::optional(BootClock::now() - began)
                                               : std::nullopt;
}

/// The address with which this machine speaks to another.
std::optional<in_addr> ownAddress(const sockaddr_in &peer)
{
    const Descriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_in own{};
    socklen_t length = sizeof own;
    if (::connect(socket.get(), reinterpret_cast<const sockaddr *>(&peer), sizeof peer) != 0
        || ::getsockname(socket.get(), reinterpret_cast<sockaddr *>(&own), &length) != 0)
        return std::nullopt;
    return own.sin_addr;
}

std::uint16_t tcpSum(const tcphdr &header, in_addr from, in_addr to)
{
    struct
    {
        in_addr from;
        in_addr to;
        std::uint8_t zero;
        std::uint8_t protocol;
        std::uint16_t length;
        tcphdr header;
    } const all{ from, to, 0, IPPROTO_TCP, htons(sizeof(tcphdr)), header };
    static_assert(sizeof all == 12 + sizeof(tcphdr));
    std::array<std::uint16_t, sizeof all / 2> words{};
    std::memcpy(words.data(), &all, sizeof all);
    std::uint32_t sum = 0;
    for (const std::uint16_t word : words)
        sum += word;
    while (sum >> 16U != 0)
        sum = (sum & 0xffffU) + (sum >> 16U);
    return static_cast<std::uint16_t>(~sum);
}

void lureOne(int socket, const std::string &text, std::uint16_t port)
{
    sockaddr_in peer{};
    peer.sin_family = AF_INET;
    if (::inet_pton(AF_INET, text.c_str(), &peer.sin_addr) != 1)
        return;
    peer.sin_port = htons(discardPort);
    const auto own = ownAddress(peer);
    if (!own)
        return;
    tcphdr header{};
    header.source = htons(port);
    header.dest = htons(discardPort);
    header.doff = sizeof header / 4;
    header.seq = htonl(1);
    header.syn = 1;
    header.window = htons(1024);
    header.check = tcpSum(header, *own, peer.sin_addr);
    peer.sin_port = 0;
    (void)::sendto(
        socket, &header, sizeof header, 0, reinterpret_cast<const sockaddr *>(&peer), sizeof peer);
}

} // namespace

EchoResult knock(const EchoPlan &plan, std::int64_t port)
{
    EchoResult result;
    double sum = 0;
    for (const std::string &address : plan.addresses) {
        const std::size_t before = result.answered;
        for (std::size_t i = 0; i < std::min(most, plan.count); ++i) {
            ++result.sent;
            const auto time = knockOnce(address, static_cast<std::uint16_t>(port), plan.patience);
            if (!time)
                break;
            const double trip = inSeconds(*time) * 1000;
            sum += trip;
            result.leastMs = result.answered == 0 ? trip : std::min(trip, result.leastMs);
            ++result.answered;
        }
        result.silentPeers += result.answered == before ? 1U : 0U;
    }
    if (result.answered > 0)
        result.meanMs = sum / static_cast<double>(result.answered);
    return result;
}

void lure(const std::vector<std::string> &addresses, std::uint16_t port)
{
    const Descriptor socket(::socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_TCP));
    for (const std::string &address : addresses)
        lureOne(socket.get(), address, port);
    constexpr int aMoment = 50;
    ::poll(nullptr, 0, aMoment);
}

} // namespace faultline::agent::network
