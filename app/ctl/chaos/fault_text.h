// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/context.h"
#include "services/faults/reaper.h"

namespace faultline::ctl {

/// This machine's ledger of faults; by the environment's XDG_STATE_HOME or HOME.
[[nodiscard]] domain::Result<std::shared_ptr<faults::Ledger>> openLedger(Context &context);

/// Faults of this server that are not over, or leaked.
[[nodiscard]] domain::Result<QList<faults::KnownFault>> askFaults(
    Context &context, const faults::Ledger &ledger);

/// Stable shape of --output json.
[[nodiscard]] QJsonObject toJson(const faults::FaultRecord &record);

/// A table for people, or {faults: […]}.
void printFaults(Context &context, const QList<faults::FaultRecord> &records);

/// One line about a change.
[[nodiscard]] QString changeText(const faults::FaultRecord &record);

} // namespace faultline::ctl
