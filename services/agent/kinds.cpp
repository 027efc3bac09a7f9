// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/kinds.h"

#include "services/agent/cgroup/cgroup_kinds.h"
#include "services/agent/clock/clock_kinds.h"
#include "services/agent/command/command_fault.h"
#include "services/agent/disk/disk_kinds.h"
#include "services/agent/disk/io_fault.h"
#include "services/agent/network/network_kinds.h"
#include "services/agent/process/signal_fault.h"

#include <algorithm>
#include <vector>

namespace faultline::agent {
namespace {

const std::vector<Kind> &table()
{
    static const std::vector<Kind> all{
        { "network.partition", &network::makePartition, &network::dropAbility },
        { "network.loss", &network::makeLoss, &network::dropAbility },
        { "network.delay", &network::makeDelay, &network::queueAbility },
        { "network.bandwidth", &network::makeBandwidth, &network::queueAbility },
        { "network.duplicate", &network::makeDuplicate, &network::queueAbility },
        { "network.corrupt", &network::makeCorrupt, &network::queueAbility },
        { "network.reorder", &network::makeReorder, &network::queueAbility },
        { "network.dns", &network::makeDns, &network::queueAbility },
        { "network.blackhole", &network::makeBlackhole, &network::dropAbility },
        { "clock.offset", &makeClockOffset, &clockAbility },
        { "clock.strobe", &makeClockStrobe, &clockAbility },
        { "clock.drift", &makeClockDrift, &clockAbility },
        { "process.signal", &makeSignal, &signalAbility },
        { "container.pause", &makePause, &freezeAbility },
        { "cpu.limit", &makeProcessorLimit, &processorAbility },
        { "io.limit", &makeTransferLimit, &transferAbility },
        { "cpu.stress", &makeProcessorStress, &processorStressAbility },
        { "memory.stress", &makeMemoryStress, &memoryStressAbility },
        { "io.stress", &makeTransferStress, &transferStressAbility },
        { "io.latency", &makeIoLatency, &ioAbility },
        { "io.error", &makeIoError, &ioAbility },
        { "disk.fill", &makeFill, &fillAbility },
        { "disk.burn", &makeBurn, &burnAbility },
        { "command", &makeCommand, &commandAbility },
    };
    return all;
}

} // namespace

std::span<const Kind> kinds()
{
    return table();
}

const Kind *findKind(std::string_view name)
{
    const auto found = std::ranges::find(table(), name, &Kind::name);
    return found == table().end() ? nullptr : &*found;
}

} // namespace faultline::agent
