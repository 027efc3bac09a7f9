// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/runner/masker.h"

#include <algorithm>
#include <utility>

namespace faultline::lab {

namespace {

constexpr std::size_t shortestSecret = 4;
constexpr std::string_view mask = "[MASKED]";

} // namespace

Masker::Masker(std::vector<std::string> secrets)
    : m_secrets(std::move(secrets))
{
    std::erase_if(
        m_secrets, [](const std::string &secret) { return secret.size() < shortestSecret; });
    std::sort(m_secrets.begin(), m_secrets.end(),
        [](const std::string &a, const std::string &b) { return a.size() > b.size(); });
}

std::string Masker::feed(std::string_view bytes)
{
    m_pending += bytes;
    for (const std::string &secret : m_secrets)
        for (std::size_t at = 0; (at = m_pending.find(secret, at)) != std::string::npos;
             at += mask.size())
            m_pending.replace(at, secret.size(), mask);
    const std::size_t keep = keptBack();
    std::string shown = m_pending.substr(0, m_pending.size() - keep);
    m_pending.erase(0, m_pending.size() - keep);
    return shown;
}

std::string Masker::finish()
{
    return std::exchange(m_pending, {});
}

// The longest end of what is pending that is the start of a secret.
std::size_t Masker::keptBack() const
{
    std::size_t longest = 0;
    for (const std::string &secret : m_secrets)
        for (std::size_t size = std::min(secret.size() - 1, m_pending.size()); size > longest;
             --size)
            if (std::string_view(m_pending).ends_with(std::string_view(secret).substr(0, size)))
                longest = size;
    return longest;
}

} // namespace faultline::lab
