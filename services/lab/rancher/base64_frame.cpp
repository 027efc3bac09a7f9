// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/base64_frame.h"

namespace faultline::lab {

namespace {

constexpr std::string_view digits
    = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

} // namespace

std::string toBase64(std::string_view bytes)
{
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
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

std::optional<std::string> fromBase64(std::string_view text)
{
    std::string bytes;
    unsigned group = 0;
    int bits = 0;
    bool ended = false;
    for (const char c : text) {
        if (c == '\r' || c == '\n')
            continue;
        if (c == '=') {
            ended = true;
            continue;
        }
        const std::size_t digit = digits.find(c);
        if (ended || digit == std::string_view::npos)
            return std::nullopt;
        group = (group << 6U | static_cast<unsigned>(digit)) & 0xFFFFFFU;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            bytes.push_back(static_cast<char>(group >> static_cast<unsigned>(bits) & 0xFFU));
        }
    }
    return bytes;
}

} // namespace faultline::lab
