// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/basic_auth.h"

#include "services/lab/rancher/base64_frame.h"

#include <cctype>

namespace faultline::lab {

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
        && equalsSecret(header.substr(scheme.size()), toBase64(name + ":" + password));
}

} // namespace faultline::lab
