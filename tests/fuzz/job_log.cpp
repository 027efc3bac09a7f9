// SPDX-License-Identifier: GPL-3.0-or-later
// Feeds the parser of job logs whole and cut at a place of the input's choice; both must say the
// same.
#include "tests/fuzz/fuzz_input.h"
#include "tests/logs/log_text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size)
{
    using namespace faultline;
    if (size < 3)
        return 0;
    const std::size_t cut = (static_cast<std::size_t>(bytes[0]) * 256 + bytes[1]) % (size - 1);
    const std::string_view log = fuzz::textOf(bytes + 2, size - 2);
    fuzz::hold(logs::testing::parsed(log) == logs::testing::parsed(log, cut),
        "a log that arrives in two parts reads as the whole one");
    return 0;
}
