// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/stack_watch.h"

namespace faultline::ctl {

/// What --wait waits for. All of them fail with the server's own words once it says transitioning =
/// error.

/// The stack is active, and healthy if it has health checks.
[[nodiscard]] StackWatch::Judge untilStackRuns(domain::StackId id, QString name);
/// The stack and all its services are stopped.
[[nodiscard]] StackWatch::Judge untilStackStopped(domain::StackId id, QString name);
/// The stack left every list.
[[nodiscard]] StackWatch::Judge untilStackGone(domain::StackId id, QString name);
/// The service is active with all the containers it should have; with `scale` >= 0, with that many.
[[nodiscard]] StackWatch::Judge untilServiceRuns(
    domain::ServiceId id, QString name, int scale = -1);
[[nodiscard]] StackWatch::Judge untilServiceStopped(domain::ServiceId id, QString name);
/// The new containers run and the old ones are stopped: it can be finished or rolled back.
[[nodiscard]] StackWatch::Judge untilStackUpgraded(domain::StackId id, QString name);
[[nodiscard]] StackWatch::Judge untilServiceUpgraded(domain::ServiceId id, QString name);

} // namespace faultline::ctl
