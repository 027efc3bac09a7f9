// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/network/surroundings.h"

#include <arpa/inet.h>
#include <array>
#include <filesystem>
#include <fstream>
#include <net/if.h>
#include <netinet/in.h>
#include <sstream>

namespace faultline::agent::network {
namespace {

constexpr std::size_t most = 4;

/// From /proc/net/route: addresses are hexadecimal in the machine's order.
std::string gateway()
{
    std::ifstream routes("/proc/net/route");
    std::string line;
    std::getline(routes, line);
    while (std::getline(routes, line)) {
        std::istringstream parts(line);
        std::string interface;
        std::string destination;
        in_addr address{};
        parts >> interface >> destination >> std::hex >> address.s_addr;
        std::array<char, INET_ADDRSTRLEN> text{};
        if (parts && destination == "00000000" && address.s_addr != 0
            && ::inet_ntop(AF_INET, &address, text.data(), text.size()))
            return text.data();
    }
    return {};
}

} // namespace

std::set<unsigned> interfaces()
{
    std::set<unsigned> all;
    struct if_nameindex *const list = ::if_nameindex();
    for (const struct if_nameindex *one = list; one && one->if_index != 0; ++one)
        if (std::string(one->if_name) != "lo")
            all.insert(one->if_index);
    if (list)
        ::if_freenameindex(list);
    return all;
}

std::string machineInterface()
{
    std::error_code none;
    for (const auto &one : std::filesystem::directory_iterator("/sys/class/net", none))
        if (std::filesystem::exists(one.path() / "device", none))
            return one.path().filename();
    return {};
}

std::vector<std::string> measurable(const std::vector<std::string> &peers)
{
    std::vector<std::string> some;
    for (const std::string &peer : peers)
        if (peer.find('/') == std::string::npos && some.size() < most)
            some.push_back(peer);
    if (peers.empty() && !gateway().empty())
        some.push_back(gateway());
    return some;
}

} // namespace faultline::agent::network
