// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/faults/fault_undo.h"

#include <functional>

namespace faultline::faults {

/// A fault as the ledger of this machine and the server's helper containers tell of it together.
struct KnownFault
{
    FaultRecord record;
    std::optional<domain::Container> helper; ///< that carries it
    bool isInLedger = false;
    bool isTargetGone = false; ///< as the server tells
    QList<domain::Container> undoHelpers; ///< left behind by undos
};

/// All faults that are not over, and those that leaked; by time.
[[nodiscard]] domain::Result<QList<KnownFault>> knownFaults(
    stacks::StackBackend &backend, const Ledger &ledger, const QString &server);

/// Ends faults by their ids, as undoAll() does; for those that stayed in when their run ended. What
/// can't be asked of the server is an error; what did not end is among the answers.
[[nodiscard]] domain::Result<QList<FaultRecord>> endFaults(stacks::StackBackend &backend,
    Ledger &ledger, const QString &server, const QStringList &ids, const QString &why);

/// Why a fault is to be undone although nobody asked; nothing for one that is kept.
[[nodiscard]] std::optional<QString> whyOverdue(const KnownFault &fault, const QDateTime &now);

/// What became of one fault.
struct ReapedFault
{
    FaultRecord record; ///< with its state now
    QString why; ///< it was touched
};

/// Undoes each of `faults` in parallel on a flow thread, verifies, removes their helpers and writes
/// the ledger. `why` is told beside each. `onEnd` hears of each on some thread, one at a time.
[[nodiscard]] QList<ReapedFault> undoAll(stacks::StackBackend &backend, Ledger &ledger,
    const QList<KnownFault> &faults, const std::function<QString(const KnownFault &)> &why,
    const std::function<void(const ReapedFault &)> &onEnd = {});

} // namespace faultline::faults
