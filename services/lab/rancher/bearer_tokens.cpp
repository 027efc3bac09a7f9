// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/bearer_tokens.h"

#include "services/lab/store/random_text.h"

#include <algorithm>
#include <cctype>

namespace faultline::lab {

namespace {

constexpr std::chrono::hours life(16);
constexpr std::size_t mostTokens = 1000;

bool startsWithAnyCase(std::string_view text, std::string_view lower)
{
    if (text.size() < lower.size())
        return false;
    for (std::size_t i = 0; i < lower.size(); ++i) {
        if (std::tolower(static_cast<unsigned char>(text[i])) != lower[i])
            return false;
    }
    return true;
}

std::string cookieToken(std::string_view cookies)
{
    constexpr std::string_view name = "token=";
    while (!cookies.empty()) {
        while (!cookies.empty() && cookies.front() == ' ')
            cookies.remove_prefix(1);
        const std::string_view cookie = cookies.substr(0, cookies.find(';'));
        if (cookie.starts_with(name))
            return std::string(cookie.substr(name.size()));
        cookies.remove_prefix(std::min(cookie.size() + 1, cookies.size()));
    }
    return {};
}

std::string tokenOf(const Request &request)
{
    constexpr std::string_view scheme = "bearer ";
    if (std::string token = cookieToken(request.header("cookie")); !token.empty())
        return token;
    const std::string_view header = request.header("authorization");
    if (startsWithAnyCase(header, scheme))
        return std::string(header.substr(scheme.size()));
    return std::string(request.queryValue("token"));
}

} // namespace

std::string BearerTokens::issue()
{
    const auto now = std::chrono::steady_clock::now();
    std::erase_if(m_tokens, [now](const auto &entry) { return entry.second < now; });
    if (m_tokens.size() >= mostTokens)
        m_tokens.erase(m_tokens.begin());
    std::string token = randomHex(32);
    m_tokens[token] = now + life;
    return token;
}

bool BearerTokens::allows(const Request &request)
{
    const auto found = m_tokens.find(tokenOf(request));
    return found != m_tokens.end() && found->second > std::chrono::steady_clock::now();
}

void BearerTokens::revoke(const Request &request)
{
    m_tokens.erase(tokenOf(request));
}

} // namespace faultline::lab
