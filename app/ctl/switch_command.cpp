// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/switch_command.h"

#include "app/ctl/act_note.h"
#include "app/ctl/json_values.h"
#include "app/ctl/stack_judges.h"
#include "app/ctl/stack_lookup.h"
#include "app/ctl/text.h"

#include <CLI/CLI.hpp>

namespace faultline::ctl {

namespace {

domain::Result<StackBook> waitUntil(
    Context &context, const StackWatch::Judge &judge, const QString &what)
{
    auto watch = StackWatch::open(context);
    if (!watch)
        return domain::failure(watch.error());
    return (*watch)->until(judge, what);
}

} // namespace

SwitchCommand::SwitchCommand(Direction direction)
    : m_direction(direction)
{
}

QString SwitchCommand::name() const
{
    return m_direction == Direction::On ? QStringLiteral("activate") : QStringLiteral("deactivate");
}

QString SwitchCommand::summary() const
{
    return m_direction == Direction::On ? Text::tr("Start a stopped stack or service")
                                        : Text::tr("Stop a stack or service and keep it");
}

QString SwitchCommand::examples() const
{
    return Text::tr("Examples:\n"
                    "  faultlinectl %1 kv-crud --wait\n"
                    "  faultlinectl %1 kv-crud/etcd --wait\n"
                    "JSON: the stack or service (see inspect)")
        .arg(name());
}

void SwitchCommand::addOptions(CLI::App &app)
{
    app.add_option("STACK[/SERVICE]", m_path, "The stack or service")->required();
    app.add_flag("--wait", m_wait, "Return when it is done");
}

std::chrono::milliseconds SwitchCommand::usualTimeout() const
{
    return m_wait ? std::chrono::minutes(10) : std::chrono::minutes(1);
}

domain::Result<int> SwitchCommand::execute(Context &context)
{
    const auto path = StackPath::parse(QString::fromStdString(m_path));
    if (!path)
        return domain::failure(path.error());
    if (!path->container.isEmpty()) {
        return domain::failure(domain::ErrorKind::Invalid,
            Text::tr("\"%1\" names a container; \"start\" and \"stop\" are for containers.")
                .arg(QString::fromStdString(m_path)));
    }
    const auto book = askBook(context);
    if (!book)
        return domain::failure(book.error());
    const auto stack = findStack(*book, path->stack);
    if (!stack)
        return domain::failure(stack.error());
    if (path->service.isEmpty())
        return switchStack(context, *stack);
    const auto service = findService(*book, *stack, path->service);
    if (!service)
        return domain::failure(service.error());
    return switchService(context, *service);
}

domain::Result<int> SwitchCommand::switchStack(Context &context, const domain::Stack &stack)
{
    const bool isOn = m_direction == Direction::On;
    const auto action = isOn ? stacks::StackAction::Activate : stacks::StackAction::Deactivate;
    noteAct(context, name(), stack.id.value());
    auto answer = context.askStacks<domain::Stack>(
        [id = stack.id, action](stacks::StackBackend &backend, auto done) {
            return backend.runOnStack(id, action, std::move(done));
        });
    if (!answer)
        return domain::failure(answer.error());
    if (m_wait) {
        const auto judge
            = isOn ? untilStackRuns(stack.id, stack.name) : untilStackStopped(stack.id, stack.name);
        const auto book = waitUntil(context, judge,
            isOn ? Text::tr("The start of the stack \"%1\"").arg(stack.name)
                 : Text::tr("The stop of the stack \"%1\"").arg(stack.name));
        if (!book)
            return domain::failure(book.error());
        if (const domain::Stack *now = book->stack(stack.id))
            *answer = *now;
    }
    if (context.isJson())
        context.print(toJson(*answer));
    else if (!m_wait)
        context.print(
            QStringLiteral("%1  %2\n").arg(answer->name, domain::shownState(answer->life)));
    return 0;
}

domain::Result<int> SwitchCommand::switchService(Context &context, const domain::Service &service)
{
    const bool isOn = m_direction == Direction::On;
    const auto action = isOn ? stacks::ServiceAction::Activate : stacks::ServiceAction::Deactivate;
    noteAct(context, name(), service.id.value());
    auto answer = context.askStacks<domain::Service>(
        [id = service.id, action](stacks::StackBackend &backend, auto done) {
            return backend.runOnService(id, action, std::move(done));
        });
    if (!answer)
        return domain::failure(answer.error());
    if (m_wait) {
        const auto judge = isOn ? untilServiceRuns(service.id, service.name)
                                : untilServiceStopped(service.id, service.name);
        const auto book = waitUntil(context, judge,
            isOn ? Text::tr("The start of the service \"%1\"").arg(service.name)
                 : Text::tr("The stop of the service \"%1\"").arg(service.name));
        if (!book)
            return domain::failure(book.error());
        if (const domain::Service *now = book->service(service.id))
            *answer = *now;
    }
    if (context.isJson())
        context.print(toJson(*answer));
    else if (!m_wait)
        context.print(
            QStringLiteral("%1  %2\n").arg(answer->name, domain::shownState(answer->life)));
    return 0;
}

} // namespace faultline::ctl
