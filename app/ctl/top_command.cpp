// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/top_command.h"

#include "app/ctl/stack_lookup.h"
#include "app/ctl/stack_path.h"
#include "app/ctl/table.h"
#include "app/ctl/text.h"
#include "app/ctl/usage_watch.h"

#include <CLI/CLI.hpp>
#include <QJsonArray>
#include <QLocale>

#include <algorithm>

namespace faultline::ctl {

namespace {

// Each container is a socket of its own.
constexpr qsizetype mostContainers = 200;
// Two samples, a second apart, and time to connect; a thing that is silent for longer is shown
// without its share of the processor.
constexpr std::chrono::seconds patience(10);
constexpr std::chrono::seconds followInterval(2);

QString bytesText(qint64 bytes)
{
    return QLocale::c().formattedDataSize(bytes, 1, QLocale::DataSizeIecFormat);
}

QString cpuText(const Usage &usage)
{
    if (usage.error)
        return Text::tr("failed");
    if (usage.hasEnded)
        return Text::tr("not running");
    return usage.cpuPercent ? QStringLiteral("%1 %").arg(*usage.cpuPercent, 0, 'f', 1) : QString();
}

QString tableOf(const std::vector<Usage> &usages)
{
    Table table({ Text::tr("NAME"), Text::tr("CPU"), Text::tr("MEMORY"), Text::tr("RECEIVED"),
        Text::tr("SENT"), Text::tr("READ"), Text::tr("WRITTEN") });
    for (const Usage &usage : usages) {
        const stacks::UsageSample &last = usage.last;
        if (!last.time.isValid())
            table.add({ usage.name, cpuText(usage) });
        else
            table.add({ usage.name, cpuText(usage), bytesText(last.memoryBytes),
                bytesText(last.receivedBytes), bytesText(last.sentBytes), bytesText(last.readBytes),
                bytesText(last.writtenBytes) });
    }
    return table.text();
}

QJsonObject jsonOf(const std::vector<Usage> &usages)
{
    QJsonArray out;
    for (const Usage &usage : usages) {
        const stacks::UsageSample &last = usage.last;
        out += QJsonObject{ { QStringLiteral("name"), usage.name },
            { QStringLiteral("id"), usage.id },
            { QStringLiteral("time"),
                last.time.isValid() ? QJsonValue(last.time.toString(Qt::ISODateWithMs))
                                    : QJsonValue() },
            { QStringLiteral("cpuPercent"),
                usage.cpuPercent ? QJsonValue(*usage.cpuPercent) : QJsonValue() },
            { QStringLiteral("memory"), last.memoryBytes },
            { QStringLiteral("memoryLimit"), last.memoryLimitBytes },
            { QStringLiteral("received"), last.receivedBytes },
            { QStringLiteral("sent"), last.sentBytes }, { QStringLiteral("read"), last.readBytes },
            { QStringLiteral("written"), last.writtenBytes },
            { QStringLiteral("error"),
                usage.error ? QJsonValue(usage.error->message) : QJsonValue() } };
    }
    return { { QStringLiteral("usage"), out } };
}

void show(Context &context, const UsageWatch &watch)
{
    if (context.isJson())
        context.print(jsonOf(watch.usages()));
    else
        context.print(tableOf(watch.usages()));
}

/// Takes what comes until `limit` is over, or everything is settled when that is enough.
domain::Result<void> gather(
    Context &context, UsageWatch &watch, std::chrono::milliseconds limit, bool untilSettled)
{
    const auto end = std::chrono::steady_clock::now() + std::min(limit, context.remaining());
    for (;;) {
        if (untilSettled && watch.areSettled())
            return {};
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            end - std::chrono::steady_clock::now());
        if (left.count() <= 0)
            return {};
        (void)watch.take(left, context.token());
        if (context.token().isCancelled())
            return domain::failure(domain::ErrorKind::Cancelled, Text::tr("Cancelled."));
    }
}

} // namespace

QString TopCommand::name() const
{
    return QStringLiteral("top");
}

QString TopCommand::summary() const
{
    return Text::tr("Show what containers or hosts use: processor, memory, network, disk");
}

QString TopCommand::examples() const
{
    return Text::tr(
        "Examples:\n"
        "  faultlinectl top kv-crud\n"
        "  faultlinectl top kv-crud/etcd --follow\n"
        "  faultlinectl top --hosts\n"
        "CPU is the share of one core over the last second (200 % is two cores), memory includes "
        "the page cache,\n"
        "the others count from the container's start.\n"
        "JSON: {\"usage\": [{name, id, time, cpuPercent, memory, memoryLimit, received, sent, "
        "read, written, error}]},\n"
        "      sizes in bytes; with --follow one such object after the other");
}

void TopCommand::addOptions(CLI::App &app)
{
    auto *path
        = app.add_option("STACK[/SERVICE[/CONTAINER]]", m_path, "Whose containers; all without");
    auto *hosts = app.add_flag("--hosts", m_hosts, "Hosts instead of containers");
    path->excludes(hosts);
    app.add_flag("-f,--follow", m_follow, "Go on every two seconds until Ctrl-C");
}

std::chrono::milliseconds TopCommand::usualTimeout() const
{
    return m_follow ? std::chrono::hours(24 * 7) : std::chrono::hours(0) + std::chrono::minutes(1);
}

domain::Result<QList<domain::Container>> TopCommand::chosen(const StackBook &book) const
{
    if (m_path.empty())
        return book.containers();
    const auto path = StackPath::parse(QString::fromStdString(m_path));
    if (!path)
        return domain::failure(path.error());
    const auto stack = findStack(book, path->stack);
    if (!stack)
        return domain::failure(stack.error());
    if (path->service.isEmpty())
        return book.containersOf(stack->id);
    if (path->container.isEmpty()) {
        const auto service = findService(book, *stack, path->service);
        if (!service)
            return domain::failure(service.error());
        return book.containersOf(service->id);
    }
    const auto container = findContainer(book, *stack, path->container);
    if (!container)
        return domain::failure(container.error());
    return QList<domain::Container>{ *container };
}

domain::Result<int> TopCommand::execute(Context &context)
{
    const auto backend = context.connections().stacks();
    if (!backend)
        return domain::failure(backend.error());
    const auto book = askBook(context);
    if (!book)
        return domain::failure(book.error());
    UsageWatch watch(*backend);
    if (m_hosts) {
        for (const domain::Host &host : book->hosts())
            watch.add(host.name, host.id.value(),
                [id = host.id](stacks::StackBackend &stacks) { return stacks.openUsage(id); });
    } else {
        const auto containers = chosen(*book);
        if (!containers)
            return domain::failure(containers.error());
        if (containers->size() > mostContainers) {
            return domain::failure(domain::ErrorKind::Invalid,
                Text::tr("There are %1 containers; name a stack or a service.")
                    .arg(containers->size()));
        }
        for (const domain::Container &one : *containers)
            watch.add(one.name, one.id.value(),
                [id = one.id](stacks::StackBackend &stacks) { return stacks.openUsage(id); });
    }
    auto gathered = gather(context, watch, patience, true);
    while (gathered && context.hasReader()) {
        show(context, watch);
        if (!m_follow || context.remaining().count() == 0)
            break;
        gathered = gather(context, watch, followInterval, false);
    }
    if (!gathered && !(m_follow && gathered.error().kind == domain::ErrorKind::Cancelled))
        return domain::failure(gathered.error());
    for (const Usage &usage : watch.usages()) {
        if (usage.error && watch.usages().size() == 1)
            return domain::failure(*usage.error);
    }
    return 0;
}

} // namespace faultline::ctl
