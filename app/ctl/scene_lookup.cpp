// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/scene_lookup.h"

#include "app/ctl/text.h"
#include "services/scenes/scene_notes.h"

#include <algorithm>

namespace faultline::ctl {

namespace {

QJsonValue timeJson(const QDateTime &time)
{
    return time.isValid() ? QJsonValue(time.toUTC().toString(Qt::ISODate)) : QJsonValue();
}

} // namespace

domain::Result<FoundStack> askStackWithAll(Context &context, const QString &nameOrId)
{
    const auto snapshot = context.askStacks<stacks::StackSnapshot>(
        [](stacks::StackBackend &backend, auto done) { return backend.snapshot(std::move(done)); });
    if (!snapshot)
        return domain::failure(snapshot.error());
    const auto found = std::find_if(
        snapshot->stacks.begin(), snapshot->stacks.end(), [&](const domain::Stack &stack) {
            return !domain::isGone(stack.life)
                && (stack.name == nameOrId || stack.id.value() == nameOrId);
        });
    if (found == snapshot->stacks.end())
        return domain::failure(domain::ErrorKind::NotFound,
            Text::tr("There is no stack \"%1\". The scenes are listed by: faultlinectl scene list")
                .arg(nameOrId));
    return FoundStack{ *found, *snapshot };
}

domain::Result<FoundScene> askScene(Context &context, const QString &nameOrId)
{
    const auto found = askStackWithAll(context, nameOrId);
    if (!found)
        return domain::failure(found.error());
    const auto scene = scenes::sceneOf(found->stack, found->snapshot.services);
    if (!scene)
        return domain::failure(domain::ErrorKind::Invalid,
            Text::tr("The stack \"%1\" is no scene. Make it one with: faultlinectl scene keep %1 "
                     "--owner TEAM --ttl 24h")
                .arg(found->stack.name));
    return FoundScene{ *scene, found->stack, found->snapshot };
}

domain::Result<void> noteScene(
    Context &context, const scenes::Scene &scene, const QList<domain::Service> &services)
{
    const auto backend = context.connections().stacks();
    if (!backend)
        return domain::failure(backend.error());
    return scenes::writeScene(**backend, scene, services, context.remaining(), context.token());
}

QJsonObject toJson(const scenes::Scene &scene)
{
    return { { QStringLiteral("stack"), scene.stack }, { QStringLiteral("run"), scene.run },
        { QStringLiteral("case"), scene.caseName }, { QStringLiteral("team"), scene.team },
        { QStringLiteral("person"), scene.person }, { QStringLiteral("verdict"), scene.verdict },
        { QStringLiteral("reason"), scene.reason },
        { QStringLiteral("kept"), timeJson(scene.keptAt) },
        { QStringLiteral("expires"), timeJson(scene.expires) },
        { QStringLiteral("extendMaxSeconds"), double(scene.extendMax.count()) / 1'000 },
        { QStringLiteral("expired"), scene.isExpired(QDateTime::currentDateTimeUtc()) } };
}

} // namespace faultline::ctl
