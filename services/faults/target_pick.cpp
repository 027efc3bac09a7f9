// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/faults/target_pick.h"

#include "services/cases/plan/target_draw.h"
#include "services/faults/helper_container.h"
#include "services/faults/text.h"

#include <algorithm>
#include <array>

namespace faultline::faults {

namespace {

using domain::ErrorKind;

constexpr const char *protectLabel = "faultline.protect";

QString shortName(const QString &stack, const domain::Container &container)
{
    const QString prefix = stack + u'-';
    return container.name.startsWith(prefix) ? container.name.mid(prefix.size()) : container.name;
}

bool isProtected(const domain::Container &container)
{
    return container.labels.value(QLatin1StringView(protectLabel)) == QLatin1StringView("true");
}

const domain::Stack *findStack(const stacks::StackSnapshot &world, const QString &name)
{
    const auto found = std::find_if(world.stacks.begin(), world.stacks.end(),
        [&](const domain::Stack &one) { return one.name == name && !domain::isGone(one.life); });
    return found == world.stacks.end() ? nullptr : &*found;
}

/// Running containers of one service, or of all with an empty name; by name, "-10" after "-9".
QList<domain::Container> runningOf(
    const stacks::StackSnapshot &world, const domain::Stack &stack, const QString &service)
{
    QList<domain::ServiceId> ids;
    for (const domain::Service &one : world.services) {
        if (one.stackId == stack.id && (service.isEmpty() || one.name == service))
            ids += one.id;
    }
    QList<domain::Container> out;
    for (const domain::Container &one : world.containers) {
        if (ids.contains(one.serviceId) && isRunning(one) && !one.externalId.isEmpty())
            out += one;
    }
    std::sort(out.begin(), out.end(), [](const domain::Container &a, const domain::Container &b) {
        return a.name.size() != b.name.size() ? a.name.size() < b.name.size() : a.name < b.name;
    });
    return out;
}

bool isService(const stacks::StackSnapshot &world, const domain::Stack &stack, const QString &name)
{
    return std::any_of(world.services.begin(), world.services.end(),
        [&](const domain::Service &one) { return one.stackId == stack.id && one.name == name; });
}

tl::unexpected<domain::Error> noSuchStack(const QString &name)
{
    return domain::failure(ErrorKind::NotFound, Text::tr("There is no stack \"%1\".").arg(name));
}

/// Those that the words name: containers by their name or its part behind the stack's.
domain::Result<QList<FaultTarget>> namedTargets(
    const QString &stack, const QList<domain::Container> &running, const QStringList &names)
{
    QList<FaultTarget> out;
    for (const QString &name : names) {
        const auto found = std::find_if(
            running.begin(), running.end(), [&](const domain::Container &one) {
                return one.name == name || shortName(stack, one) == name || one.id.value() == name;
            });
        if (found == running.end())
            return domain::failure(ErrorKind::NotFound,
                Text::tr("No container \"%1\" of the stack \"%2\" runs.").arg(name, stack));
        out += targetOf(*found);
    }
    if (out.isEmpty())
        return domain::failure(
            ErrorKind::Invalid, Text::tr("pick names needs at least one container's name."));
    return out;
}

/// A leader's command may print a container, a service of one container, or an address at which a
/// container's port is published.
domain::Result<QList<FaultTarget>> leaderTarget(const stacks::StackSnapshot &world,
    const QString &stack, const QList<domain::Container> &running, const QString &answer)
{
    QList<FaultTarget> out;
    for (const domain::Container &one : running) {
        bool isMeant = one.name == answer || shortName(stack, one) == answer;
        for (const domain::Service &service : world.services)
            isMeant = isMeant || (service.id == one.serviceId && service.name == answer);
        for (const domain::PortBinding &port : one.ports)
            isMeant = isMeant
                || (port.hostPort > 0 && answer.endsWith(u':' + QString::number(port.hostPort)));
        if (isMeant)
            out += targetOf(one);
    }
    if (out.size() != 1)
        return domain::failure(ErrorKind::NotFound,
            Text::tr("The leader's command printed \"%1\", which is not one running container.")
                .arg(answer.left(200)));
    return out;
}

QStringList addressesOf(const QList<domain::Container> &containers)
{
    QStringList out;
    for (const domain::Container &one : containers) {
        if (!one.primaryAddress.isEmpty())
            out += one.primaryAddress;
    }
    return out;
}

/// Whether the members number i and j of n still see each other.
bool isConnected(const QString &shape, qsizetype i, qsizetype j, qsizetype n)
{
    const qsizetype half = shape == QLatin1StringView("minority") ? (n - 1) / 2 : n / 2;
    if (shape == QLatin1StringView("ring"))
        return (i + 1) % n == j || (j + 1) % n == i;
    if (shape == QLatin1StringView("bridge") && (i == n - 1 || j == n - 1))
        return true; // the last one sees both sides
    return (i < half) == (j < half);
}

domain::Result<QList<PickedTarget>> shaped(
    const QList<domain::Container> &members, const QString &shape)
{
    const qsizetype least = shape == QLatin1StringView("ring") ? 4
        : shape == QLatin1StringView("halves")                 ? 2
                                                               : 3;
    if (members.size() < least)
        return domain::failure(ErrorKind::Invalid,
            Text::tr("A partition of the shape %1 needs at least %2 members, and there are %3. "
                     "Name more services: from=…")
                .arg(shape)
                .arg(least)
                .arg(members.size()));
    QList<PickedTarget> out;
    for (qsizetype i = 0; i < members.size(); ++i) {
        QList<domain::Container> away;
        for (qsizetype j = 0; j < members.size(); ++j) {
            if (j != i && !isConnected(shape, i, j, members.size()))
                away += members[j];
        }
        if (!away.isEmpty())
            out += PickedTarget{ targetOf(members[i]), addressesOf(away) };
    }
    return out;
}

QString argumentOf(const std::map<std::string, std::string> &arguments, const char *name)
{
    const auto found = arguments.find(name);
    return found == arguments.end() ? QString() : QString::fromStdString(found->second);
}

} // namespace

domain::Result<QList<FaultTarget>> pickTargets(
    const stacks::StackSnapshot &world, const TargetWish &wish)
{
    static const std::array<QLatin1StringView, 9> picks{ QLatin1StringView("leader"),
        QLatin1StringView("one"), QLatin1StringView("all"), QLatin1StringView("n"),
        QLatin1StringView("percent"), QLatin1StringView("minority"), QLatin1StringView("majority"),
        QLatin1StringView("minorityThird"), QLatin1StringView("names") };
    const domain::Stack *stack = findStack(world, wish.stack);
    if (stack == nullptr)
        return noSuchStack(wish.stack);
    if (std::find(picks.begin(), picks.end(), wish.pick) == picks.end())
        return domain::failure(ErrorKind::Invalid,
            Text::tr("There is no pick \"%1\": leader, one, all, n, percent, minority, majority, "
                     "minorityThird or names.")
                .arg(wish.pick));
    if (wish.pick == QLatin1StringView("names"))
        return namedTargets(wish.stack, runningOf(world, *stack, {}), wish.names);
    if (wish.role.isEmpty())
        return domain::failure(
            ErrorKind::Invalid, Text::tr("No role is named, and none never means all."));
    if (!isService(world, *stack, wish.role))
        return domain::failure(ErrorKind::NotFound,
            Text::tr("The stack \"%1\" has no service \"%2\".").arg(wish.stack, wish.role));
    QList<domain::Container> running = runningOf(world, *stack, {});
    if (wish.pick == QLatin1StringView("leader"))
        return leaderTarget(world, wish.stack, running, wish.leader);
    running = runningOf(world, *stack, wish.role);
    const qsizetype before = running.size();
    running.removeIf(isProtected);
    if (running.isEmpty())
        return domain::failure(before == 0 ? ErrorKind::NotFound : ErrorKind::Invalid,
            before == 0 ? Text::tr("No container of \"%1\" runs.").arg(wish.role)
                        : Text::tr("\"%1\" is protected by the label faultline.protect. Name a "
                                   "container to hit it all the same: --pick names --name …")
                              .arg(wish.role));
    cases::Target target;
    target.pick = wish.pick.toStdString();
    target.count = wish.count;
    cases::RandomSource random(wish.seed, "target/" + wish.role.toStdString());
    const auto drawn = cases::drawMembers(target, static_cast<int>(running.size()), random);
    if (drawn.empty())
        return domain::failure(ErrorKind::Invalid,
            Text::tr("\"%1\" of the %2 running containers of %3 is none.")
                .arg(wish.pick)
                .arg(running.size())
                .arg(wish.role));
    QList<FaultTarget> out;
    for (const int member : drawn)
        out += targetOf(running[member - 1]);
    return out;
}

domain::Result<QList<PickedTarget>> withPeers(const stacks::StackSnapshot &world,
    const TargetWish &wish, const QString &kind, const QList<FaultTarget> &targets,
    const std::map<std::string, std::string> &arguments)
{
    const QString from = argumentOf(arguments, "from");
    const QString shape = argumentOf(arguments, "shape");
    const domain::Stack *stack = findStack(world, wish.stack);
    if (stack == nullptr)
        return noSuchStack(wish.stack);
    const auto isTarget = [&](const domain::Container &one) {
        return std::any_of(targets.begin(), targets.end(),
            [&](const FaultTarget &target) { return target.id == one.id; });
    };
    const bool isPartition = kind == QLatin1StringView("network.partition");
    QList<domain::Container> others;
    if (!from.isEmpty() && from != QLatin1StringView("all")) {
        for (const QString &name : from.split(u',', Qt::SkipEmptyParts)) {
            if (!isService(world, *stack, name.trimmed()))
                return domain::failure(ErrorKind::NotFound,
                    Text::tr("from: the stack \"%1\" has no service \"%2\".")
                        .arg(wish.stack, name.trimmed()));
            others += runningOf(world, *stack, name.trimmed());
        }
    } else if (isPartition && from.isEmpty()) {
        others = runningOf(world, *stack, {}); // a split inside the cluster; its users still see it
    }
    if (isPartition && !shape.isEmpty() && shape != QLatin1StringView("one")) {
        QList<domain::Container> members;
        for (const domain::Container &one : runningOf(world, *stack, {})) {
            const bool isOther = std::any_of(others.begin(), others.end(),
                [&](const domain::Container &other) { return other.id == one.id; });
            if (isTarget(one) || isOther)
                members += one;
        }
        return shaped(members, shape);
    }
    others.removeIf(isTarget);
    const bool needsOthers = !from.isEmpty() && from != QLatin1StringView("all");
    if ((isPartition && from.isEmpty()) || needsOthers) {
        if (addressesOf(others).isEmpty())
            return domain::failure(ErrorKind::Invalid,
                Text::tr("Nobody is left to be cut off from: no other container of that runs."));
    }
    QList<PickedTarget> out;
    for (const FaultTarget &target : targets)
        out += PickedTarget{ target, addressesOf(others) };
    return out;
}

} // namespace faultline::faults
