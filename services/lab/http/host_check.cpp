// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/http/host_check.h"

#include <algorithm>
#include <cctype>

namespace faultline::lab {

namespace {

std::string lowerCase(std::string_view text)
{
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
        [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return lower;
}

/// Nothing else may stand behind a name: it becomes part of every link.
bool isPort(std::string_view text)
{
    return text.size() <= 5
        && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool isLoopback(std::string_view name)
{
    return name == "127.0.0.1" || name == "localhost" || name == "[::1]";
}

} // namespace

HostCheck::HostCheck(std::vector<std::string> names, std::uint16_t port)
    : m_port(std::to_string(port))
{
    for (const std::string &name : names)
        m_names.push_back(lowerCase(name));
}

bool HostCheck::acceptsHost(std::string_view host) const
{
    const std::size_t bracket = host.find(']');
    const std::size_t colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
    const std::string name = lowerCase(host.substr(0, colon));
    const std::string_view port
        = colon == std::string_view::npos ? std::string_view() : host.substr(colon + 1);
    if (isLoopback(name))
        return port == m_port || (port.empty() && m_port == "80");
    return isPort(port) && std::find(m_names.begin(), m_names.end(), name) != m_names.end();
}

bool HostCheck::acceptsOrigin(std::string_view origin) const
{
    if (origin.empty())
        return true;
    for (const std::string_view scheme : { "http://", "https://", "ws://", "wss://" }) {
        if (origin.starts_with(scheme))
            return acceptsHost(origin.substr(scheme.size()));
    }
    return false;
}

std::string HostCheck::origin(const Request &request) const
{
    std::string host(request.header("host"));
    std::string scheme = "http";
    const std::string forwarded(request.header("x-forwarded-host"));
    if (!forwarded.empty() && acceptsHost(forwarded))
        host = forwarded;
    if (request.header("x-forwarded-proto") == "https")
        scheme = "https";
    if (host.empty())
        host = "127.0.0.1:" + m_port;
    return scheme + "://" + lowerCase(host); // names of hosts have no case; links have one form
}

} // namespace faultline::lab
