// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/upgrade_target.h"

#include "app/ctl/json_values.h"
#include "app/ctl/stack_judges.h"
#include "app/ctl/stack_lookup.h"
#include "app/ctl/stack_path.h"
#include "app/ctl/text.h"

namespace faultline::ctl {

using stacks::ServiceAction;
using stacks::StackAction;

domain::Result<UpgradeTarget> UpgradeTarget::find(Context &context, const QString &path)
{
    const auto parsed = StackPath::parse(path);
    if (!parsed)
        return domain::failure(parsed.error());
    if (!parsed->container.isEmpty()) {
        return domain::failure(domain::ErrorKind::Invalid,
            Text::tr("\"%1\" names a container; stacks and services are upgraded.").arg(path));
    }
    const auto book = askBook(context);
    if (!book)
        return domain::failure(book.error());
    const auto stack = findStack(*book, parsed->stack);
    if (!stack)
        return domain::failure(stack.error());
    if (parsed->service.isEmpty())
        return UpgradeTarget{ *stack, std::nullopt };
    const auto service = findService(*book, *stack, parsed->service);
    if (!service)
        return domain::failure(service.error());
    return UpgradeTarget{ *stack, *service };
}

QString UpgradeTarget::name() const
{
    return service ? stack.name + u'/' + service->name : stack.name;
}

QString UpgradeTarget::id() const
{
    return service ? service->id.value() : stack.id.value();
}

const domain::Lifecycle &UpgradeTarget::life() const
{
    return service ? service->life : stack.life;
}

domain::Result<void> UpgradeTarget::run(Context &context, StackAction action) const
{
    if (!service) {
        const auto answer = context.askStacks<domain::Stack>(
            [id = stack.id, action](stacks::StackBackend &backend, auto done) {
                return backend.runOnStack(id, action, std::move(done));
            });
        return answer ? domain::Result<void>() : domain::failure(answer.error());
    }
    const ServiceAction same = action == StackAction::Rollback ? ServiceAction::Rollback
        : action == StackAction::CancelUpgrade                 ? ServiceAction::CancelUpgrade
                                                               : ServiceAction::FinishUpgrade;
    const auto answer = context.askStacks<domain::Service>(
        [id = service->id, same](stacks::StackBackend &backend, auto done) {
            return backend.runOnService(id, same, std::move(done));
        });
    return answer ? domain::Result<void>() : domain::failure(answer.error());
}

StackWatch::Judge UpgradeTarget::untilUpgraded() const
{
    return service ? untilServiceUpgraded(service->id, service->name)
                   : untilStackUpgraded(stack.id, stack.name);
}

StackWatch::Judge UpgradeTarget::untilRuns() const
{
    return service ? untilServiceRuns(service->id, service->name)
                   : untilStackRuns(stack.id, stack.name);
}

domain::Result<void> UpgradeTarget::wait(
    Context &context, const StackWatch::Judge &judge, const QString &what)
{
    auto watch = StackWatch::open(context);
    if (!watch)
        return domain::failure(watch.error());
    const auto book = (*watch)->until(judge, what);
    if (!book)
        return domain::failure(book.error());
    if (const domain::Stack *now = book->stack(stack.id))
        stack = *now;
    if (const domain::Service *now = service ? book->service(service->id) : nullptr)
        service = *now;
    return {};
}

void UpgradeTarget::print(Context &context) const
{
    if (context.isJson())
        context.print(service ? toJson(*service) : toJson(stack));
    else
        context.print(QStringLiteral("%1  %2\n").arg(name(), domain::shownState(life())));
}

} // namespace faultline::ctl
