// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/scale_command.h"

#include "app/ctl/act_note.h"
#include "app/ctl/json_values.h"
#include "app/ctl/stack_judges.h"
#include "app/ctl/stack_lookup.h"
#include "app/ctl/stack_path.h"
#include "app/ctl/text.h"

#include <CLI/CLI.hpp>

namespace faultline::ctl {

namespace {

struct Target
{
    StackPath path;
    int scale = 0;
};

domain::Result<Target> parseTarget(const QString &text)
{
    bool isNumber = false;
    const int scale = text.section(u'=', 1).toInt(&isNumber);
    const auto path = StackPath::parse(text.section(u'=', 0, 0));
    if (!isNumber || scale < 0 || scale > 1000 || !path || path->service.isEmpty()
        || !path->container.isEmpty()) {
        return domain::failure(domain::ErrorKind::Invalid,
            Text::tr("\"%1\" is not STACK/SERVICE=N with N from 0 to 1000.").arg(text));
    }
    return Target{ *path, scale };
}

} // namespace

QString ScaleCommand::name() const
{
    return QStringLiteral("scale");
}

QString ScaleCommand::summary() const
{
    return Text::tr("Set how many containers a service has");
}

QString ScaleCommand::examples() const
{
    return Text::tr("Examples:\n"
                    "  faultlinectl scale kv-crud/etcd=5 --wait\n"
                    "JSON: the service (see inspect)");
}

void ScaleCommand::addOptions(CLI::App &app)
{
    app.add_option("STACK/SERVICE=N", m_target, "The service and its new number of containers")
        ->required();
    app.add_flag("--wait", m_wait, "Return when they run");
}

std::chrono::milliseconds ScaleCommand::usualTimeout() const
{
    return m_wait ? std::chrono::minutes(10) : std::chrono::minutes(1);
}

domain::Result<int> ScaleCommand::execute(Context &context)
{
    const auto target = parseTarget(QString::fromStdString(m_target));
    if (!target)
        return domain::failure(target.error());
    const auto book = askBook(context);
    if (!book)
        return domain::failure(book.error());
    const auto stack = findStack(*book, target->path.stack);
    if (!stack)
        return domain::failure(stack.error());
    const auto service = findService(*book, *stack, target->path.service);
    if (!service)
        return domain::failure(service.error());

    noteAct(context, name(), service->id.value());
    auto scaled = context.askStacks<domain::Service>(
        [id = service->id, scale = target->scale](stacks::StackBackend &backend, auto done) {
            return backend.scaleService(id, scale, std::move(done));
        });
    if (!scaled)
        return domain::failure(scaled.error());
    if (m_wait) {
        auto watch = StackWatch::open(context);
        if (!watch)
            return domain::failure(watch.error());
        const auto done
            = (*watch)->until(untilServiceRuns(service->id, service->name, target->scale),
                Text::tr("The scaling of the service \"%1\"").arg(service->name));
        if (!done)
            return domain::failure(done.error());
        if (const domain::Service *now = done->service(service->id))
            *scaled = *now;
    }
    if (context.isJson())
        context.print(toJson(*scaled));
    else if (!m_wait)
        context.print(Text::tr("%1/%2  is being scaled to %3")
                          .arg(stack->name, service->name)
                          .arg(target->scale)
            + u'\n');
    return 0;
}

} // namespace faultline::ctl
