// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/random_token.h"

#include <random>

namespace faultline::lab {

std::string randomToken(std::string_view prefix)
{
    static constexpr std::string_view alphabet
        = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    std::random_device device; // getrandom or the like with libstdc++ on Linux
    std::uniform_int_distribution<std::size_t> choose(0, alphabet.size() - 1);
    std::string token(prefix);
    for (int i = 0; i < 20; ++i)
        token += alphabet[choose(device)];
    return token;
}

bool sameSecret(std::string_view a, std::string_view b)
{
    if (a.size() != b.size() || a.empty())
        return false;
    unsigned difference = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        difference |= static_cast<unsigned>(
            static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]));
    return difference == 0;
}

} // namespace faultline::lab
