// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/lifecycle_fault.h"

#include "services/cases/schema/quantities.h"
#include "services/runs/container_pause.h"
#include "services/runs/stack_calls.h"
#include "services/runs/text.h"

#include <algorithm>

namespace faultline::runs {

using namespace std::chrono_literals;
using domain::State;

namespace {

constexpr auto requestLimit = 10s;
constexpr auto biteLimit = 30s; // a stop waits for its process up to 10 s by default
constexpr auto retryGap = 2s;
/// So long after its request a fault that shows no effect is taken to have none; earlier it may
/// still be on its way, and an undo would pass it.
constexpr auto settleTime = 5s;

bool hasEnded(const domain::Container &container)
{
    const auto state = container.life.state.known();
    return state == State::Stopped || state == State::Error;
}

/// The server says that there is nothing to do, or that somebody was faster.
bool isHarmless(const domain::Error &error)
{
    return error.kind == domain::ErrorKind::Conflict;
}

} // namespace

LifecycleFault::LifecycleFault(cases::PlannedFault plan,
    std::map<std::string, std::string> arguments, QString service, int number,
    stacks::StackBackend &backend, const LiveStack &stack, OnChange onChange, AskLeader askLeader)
    : CaseFault(std::move(plan), number, std::move(onChange))
    , m_arguments(std::move(arguments))
    , m_service(std::move(service))
    , m_kind(kindOf(m_plan.kind))
    , m_backend(backend)
    , m_stack(stack)
    , m_askLeader(std::move(askLeader))
{
}

LifecycleFault::Kind LifecycleFault::kindOf(const std::string &name)
{
    if (name == "stack.scale")
        return Kind::Scale;
    if (name == "container.stop")
        return Kind::Stop;
    if (name == "container.restart")
        return Kind::Restart;
    return name == "container.pause" ? Kind::Pause : Kind::Kill;
}

bool LifecycleFault::resolve()
{
    const auto service = m_stack.service(m_service);
    if (!service) {
        skip(Text::tr("there is no service \"%1\"").arg(m_service));
        return false;
    }
    if (m_kind == Kind::Scale) {
        const bool isAbsolute = m_arguments.contains("to");
        const auto number = cases::parseInteger(m_arguments.at(isAbsolute ? "to" : "by"));
        m_scaleBefore = service->scale;
        m_scaleTo = static_cast<int>(
            std::max<std::int64_t>(0, isAbsolute ? *number : m_scaleBefore + *number));
        m_targets = { { {}, service->name, {}, 0, false } };
        if (m_scaleTo == m_scaleBefore)
            skip(Text::tr("the service has %1 containers already").arg(m_scaleTo));
        return m_scaleTo != m_scaleBefore;
    }
    if (m_plan.pick == "leader") {
        resolveLeader();
        return !m_targets.isEmpty();
    }
    const QString prefix = m_stack.stack().value_or(domain::Stack()).name + u'-';
    for (const domain::Container &container : m_stack.containersOf(m_service)) {
        const QString shortName = container.name.startsWith(prefix)
            ? container.name.mid(prefix.size())
            : container.name;
        const bool isNumbered = std::any_of(m_plan.members.begin(), m_plan.members.end(),
            [&](int member) { return shortName == m_service + u'-' + QString::number(member); });
        const bool isNamed
            = std::find(m_plan.names.begin(), m_plan.names.end(), shortName.toStdString())
            != m_plan.names.end();
        if ((isNumbered || isNamed) && isAlive(container))
            addTarget(container);
    }
    if (m_targets.isEmpty())
        skip(Text::tr("no target runs"));
    return !m_targets.isEmpty();
}

void LifecycleFault::addTarget(const domain::Container &container)
{
    m_targets += FaultTarget{ container.id, container.name, container.externalId,
        container.startCount, false, container.hostId };
}

/// The command may name a container, its part behind the stack's name, a service of one container,
/// or an address at which a container's port is published.
void LifecycleFault::resolveLeader()
{
    const auto answer = m_askLeader ? m_askLeader(m_plan.id) : domain::Result<QString>(QString());
    if (!answer)
        return skip(answer.error().text());
    const QString prefix = m_stack.stack().value_or(domain::Stack()).name + u'-';
    const auto services = m_stack.services();
    for (const domain::Container &container : m_stack.containers()) {
        bool isMeant = container.name == *answer || container.name == prefix + *answer;
        for (const domain::Service &service : services)
            isMeant = isMeant || (service.id == container.serviceId && service.name == *answer);
        for (const domain::PortBinding &port : container.ports)
            isMeant = isMeant
                || (port.hostPort > 0 && answer->endsWith(u':' + QString::number(port.hostPort)));
        if (isMeant && isAlive(container))
            addTarget(container);
    }
    if (m_targets.size() == 1)
        return;
    m_targets.clear();
    skip(Text::tr("the leader's command printed \"%1\", which is not one running container")
             .arg(answer->left(200)));
}

void LifecycleFault::inject()
{
    m_begun = Clock::now();
    if (!resolve())
        return;
    if (enter(FaultState::Injecting))
        actOnTargets();
    else
        skip(Text::tr("the ledger can't be written"));
}

void LifecycleFault::actOnTargets()
{
    for (FaultTarget &target : m_targets) {
        if (m_kind == Kind::Pause) {
            const auto paused = setPaused(m_backend, target.host, target.dockerId, true);
            target.isPaused = paused.value_or(true); // without an answer it may be
            if (!paused)
                m_trouble = paused.error().text();
            continue;
        }
        const auto done = m_kind == Kind::Scale ? scaleTo(m_scaleTo) : act(target);
        if (!done && !isHarmless(done.error()))
            m_trouble = done.error().text();
    }
}

domain::Result<void> LifecycleFault::act(const FaultTarget &target)
{
    const auto done = ask<domain::Container>(
        m_backend,
        [kind = m_kind, id = target.id](stacks::StackBackend &backend, auto answer) {
            if (kind == Kind::Kill)
                return backend.stopContainer(id, std::chrono::seconds(0), std::move(answer));
            const auto action = kind == Kind::Stop ? stacks::ContainerAction::Stop
                                                   : stacks::ContainerAction::Restart;
            return backend.runOnContainer(id, action, std::move(answer));
        },
        requestLimit);
    return done ? domain::Result<void>() : domain::failure(done.error());
}

domain::Result<void> LifecycleFault::scaleTo(int scale)
{
    const auto service = m_stack.service(m_service);
    if (!service)
        return domain::failure(domain::ErrorKind::NotFound, Text::tr("The service is gone."));
    const auto done = ask<domain::Service>(
        m_backend,
        [id = service->id, scale](stacks::StackBackend &backend, auto answer) {
            return backend.scaleService(id, scale, std::move(answer));
        },
        requestLimit);
    return done ? domain::Result<void>() : domain::failure(done.error());
}

bool LifecycleFault::isHit(const FaultTarget &target) const
{
    if (m_kind == Kind::Pause)
        return target.isPaused;
    const auto now = m_stack.container(target.id);
    // A restart may be over before anybody saw the container stopped.
    const bool isBack = m_kind == Kind::Restart && target.wasSeenDown && now && isAlive(*now);
    return !now || hasEnded(*now) || isBack || now->startCount > target.startCount;
}

bool LifecycleFault::seemsInForce() const
{
    if (m_kind != Kind::Scale)
        return std::all_of(m_targets.begin(), m_targets.end(),
            [this](const FaultTarget &target) { return isHit(target); });
    const auto containers = m_stack.containersOf(m_service);
    return containers.size() == m_scaleTo
        && std::all_of(containers.begin(), containers.end(), isAlive);
}

bool LifecycleFault::seemsOut() const
{
    if (!m_wasInForce && Clock::now() - m_begun < settleTime)
        return false;
    if (m_kind == Kind::Scale) {
        const auto containers = m_stack.containersOf(m_service);
        return containers.size() == m_scaleBefore
            && std::all_of(containers.begin(), containers.end(), isAlive);
    }
    return std::all_of(m_targets.begin(), m_targets.end(), [this](const FaultTarget &target) {
        if (m_kind == Kind::Pause)
            return !target.isPaused;
        const auto now = m_stack.container(target.id);
        return now && isAlive(*now)
            && (!m_wasInForce || target.wasSeenDown || now->startCount > target.startCount);
    });
}

void LifecycleFault::tick()
{
    if (m_state == FaultState::Injecting) {
        if (seemsInForce()) {
            enter(FaultState::InForce);
            if (m_kind == Kind::Kill || m_kind == Kind::Restart)
                undo(); // an instant: what follows is the return
        } else if (Clock::now() - m_begun > biteLimit) {
            undo();
        }
        return;
    }
    if (m_state == FaultState::InForce && m_kind == Kind::Stop && seemsOut())
        m_cameBack = true; // an orchestrator that starts what somebody stopped
    if (m_state != FaultState::Recovering)
        return;
    if (m_kind != Kind::Scale && !m_wasInForce && seemsInForce())
        m_wasInForce = true; // it was undone while it was on its way
    if (seemsOut())
        enter(FaultState::Out);
    else if (Clock::now() >= m_nextTry)
        tryUndo();
}

void LifecycleFault::undo()
{
    if (!isActive())
        return;
    if (m_state != FaultState::Recovering)
        enter(FaultState::Recovering);
    tryUndo();
}

void LifecycleFault::tryUndo()
{
    m_nextTry = Clock::now() + retryGap;
    if (m_kind == Kind::Scale) {
        const auto service = m_stack.service(m_service);
        if (m_undoWasAccepted && service && service->scale == m_scaleBefore)
            return; // it is on its way
        const auto done = scaleTo(m_scaleBefore);
        m_undoWasAccepted = done.has_value();
        if (!done)
            m_trouble = done.error().text();
        return;
    }
    for (FaultTarget &target : m_targets) {
        if (m_kind == Kind::Pause) {
            const auto paused = setPaused(m_backend, target.host, target.dockerId, false);
            target.isPaused = paused.value_or(target.isPaused);
            if (!paused)
                m_trouble = paused.error().text();
            continue;
        }
        const auto now = m_stack.container(target.id);
        if (!now || !hasEnded(*now))
            continue; // runs, or is on its way to an end or a start
        const auto done = ask<domain::Container>(
            m_backend,
            [id = target.id](stacks::StackBackend &backend, auto answer) {
                return backend.runOnContainer(
                    id, stacks::ContainerAction::Start, std::move(answer));
            },
            requestLimit);
        if (!done && !isHarmless(done.error()))
            m_trouble = done.error().text();
    }
}

bool LifecycleFault::explains(const Death &death)
{
    if (!isActive())
        return false;
    if (m_kind == Kind::Scale) {
        const auto service = m_stack.service(m_service);
        return service && service->id == death.service;
    }
    for (FaultTarget &target : m_targets) {
        if (target.id == death.container) {
            target.wasSeenDown = true;
            return true;
        }
    }
    return false;
}

QString LifecycleFault::targetText() const
{
    QStringList names;
    for (const FaultTarget &target : m_targets)
        names += target.name;
    if (m_kind == Kind::Scale && !names.isEmpty())
        return Text::tr("%1 from %2 to %3").arg(names.front()).arg(m_scaleBefore).arg(m_scaleTo);
    return names.isEmpty() ? m_service : names.join(QStringLiteral(", "));
}

QString LifecycleFault::undoText() const
{
    if (m_kind == Kind::Scale)
        return QStringLiteral("faultlinectl scale %1/%2=%3")
            .arg(m_stack.stack().value_or(domain::Stack()).name, m_service)
            .arg(m_scaleBefore);
    QStringList commands;
    for (const FaultTarget &target : m_targets)
        commands += m_kind == Kind::Pause
            ? Text::tr("docker unpause %1 (on the host %2)")
                  .arg(target.dockerId.left(12), m_stack.hostName(target.host))
            : QStringLiteral("faultlinectl start ") + target.id.value();
    return commands.join(QStringLiteral("; "));
}

} // namespace faultline::runs
