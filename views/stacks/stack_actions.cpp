// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/stacks/stack_actions.h"

namespace faultline::views {

using domain::Container;
using domain::Service;
using domain::Stack;
using models::StackNodeKind;
using stacks::StackBackend;

namespace {

/// The server's name of an action (facts: rancher.md §2); empty when the kind has none.
QString actionName(StackNodeKind kind, StackVerb verb)
{
    const bool isStack = kind == StackNodeKind::Stack;
    const bool isService = kind == StackNodeKind::Service;
    switch (verb) {
    case StackVerb::Start:
        return isStack ? QStringLiteral("activateservices")
                       : (isService ? QStringLiteral("activate") : QStringLiteral("start"));
    case StackVerb::Stop:
        return isStack ? QStringLiteral("deactivateservices")
                       : (isService ? QStringLiteral("deactivate") : QStringLiteral("stop"));
    case StackVerb::Restart:
        return isStack ? QString() : QStringLiteral("restart");
    case StackVerb::Remove:
        return isService ? QString() : QStringLiteral("remove");
    }
    return {};
}

} // namespace

StackActions::StackActions(
    session::Session &session, const models::StackTreeModel &model, QObject *parent)
    : QObject(parent)
    , m_session(session)
    , m_model(model)
{
}

StackActions::Target StackActions::targetAt(const QModelIndex &index) const
{
    if (m_model.life(index) == nullptr)
        return {};
    Target target;
    target.kind = m_model.kind(index);
    target.id = index.data(models::StackTreeModel::IdRole).toString();
    target.name = index.siblingAtColumn(0).data().toString();
    target.isScene = target.kind == StackNodeKind::Stack
        && m_model.hasLabel(domain::StackId(target.id), QStringLiteral("faultline.scene"));
    return target;
}

bool StackActions::knows(StackNodeKind kind, StackVerb verb)
{
    return kind != StackNodeKind::Root && !actionName(kind, verb).isEmpty();
}

QString StackActions::obstacle(const QModelIndex &index, StackVerb verb) const
{
    const domain::Lifecycle *life = m_model.life(index);
    if (life == nullptr)
        return tr("Select a stack, a service or a container first.");
    const StackNodeKind kind = m_model.kind(index);
    if (!knows(kind, verb))
        return tr("The server has no such action for this kind of row.");
    const bool isOffered = life->actions.contains(actionName(kind, verb))
        // A running container is removed by stopping it first, which the server does by itself.
        || (kind == StackNodeKind::Container && verb == StackVerb::Remove
            && life->actions.contains(QStringLiteral("stop")));
    return isOffered
        ? QString()
        : tr("The server does not offer this while the state is \"%1\".").arg(life->state.text());
}

QString StackActions::scaleObstacle(const QModelIndex &index) const
{
    const domain::Service *service = m_model.service(index);
    if (service == nullptr)
        return tr("Only services have a scale.");
    return service->life.actions.contains(QStringLiteral("update"))
        ? QString()
        : tr("The server does not offer this while the state is \"%1\".")
              .arg(service->life.state.text());
}

QString StackActions::nameOf(const Target &target)
{
    switch (target.kind) {
    case StackNodeKind::Stack:
        return tr("stack %1").arg(target.name);
    case StackNodeKind::Service:
        return tr("service %1").arg(target.name);
    default:
        return tr("container %1").arg(target.name);
    }
}

QString StackActions::wordFor(StackVerb verb)
{
    switch (verb) {
    case StackVerb::Start:
        return tr("Start");
    case StackVerb::Stop:
        return tr("Stop");
    case StackVerb::Restart:
        return tr("Restart");
    case StackVerb::Remove:
        break;
    }
    return tr("Remove");
}

template <typename T>
void StackActions::send(
    std::function<net::Call(StackBackend &, domain::Done<T>)> verb, const QString &notice)
{
    std::erase_if(m_calls, [](const net::Call &call) { return !call.isActive(); });
    m_calls.push_back(
        m_session.onStacks<T>(std::move(verb), [this, notice](domain::Result<T> answer) {
            if (answer)
                Q_EMIT done(notice);
            else
                Q_EMIT failed(answer.error());
        }));
}

void StackActions::run(const Target &target, StackVerb verb)
{
    const QString notice = tr("%1: asked the server for %2.").arg(wordFor(verb), nameOf(target));
    switch (target.kind) {
    case StackNodeKind::Stack:
        runOnStack(target, verb, notice);
        break;
    case StackNodeKind::Service:
        runOnService(target, verb, notice);
        break;
    case StackNodeKind::Container:
        runOnContainer(target, verb, notice);
        break;
    case StackNodeKind::Root:
        break;
    }
}

void StackActions::runOnStack(const Target &target, StackVerb verb, const QString &notice)
{
    const domain::StackId id(target.id);
    if (verb == StackVerb::Remove) {
        send<Stack>(
            [id](StackBackend &backend, domain::Done<Stack> done) {
                return backend.removeStack(id, std::move(done));
            },
            notice);
        return;
    }
    const auto action = verb == StackVerb::Start ? stacks::StackAction::Activate
                                                 : stacks::StackAction::Deactivate;
    send<Stack>(
        [id, action](StackBackend &backend, domain::Done<Stack> done) {
            return backend.runOnStack(id, action, std::move(done));
        },
        notice);
}

void StackActions::runOnService(const Target &target, StackVerb verb, const QString &notice)
{
    const domain::ServiceId id(target.id);
    const auto action = verb == StackVerb::Start ? stacks::ServiceAction::Activate
        : verb == StackVerb::Stop                ? stacks::ServiceAction::Deactivate
                                                 : stacks::ServiceAction::Restart;
    send<Service>(
        [id, action](StackBackend &backend, domain::Done<Service> done) {
            return backend.runOnService(id, action, std::move(done));
        },
        notice);
}

void StackActions::runOnContainer(const Target &target, StackVerb verb, const QString &notice)
{
    const domain::ContainerId id(target.id);
    if (verb == StackVerb::Remove) {
        send<Container>(
            [id](StackBackend &backend, domain::Done<Container> done) {
                return backend.removeContainer(id, std::move(done));
            },
            notice);
        return;
    }
    const auto action = verb == StackVerb::Start ? stacks::ContainerAction::Start
        : verb == StackVerb::Stop                ? stacks::ContainerAction::Stop
                                                 : stacks::ContainerAction::Restart;
    send<Container>(
        [id, action](StackBackend &backend, domain::Done<Container> done) {
            return backend.runOnContainer(id, action, std::move(done));
        },
        notice);
}

void StackActions::scale(const Target &service, int scale)
{
    send<Service>(
        [id = domain::ServiceId(service.id), scale](
            StackBackend &backend, domain::Done<Service> done) {
            return backend.scaleService(id, scale, std::move(done));
        },
        tr("Asked the server to scale %1 to %2.").arg(nameOf(service)).arg(scale));
}

} // namespace faultline::views
