// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/stack_judges.h"

#include "app/ctl/text.h"

#include <algorithm>

namespace faultline::ctl {

namespace {

using domain::Health;
using domain::State;
using domain::Transitioning;
using Look = StackWatch::Look;

bool isBusy(const domain::Lifecycle &life)
{
    return life.transitioning == Transitioning::Yes;
}

bool hasFailed(const domain::Lifecycle &life)
{
    return life.transitioning == Transitioning::Error || life.state == State::Error;
}

bool isWell(const domain::Lifecycle &life)
{
    return life.health.text().isEmpty() || life.health == Health::Healthy
        || life.health == Health::StartedOnce;
}

Look failed(const QString &sentence, const domain::Lifecycle &life)
{
    Look look;
    look.verdict = Look::Verdict::Failed;
    look.error.kind = domain::ErrorKind::Server;
    look.error.message = sentence;
    look.error.serverWords = life.transitioningMessage.left(4096);
    return look;
}

Look waiting(const QString &line)
{
    return { Look::Verdict::Waiting, line, {} };
}

Look reached(const QString &line)
{
    return { Look::Verdict::Reached, line, {} };
}

QString serviceText(const domain::Service &service)
{
    return QStringLiteral("%1 %2 %3/%4")
        .arg(service.name, domain::shownState(service.life))
        .arg(service.currentScale)
        .arg(service.scale);
}

QString stackText(const StackBook &book, const domain::Stack &stack)
{
    QStringList services;
    for (const domain::Service &service : book.servicesOf(stack.id))
        services += serviceText(service);
    const QString state = QStringLiteral("%1  %2").arg(stack.name, domain::shownState(stack.life));
    return services.isEmpty()
        ? state
        : QStringLiteral("%1  (%2)").arg(state, services.join(QStringLiteral(", ")));
}

/// The stack's own failure, or that of one of its services: a service that can't pull its image
/// never becomes active, and Rancher's stack shows that only much later.
std::optional<Look> failureOf(const StackBook &book, const domain::Stack &stack)
{
    if (hasFailed(stack.life))
        return failed(Text::tr("The stack \"%1\" has failed.").arg(stack.name), stack.life);
    for (const domain::Service &service : book.servicesOf(stack.id)) {
        if (hasFailed(service.life)) {
            return failed(Text::tr("The service \"%1\" of the stack \"%2\" has failed.")
                              .arg(service.name, stack.name),
                service.life);
        }
    }
    return std::nullopt;
}

Look missing(const QString &name)
{
    Look look;
    look.verdict = Look::Verdict::Failed;
    look.error.kind = domain::ErrorKind::NotFound;
    look.error.message = Text::tr("\"%1\" was removed meanwhile.").arg(name);
    return look;
}

} // namespace

StackWatch::Judge untilStackRuns(domain::StackId id, QString name)
{
    return [id, name, wasSeen = false](const StackBook &book) mutable {
        const domain::Stack *stack = book.stack(id);
        if (!stack || domain::isGone(stack->life))
            return wasSeen ? missing(name) : waiting({});
        wasSeen = true;
        if (const auto failure = failureOf(book, *stack))
            return *failure;
        const bool runs
            = stack->life.state == State::Active && !isBusy(stack->life) && isWell(stack->life);
        const QString line = stackText(book, *stack);
        return runs ? reached(line) : waiting(line);
    };
}

StackWatch::Judge untilStackStopped(domain::StackId id, QString name)
{
    return [id, name](const StackBook &book) {
        const domain::Stack *stack = book.stack(id);
        if (!stack || domain::isGone(stack->life))
            return missing(name);
        if (const auto failure = failureOf(book, *stack))
            return *failure;
        const auto services = book.servicesOf(id);
        // Rancher keeps such a stack "active": only its services say that they stopped.
        const bool areStopped = std::all_of(services.begin(), services.end(),
            [](const domain::Service &service) { return service.life.state == State::Inactive; });
        const QString line = stackText(book, *stack);
        return areStopped && !isBusy(stack->life) ? reached(line) : waiting(line);
    };
}

StackWatch::Judge untilStackGone(domain::StackId id, QString name)
{
    return [id, name](const StackBook &book) {
        const domain::Stack *stack = book.stack(id);
        if (!stack || domain::isGone(stack->life))
            return reached(Text::tr("%1  removed").arg(name));
        if (hasFailed(stack->life))
            return failed(
                Text::tr("The stack \"%1\" could not be removed.").arg(name), stack->life);
        return waiting(stackText(book, *stack));
    };
}

StackWatch::Judge untilServiceRuns(domain::ServiceId id, QString name, int scale)
{
    return [id, name, scale](const StackBook &book) {
        const domain::Service *service = book.service(id);
        if (!service || domain::isGone(service->life))
            return missing(name);
        if (hasFailed(service->life))
            return failed(Text::tr("The service \"%1\" has failed.").arg(name), service->life);
        const int wanted = scale < 0 ? service->scale : scale;
        const bool runs = service->life.state == State::Active && !isBusy(service->life)
            && isWell(service->life);
        const bool isComplete = service->scale == wanted && service->currentScale == wanted;
        return runs && isComplete ? reached(serviceText(*service)) : waiting(serviceText(*service));
    };
}

StackWatch::Judge untilStackUpgraded(domain::StackId id, QString name)
{
    return [id, name](const StackBook &book) {
        const domain::Stack *stack = book.stack(id);
        if (!stack || domain::isGone(stack->life))
            return missing(name);
        if (const auto failure = failureOf(book, *stack))
            return *failure;
        // Rancher tells a failed upgrade only by these words: the state stays "upgrading".
        const QString &words = stack->life.transitioningMessage;
        const QString line = words.isEmpty()
            ? stackText(book, *stack)
            : stackText(book, *stack) + QStringLiteral("  ") + words;
        return stack->life.state == State::Upgraded ? reached(line) : waiting(line);
    };
}

StackWatch::Judge untilServiceUpgraded(domain::ServiceId id, QString name)
{
    return [id, name](const StackBook &book) {
        const domain::Service *service = book.service(id);
        if (!service || domain::isGone(service->life))
            return missing(name);
        if (hasFailed(service->life))
            return failed(Text::tr("The service \"%1\" has failed.").arg(name), service->life);
        return service->life.state == State::Upgraded ? reached(serviceText(*service))
                                                      : waiting(serviceText(*service));
    };
}

StackWatch::Judge untilServiceStopped(domain::ServiceId id, QString name)
{
    return [id, name](const StackBook &book) {
        const domain::Service *service = book.service(id);
        if (!service || domain::isGone(service->life))
            return missing(name);
        if (hasFailed(service->life))
            return failed(Text::tr("The service \"%1\" has failed.").arg(name), service->life);
        const bool isStopped = service->life.state == State::Inactive && !isBusy(service->life);
        return isStopped ? reached(serviceText(*service)) : waiting(serviceText(*service));
    };
}

} // namespace faultline::ctl
