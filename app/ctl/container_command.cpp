// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/container_command.h"

#include "app/ctl/act_note.h"
#include "app/ctl/duration_option.h"
#include "app/ctl/json_values.h"
#include "app/ctl/stack_lookup.h"
#include "app/ctl/stack_path.h"
#include "app/ctl/text.h"

#include <CLI/CLI.hpp>

namespace faultline::ctl {

using domain::State;
using stacks::ContainerAction;

ContainerCommand::ContainerCommand(ContainerAction action)
    : m_action(action)
{
}

QString ContainerCommand::name() const
{
    switch (m_action) {
    case ContainerAction::Start:
        return QStringLiteral("start");
    case ContainerAction::Stop:
        return QStringLiteral("stop");
    case ContainerAction::Restart:
        return QStringLiteral("restart");
    }
    return {};
}

QString ContainerCommand::summary() const
{
    switch (m_action) {
    case ContainerAction::Start:
        return Text::tr("Start a stopped container");
    case ContainerAction::Stop:
        return Text::tr("Stop or kill a container");
    case ContainerAction::Restart:
        return Text::tr("Restart a container");
    }
    return {};
}

QString ContainerCommand::examples() const
{
    QString out = Text::tr("Examples:\n"
                           "  faultlinectl %1 kv-crud/kv-crud-etcd-2 --wait\n"
                           "  faultlinectl %1 kv-crud/etcd-2\n"
                           "  faultlinectl %1 1i42\n")
                      .arg(name());
    if (m_action == ContainerAction::Stop)
        out += Text::tr("  faultlinectl stop kv-crud/etcd-2 --timeout 0    (kills it)\n");
    return out + Text::tr("JSON: the container (see inspect)");
}

void ContainerCommand::addOptions(CLI::App &app)
{
    app.add_option("CONTAINER", m_target, "STACK/CONTAINER, or a container's id")->required();
    app.add_flag("--wait", m_wait, "Return when it is done");
    if (m_action == ContainerAction::Stop) {
        addDurationOption(app, "-t,--timeout", m_grace,
            "Time that the container gets to end by itself before it is killed; 0 kills at once");
    }
}

std::chrono::milliseconds ContainerCommand::usualTimeout() const
{
    return (m_wait ? std::chrono::minutes(5) : std::chrono::minutes(1))
        + m_grace.value_or(std::chrono::milliseconds(0));
}

domain::Result<domain::Container> ContainerCommand::run(
    Context &context, const domain::ContainerId &id) const
{
    if (m_action == ContainerAction::Stop && m_grace) {
        const auto grace = std::chrono::ceil<std::chrono::seconds>(*m_grace);
        return context.askStacks<domain::Container>(
            [id, grace](stacks::StackBackend &backend, auto done) {
                return backend.stopContainer(id, grace, std::move(done));
            });
    }
    return context.askStacks<domain::Container>(
        [id, action = m_action](stacks::StackBackend &backend, auto done) {
            return backend.runOnContainer(id, action, std::move(done));
        });
}

domain::Result<domain::Container> ContainerCommand::waitFor(
    Context &context, const domain::Container &container) const
{
    const State wanted = m_action == ContainerAction::Stop ? State::Stopped : State::Running;
    domain::Result<domain::Container> now = container;
    QString lastState;
    while (now) {
        const domain::Lifecycle &life = now->life;
        if (domain::shownState(life) != lastState) {
            lastState = domain::shownState(life);
            context.progress(QStringLiteral("%1  %2").arg(now->name, lastState));
        }
        if (life.transitioning == domain::Transitioning::Error) {
            auto failed = domain::failure(domain::ErrorKind::Server,
                Text::tr("The container \"%1\" has failed.").arg(now->name));
            failed.value().serverWords = life.transitioningMessage.left(4096);
            return failed;
        }
        if (life.state == wanted && life.transitioning != domain::Transitioning::Yes)
            return now;
        if (context.remaining() == std::chrono::milliseconds(0)) {
            return domain::failure(domain::ErrorKind::Timeout,
                Text::tr("The container \"%1\" is still %2.").arg(now->name, lastState));
        }
        if (const auto paused = context.pause(context.pollInterval() / 8); !paused)
            return domain::failure(paused.error());
        now = context.askStacks<domain::Container>(
            [id = container.id](stacks::StackBackend &backend, auto done) {
                return backend.container(id, std::move(done));
            });
    }
    return now;
}

domain::Result<int> ContainerCommand::execute(Context &context)
{
    const auto book = askBook(context);
    if (!book)
        return domain::failure(book.error());
    const auto container = findContainer(*book, QString::fromStdString(m_target));
    if (!container)
        return domain::failure(container.error());
    noteAct(context, name(), container->id.value());
    auto answer = run(context, container->id);
    if (answer && m_wait)
        answer = waitFor(context, *answer);
    if (!answer)
        return domain::failure(answer.error());
    if (context.isJson())
        context.print(toJson(*answer, book->hostName(answer->hostId)));
    else if (!m_wait)
        context.print(
            QStringLiteral("%1  %2\n").arg(answer->name, domain::shownState(answer->life)));
    return 0;
}

} // namespace faultline::ctl
