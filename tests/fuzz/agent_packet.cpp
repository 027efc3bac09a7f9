// SPDX-License-Identifier: GPL-3.0-or-later
// A packet as the kernel hands it to the agent: its answer, its copy with one bit flipped.
#include "services/agent/network/packet_copies.h"
#include "tests/fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size)
{
    using namespace faultline;
    const std::span<const std::uint8_t> packet(bytes, size);
    const auto answer = agent::network::dnsAnswer(packet, 3);
    fuzz::hold(answer.size() <= size, "an answer is not longer than its question");
    fuzz::hold(
        answer.empty() || agent::network::dnsAnswer(answer, 3).empty(), "an answer is no question");
    for (std::uint64_t random = 1; random != 0; random <<= 7U)
        fuzz::hold(agent::network::withOneBitFlipped(packet, random).size() == size,
            "a packet keeps its size");
    return 0;
}
