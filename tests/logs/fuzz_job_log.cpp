// SPDX-License-Identifier: GPL-3.0-or-later
// Feeds the parser whole and cut at a place of the input's choice; both must say the same.
#include "tests/logs/log_text.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size)
{
    using namespace faultline::logs::testing;
    if (size < 2)
        return 0;
    const std::size_t cut = (static_cast<std::size_t>(bytes[0]) * 256 + bytes[1]) % (size - 1);
    const std::string_view log(reinterpret_cast<const char *>(bytes + 2), size - 2);
    if (parsed(log) != parsed(log, cut))
        std::abort();
    return 0;
}
