// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/inspect_command.h"

#include "app/ctl/container_table.h"
#include "app/ctl/json_values.h"
#include "app/ctl/stack_lookup.h"
#include "app/ctl/stack_path.h"
#include "app/ctl/table.h"
#include "app/ctl/text.h"

#include <CLI/CLI.hpp>
#include <QJsonArray>

namespace faultline::ctl {

QString InspectCommand::name() const
{
    return QStringLiteral("inspect");
}

QString InspectCommand::summary() const
{
    return Text::tr("Show the stacks, or one stack, service or container");
}

QString InspectCommand::examples() const
{
    return Text::tr(
        "Examples:\n"
        "  faultlinectl inspect\n"
        "  faultlinectl inspect kv-crud/etcd\n"
        "  faultlinectl inspect kv-crud/etcd/kv-crud-etcd-1 --output json\n"
        "JSON: {\"stacks\": [stack]} without an argument, else the stack, service or container "
        "itself.\n"
        "  stack     {id, name, description, system, state, health, transitioning, message, "
        "created, services: []}\n"
        "  service   {id, name, kind, image, scale, currentScale, state, health, transitioning, "
        "message, created,\n"
        "             containers: []}\n"
        "  container {id, name, image, dockerId, address, host, ports: [{address, hostPort, "
        "containerPort, protocol}],\n"
        "             labels: {}, startCount, state, health, transitioning, message, created}");
}

void InspectCommand::addOptions(CLI::App &app)
{
    app.add_option("STACK[/SERVICE[/CONTAINER]]", m_path, "What to show; nothing = all stacks");
    app.add_flag("-a,--all", m_all, "Also the orchestrator's own stacks");
}

domain::Result<int> InspectCommand::execute(Context &context)
{
    const auto path
        = m_path.empty() ? StackPath() : StackPath::parse(QString::fromStdString(m_path));
    if (!path)
        return domain::failure(path.error());
    const auto book = askBook(context);
    if (!book)
        return domain::failure(book.error());
    if (path->stack.isEmpty()) {
        showAll(context, *book);
        return 0;
    }
    const auto stack = findStack(*book, path->stack);
    if (!stack)
        return domain::failure(stack.error());
    if (path->service.isEmpty()) {
        showStack(context, *book, *stack);
        return 0;
    }
    if (path->container.isEmpty()) {
        const auto service = findService(*book, *stack, path->service);
        if (!service)
            return domain::failure(service.error());
        showService(context, *book, *service);
        return 0;
    }
    const auto container = findContainer(*book, *stack, path->container);
    if (!container)
        return domain::failure(container.error());
    showContainer(context, *book, *container);
    return 0;
}

void InspectCommand::showAll(Context &context, const StackBook &book) const
{
    Table table({ Text::tr("STACK"), Text::tr("STATE"), Text::tr("SERVICES"),
        Text::tr("CONTAINERS"), Text::tr("CREATED"), Text::tr("MESSAGE") });
    QJsonArray array;
    for (const domain::Stack &stack : book.stacks()) {
        if (stack.system && !m_all)
            continue;
        array += toJson(book, stack);
        table.add({ stack.name, domain::shownState(stack.life),
            QString::number(book.servicesOf(stack.id).size()),
            QString::number(book.containersOf(stack.id).size()),
            stack.life.created.toUTC().toString(Qt::ISODate),
            stack.life.transitioning == domain::Transitioning::No
                ? QString()
                : stack.life.transitioningMessage });
    }
    if (context.isJson())
        context.print(QJsonObject{ { QStringLiteral("stacks"), array } });
    else
        context.print(table.isEmpty()
                ? Text::tr("No stacks. \"faultlinectl up\" creates one.") + u'\n'
                : table.text());
}

void InspectCommand::showStack(Context &context, const StackBook &book, const domain::Stack &stack)
{
    if (context.isJson()) {
        context.print(toJson(book, stack));
        return;
    }
    Table services(
        { Text::tr("SERVICE"), Text::tr("STATE"), Text::tr("SCALE"), Text::tr("IMAGE") });
    for (const domain::Service &service : book.servicesOf(stack.id)) {
        services.add({ service.name, domain::shownState(service.life),
            QStringLiteral("%1/%2").arg(service.currentScale).arg(service.scale), service.image });
    }
    context.print(
        QStringLiteral("%1  %2  %3\n")
            .arg(stack.name, domain::shownState(stack.life), stack.life.transitioningMessage)
            .trimmed()
        + QStringLiteral("\n\n"));
    context.print(services.text() + u'\n' + containerTable(book, book.containersOf(stack.id)));
}

void InspectCommand::showService(
    Context &context, const StackBook &book, const domain::Service &service)
{
    if (context.isJson())
        context.print(toJson(book, service));
    else
        context.print(containerTable(book, book.containersOf(service.id)));
}

void InspectCommand::showContainer(
    Context &context, const StackBook &book, const domain::Container &container)
{
    if (context.isJson()) {
        context.print(toJson(container, book.hostName(container.hostId)));
        return;
    }
    Table table({ Text::tr("FIELD"), Text::tr("VALUE") });
    table.add({ Text::tr("name"), container.name });
    table.add({ Text::tr("id"), container.id.value() });
    table.add({ Text::tr("state"), domain::shownState(container.life) });
    table.add({ Text::tr("message"), container.life.transitioningMessage });
    table.add({ Text::tr("image"), container.image });
    table.add({ Text::tr("docker id"), container.externalId });
    table.add({ Text::tr("address"), container.primaryAddress });
    table.add({ Text::tr("host"), book.hostName(container.hostId) });
    table.add({ Text::tr("ports"), portsText(container.ports) });
    table.add({ Text::tr("created"), container.life.created.toUTC().toString(Qt::ISODate) });
    table.add({ Text::tr("starts"), QString::number(container.startCount) });
    for (auto label = container.labels.begin(); label != container.labels.end(); ++label)
        table.add({ label.key(), label.value() });
    context.print(table.text());
}

} // namespace faultline::ctl
