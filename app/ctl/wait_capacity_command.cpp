// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/wait_capacity_command.h"

#include "app/ctl/text.h"
#include "services/cases/schema/quantities.h"
#include "services/runs/capacity.h"

#include <CLI/CLI.hpp>

namespace faultline::ctl {

namespace {

QJsonObject json(const runs::FreeCapacity &free)
{
    return { { QStringLiteral("slots"), free.slots }, { QStringLiteral("cpu"), free.cpu },
        { QStringLiteral("memoryBytes"), static_cast<qint64>(free.memoryBytes) },
        { QStringLiteral("hosts"), free.hosts } };
}

} // namespace

QString WaitCapacityCommand::name() const
{
    return QStringLiteral("wait-capacity");
}

QString WaitCapacityCommand::summary() const
{
    return Text::tr("Wait until the cluster has room for a run");
}

QString WaitCapacityCommand::examples() const
{
    return Text::tr(
        "Examples:\n"
        "  faultlinectl wait-capacity --cpu 4 --memory 8GiB --timeout 20m && ./my-script\n"
        "The hosts' live numbers decide. A slot is room for one run: a host has as many as its "
        "label\n"
        "faultline.slots says, else one per two cores. Exit codes: 0 there is room, 18 not within "
        "the "
        "timeout (10m).\n"
        "JSON: {slots, cpu, memoryBytes, hosts}: what is free");
}

void WaitCapacityCommand::addOptions(CLI::App &app)
{
    app.add_option("--slots", m_slots, "Room for so many runs")->check(CLI::NonNegativeNumber);
    app.add_option("--cpu", m_cpu, "Cores that are idle, of all hosts together")
        ->check(CLI::NonNegativeNumber);
    app.add_option("--memory", m_memory, "Memory that is free, of all hosts together (8GiB)");
}

std::chrono::milliseconds WaitCapacityCommand::usualTimeout() const
{
    return std::chrono::minutes(10);
}

domain::Result<int> WaitCapacityCommand::execute(Context &context)
{
    cases::Needs needs;
    needs.slots = m_slots;
    needs.cpu = m_cpu;
    if (!m_memory.empty()) {
        const auto bytes = cases::parseBytes(m_memory);
        if (!bytes)
            return domain::failure(domain::ErrorKind::Invalid,
                Text::tr("--memory is an amount such as 512MiB or 8GiB."));
        needs.memoryBytes = *bytes;
    }
    if (needs.slots <= 0 && needs.cpu <= 0 && needs.memoryBytes <= 0)
        return domain::failure(
            domain::ErrorKind::Invalid, Text::tr("Say what for: --slots, --cpu or --memory."));
    const auto backend = context.connections().stacks();
    if (!backend)
        return domain::failure(backend.error());
    const auto free = runs::awaitCapacity(**backend, needs, context.remaining(), context.token(),
        [&](const QString &sentence, const runs::FreeCapacity &) { context.progress(sentence); });
    if (!free)
        return domain::failure(free.error());
    if (context.isJson())
        context.print(json(*free));
    else
        context.print(free->text() + u'\n');
    return 0;
}

} // namespace faultline::ctl
