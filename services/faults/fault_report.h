// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/faults/fault_state.h"

#include <QByteArray>
#include <QJsonObject>

namespace faultline::faults {

/// One line of the agent: where its fault stands.
struct FaultReport
{
    QString fault; ///< id
    FaultState state = FaultState::Injecting;
    QString at; ///< the target's wall clock, as the agent wrote it
    double uptime = 0; ///< s since the target's machine started
    QString mechanism;
    QString detail;
    QJsonObject measured;
    QString undo; ///< what would undo it by hand
    double leaseLeft = 0; ///< s
};

/// Reads one line; nothing when it is no report, which a log may well hold. Texts are cut at 2000
/// characters: a container is not trusted.
[[nodiscard]] std::optional<FaultReport> parseReport(const QByteArray &line);

/// The last report of `fault` in a log; nothing when there is none.
[[nodiscard]] std::optional<FaultReport> lastReport(const QByteArray &log, const QString &fault);

} // namespace faultline::faults
