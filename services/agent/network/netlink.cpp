// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/network/netlink.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <poll.h>
#include <sys/socket.h>

namespace faultline::agent::network {
namespace {

template <typename T>
void append(std::vector<std::uint8_t> &to, const T &value)
{
    const auto *const begin = reinterpret_cast<const std::uint8_t *>(&value);
    to.insert(to.end(), begin, begin + sizeof value);
}

} // namespace

void NetlinkMessages::begin(std::uint16_t type, std::uint16_t flags, std::uint8_t family,
    std::uint16_t resource, std::uint32_t sequence)
{
    m_begin = m_bytes.size();
    append(m_bytes,
        nlmsghdr{ 0, type, static_cast<std::uint16_t>(flags | NLM_F_REQUEST), sequence, 0 });
    append(m_bytes, nfgenmsg{ family, NFNETLINK_V0, htons(resource) });
}

void NetlinkMessages::pad()
{
    m_bytes.resize(NLMSG_ALIGN(m_bytes.size()));
}

void NetlinkMessages::bytes(std::uint16_t attribute, std::span<const std::uint8_t> value)
{
    append(m_bytes, nlattr{ static_cast<std::uint16_t>(sizeof(nlattr) + value.size()), attribute });
    m_bytes.insert(m_bytes.end(), value.begin(), value.end());
    pad();
}

void NetlinkMessages::text(std::uint16_t attribute, const std::string &value)
{
    bytes(attribute, { reinterpret_cast<const std::uint8_t *>(value.c_str()), value.size() + 1 });
}

void NetlinkMessages::number(std::uint16_t attribute, std::uint32_t value)
{
    const std::uint32_t ordered = htonl(value);
    bytes(attribute, { reinterpret_cast<const std::uint8_t *>(&ordered), sizeof ordered });
}

std::size_t NetlinkMessages::beginNest(std::uint16_t attribute)
{
    const std::size_t nest = m_bytes.size();
    append(m_bytes, nlattr{ 0, static_cast<std::uint16_t>(attribute | NLA_F_NESTED) });
    return nest;
}

void NetlinkMessages::endNest(std::size_t nest)
{
    const auto length = static_cast<std::uint16_t>(m_bytes.size() - nest);
    std::memcpy(m_bytes.data() + nest, &length, sizeof length);
}

void NetlinkMessages::end()
{
    const auto length = static_cast<std::uint32_t>(m_bytes.size() - m_begin);
    std::memcpy(m_bytes.data() + m_begin, &length, sizeof length);
}

NetlinkSocket::NetlinkSocket()
    : m_socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER))
{
    const sockaddr_nl here{ AF_NETLINK, 0, 0, 0 };
    if (m_socket
        && ::bind(m_socket.get(), reinterpret_cast<const sockaddr *>(&here), sizeof here) != 0)
        m_socket.close();
}

int NetlinkSocket::send(std::span<const std::uint8_t> bytes) const
{
    const sockaddr_nl kernel{ AF_NETLINK, 0, 0, 0 };
    const ssize_t sent = ::sendto(m_socket.get(), bytes.data(), bytes.size(), 0,
        reinterpret_cast<const sockaddr *>(&kernel), sizeof kernel);
    return sent < 0 ? errno : 0;
}

int NetlinkSocket::request(std::span<const std::uint8_t> bytes, std::uint32_t lastSequence) const
{
    if (const int error = send(bytes); error != 0)
        return error;
    alignas(nlmsghdr) std::array<std::uint8_t, 16384> buffer{};
    for (;;) {
        pollfd wait{ m_socket.get(), POLLIN, 0 };
        if (::poll(&wait, 1, 5000) != 1)
            return ETIMEDOUT;
        const ssize_t got = ::recv(m_socket.get(), buffer.data(), buffer.size(), 0);
        if (got < 0)
            return errno;
        auto left = static_cast<std::uint32_t>(got);
        for (auto *header = reinterpret_cast<nlmsghdr *>(buffer.data()); NLMSG_OK(header, left);
             header = NLMSG_NEXT(header, left)) {
            if (header->nlmsg_type != NLMSG_ERROR)
                continue;
            const auto *const told = static_cast<const nlmsgerr *>(NLMSG_DATA(header));
            if (told->error != 0)
                return -told->error;
            if (header->nlmsg_seq == lastSequence)
                return 0;
        }
    }
}

} // namespace faultline::agent::network
