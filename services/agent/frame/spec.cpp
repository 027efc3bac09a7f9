// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/frame/spec.h"

#include "services/agent/frame/arguments.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>

namespace faultline::agent {
namespace {

constexpr std::size_t maxBytes = 65536;
constexpr std::size_t maxPeers = 4096;
constexpr double maxSeconds = 30.0 * 86400;

bool isHex(std::string_view text)
{
    return std::ranges::all_of(
        text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

/// An address that may be put into a rule as it is.
bool isAddress(const std::string &text)
{
    const std::size_t slash = text.find('/');
    const std::string address = text.substr(0, slash);
    std::array<unsigned char, 16> bytes{};
    const bool four = ::inet_pton(AF_INET, address.c_str(), bytes.data()) == 1;
    if (!four && ::inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1)
        return false;
    if (slash == std::string::npos)
        return true;
    int length = 0;
    const char *const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + slash + 1, end, length);
    // A prefix of 0 would be everything, which no argument may mean by accident.
    return error == std::errc() && stop == end && length >= 1 && length <= (four ? 32 : 128);
}

void readTarget(Arguments &root, Spec &spec)
{
    Arguments target = root.object("target");
    spec.target.container = target.text("container", "");
    if (!spec.target.container.empty()
        && (spec.target.container.size() != 64 || !isHex(spec.target.container)))
        target.complain("container", "is no container id: 64 hex digits are expected");
    spec.target.name = target.text("name", "");
    const std::string pids = target.choice("pids", { "", "own", "host" });
    spec.target.pids = pids == "own" ? Pids::Own : pids == "host" ? Pids::Host : Pids::Unseen;
    if (spec.target.pids == Pids::Host && spec.target.container.empty())
        target.complain("container",
            "is missing: with pids 'host' it tells the target's processes from all others");
    target.finish();
    root.take(target);
}

void readPeers(Arguments &root, Spec &spec)
{
    spec.peers = root.texts("peers", maxPeers);
    for (std::size_t i = 0; i < spec.peers.size(); ++i)
        if (!isAddress(spec.peers[i]))
            root.complain("peers[" + std::to_string(i) + ']', "is no IP address");
}

} // namespace

Outcome<Spec> readSpec(std::string_view json)
{
    if (json.size() > maxBytes)
        return refused(Refusal::BadSpec, "The fault's JSON is longer than 65536 bytes");
    const nlohmann::json document = parseBounded(json);
    if (!document.is_object())
        return refused(Refusal::BadSpec, "The fault is no JSON object");
    Arguments root(document, "");
    Spec spec;
    spec.id = root.text("id");
    if (spec.id.size() != 18 || !spec.id.starts_with("f-") || !isHex(spec.digits()))
        root.complain("id", "must be f- and 16 hex digits");
    spec.kind = root.text("kind");
    spec.lease = root.number("lease", { 1, maxSeconds }, 30);
    spec.duration = root.number("duration", { 0, maxSeconds }, 0);
    spec.arguments = root.object("arguments").json();
    readTarget(root, spec);
    readPeers(root, spec);
    root.finish();
    if (const auto &problem = root.problem())
        return tl::make_unexpected(*problem);
    return spec;
}

} // namespace faultline::agent
