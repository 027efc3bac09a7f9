// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/basic_auth.h"

#include <cctype>

namespace faultline::lab {

namespace {

std::string base64(std::string_view bytes)
{
    static constexpr char digits[]
        = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        unsigned group = 0;
        for (std::size_t j = 0; j < 3; ++j)
            group = group << 8U
                | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0U);
        for (std::size_t j = 0; j < 4; ++j)
            text.push_back(i + j <= bytes.size() ? digits[group >> (18U - 6U * j) & 63U] : '=');
    }
    return text;
}

} // namespace

bool equalsSecret(std::string_view given, std::string_view secret)
{
    unsigned difference = given.size() == secret.size() ? 0U : 1U;
    for (std::size_t i = 0; i < secret.size(); ++i) {
        const char c = i < given.size() ? given[i] : '\0';
        difference |= static_cast<unsigned char>(c) ^ static_cast<unsigned char>(secret[i]);
    }
    return difference == 0 && !secret.empty();
}

bool isBasicAuth(std::string_view header, const std::string &name, const std::string &password)
{
    constexpr std::string_view scheme = "basic ";
    if (header.size() < scheme.size())
        return false;
    for (std::size_t i = 0; i < scheme.size(); ++i) {
        if (std::tolower(static_cast<unsigned char>(header[i])) != scheme[i])
            return false;
    }
    return !password.empty()
        && equalsSecret(header.substr(scheme.size()), base64(name + ":" + password));
}

} // namespace faultline::lab
