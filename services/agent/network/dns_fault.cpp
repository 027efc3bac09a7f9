// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/network/dns_fault.h"

#include <arpa/inet.h>
#include <array>
#include <fstream>
#include <optional>
#include <poll.h>
#include <sys/socket.h>

namespace faultline::agent::network {
namespace {

constexpr std::uint8_t nameError = 3;
constexpr std::uint8_t refusedCode = 5;
constexpr int patienceMs = 500;

FatePlan planOf(DnsMode mode)
{
    FatePlan plan;
    // What is not answered is lost.
    plan.lossPercent = 100;
    plan.dnsCode = mode == DnsMode::Refuse ? refusedCode
        : mode == DnsMode::Nxdomain        ? nameError
                                           : std::uint8_t(0);
    return plan;
}

std::string nameserver()
{
    std::ifstream file("/etc/resolv.conf");
    std::string word;
    while (file >> word)
        if (word == "nameserver" && file >> word)
            return word;
    return {};
}

/// Asks for the root's address, which no server has: the code of the answer, none without one.
std::optional<int> askedCode(const std::string &server)
{
    sockaddr_in to{ AF_INET, htons(53), {}, {} };
    const Descriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (::inet_pton(AF_INET, server.c_str(), &to.sin_addr) != 1
        || ::connect(socket.get(), reinterpret_cast<const sockaddr *>(&to), sizeof to) != 0)
        return std::nullopt;
    constexpr std::array<std::uint8_t, 17> question{ 0xfa, 0x17, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0,
        1, 0, 1 };
    std::array<std::uint8_t, 512> answer{};
    pollfd wait{ socket.get(), POLLIN, 0 };
    if (::send(socket.get(), question.data(), question.size(), 0) < 0
        || ::poll(&wait, 1, patienceMs) != 1
        || ::recv(socket.get(), answer.data(), answer.size(), 0) < 12 || answer[0] != question[0])
        return std::nullopt;
    return answer[3] & 0xf;
}

} // namespace

DnsFault::DnsFault(const Spec &spec, Selection selection, DnsMode mode)
    : QueueFault(spec, std::move(selection), planOf(mode))
    , m_mode(mode)
{
}

Proof DnsFault::measure()
{
    const std::string server = nameserver();
    if (server.empty() || server.find(':') != std::string::npos)
        return unmeasured("/etc/resolv.conf names no server with an IPv4 address");
    const std::uint64_t earlier = table().state().hits;
    const auto code = askedCode(server);
    Proof proof;
    if (code)
        proof.measured["code"] = *code;
    const bool asMeant = m_mode == DnsMode::Drop
        ? !code
        : code == (m_mode == DnsMode::Refuse ? refusedCode : nameError);
    // A server may give the same answer on its own.
    proof.holds = asMeant && table().state().hits > earlier;
    proof.detail = code
        ? "A question to " + server + " was answered with code " + std::to_string(*code)
        : "A question to " + server + " was not answered";
    return proof;
}

} // namespace faultline::agent::network
