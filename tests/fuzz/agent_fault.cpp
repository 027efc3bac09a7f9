// SPDX-License-Identifier: GPL-3.0-or-later
// Reads a fault's JSON as the agent does, makes the fault of its kind, and reads what is behind a
// NUL as an order of its controller.
#include "services/agent/frame/order.h"
#include "services/agent/network/network_kinds.h"
#include "tests/fuzz/fuzz_input.h"

#include <algorithm>

namespace agent = faultline::agent;
namespace fuzz = faultline::fuzz;

namespace {

/// What goes into a shell or into nft as it is.
bool isPlain(const std::string &text)
{
    return std::ranges::all_of(
        text, [](char c) { return c >= 0x20 && c < 0x7f && c != ';' && c != '`' && c != '$'; });
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size)
{
    using namespace agent::network;
    const auto [json, line] = fuzz::twoTexts(fuzz::textOf(bytes, size));
    const auto order = agent::readOrder(line);
    fuzz::hold(order || !order.error().text.empty(), "an order that is refused is told why");
    const auto spec = agent::readSpec(json);
    if (!spec) {
        fuzz::hold(!spec.error().text.empty() && spec.error().refusal == agent::Refusal::BadSpec,
            "a fault that is refused is told why");
        return 0;
    }
    fuzz::hold(spec->digits().size() == 16 && isPlain(spec->id), "an id can be part of a name");
    fuzz::hold(std::ranges::all_of(spec->peers, isPlain), "a peer can be part of a rule");
    for (const auto make : { &makePartition, &makeBlackhole, &makeLoss, &makeDelay, &makeBandwidth,
             &makeDuplicate, &makeCorrupt, &makeReorder, &makeDns }) {
        const auto fault = make(*spec);
        fuzz::hold(fault ? isPlain((*fault)->handUndo()) : !fault.error().text.empty(),
            "a fault can be undone by hand, or is refused with a reason");
    }
    return 0;
}
