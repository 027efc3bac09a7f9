// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/store/random_text.h"

#include <sys/random.h>

#include <cerrno>
#include <cstdlib>
#include <vector>

namespace faultline::lab {

std::string randomHex(std::size_t bytes)
{
    static constexpr char digits[] = "0123456789abcdef";
    std::vector<unsigned char> raw(bytes);
    std::size_t filled = 0;
    while (filled < bytes) {
        const ssize_t count = getrandom(raw.data() + filled, bytes - filled, 0);
        if (count < 0 && errno != EINTR)
            std::abort(); // a machine without randomness can't keep a secret
        filled += count > 0 ? static_cast<std::size_t>(count) : 0;
    }
    std::string text;
    for (const unsigned char byte : raw) {
        text.push_back(digits[byte >> 4U]);
        text.push_back(digits[byte & 15U]);
    }
    return text;
}

std::string randomUuid()
{
    std::string hex = randomHex(16);
    hex[12] = '4';
    hex[16] = "89ab"[static_cast<unsigned char>(hex[16]) % 4U];
    return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-"
        + hex.substr(16, 4) + "-" + hex.substr(20);
}

} // namespace faultline::lab
