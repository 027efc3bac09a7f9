// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/context.h"
#include "services/scenes/scene.h"

namespace faultline::ctl {

/// A scene and everything that was read with it.
struct FoundScene
{
    scenes::Scene scene;
    domain::Stack stack;
    stacks::StackSnapshot snapshot;
};

/// A scene by its stack's name or id; ErrorKind::NotFound when there is no such stack,
/// ErrorKind::Invalid when the stack is no scene.
[[nodiscard]] domain::Result<FoundScene> askScene(Context &context, const QString &nameOrId);

/// A stack by its name or id with everything around it.
struct FoundStack
{
    domain::Stack stack;
    stacks::StackSnapshot snapshot;
};
[[nodiscard]] domain::Result<FoundStack> askStackWithAll(Context &context, const QString &nameOrId);

/// Notes a scene beside its stack.
[[nodiscard]] domain::Result<void> noteScene(
    Context &context, const scenes::Scene &scene, const QList<domain::Service> &services);

/// Stable shape of --output json.
[[nodiscard]] QJsonObject toJson(const scenes::Scene &scene);

} // namespace faultline::ctl
