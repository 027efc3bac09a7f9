// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/faults/fault_report.h"
#include "services/faults/fault_spec.h"

#include <QDateTime>

#include <memory>

namespace faultline::faults {

/// Who asked for a fault, and where; written beside it.
struct FaultOrigin
{
    QString server; ///< of the stack backend
    QString stack; ///< its name
    QString run; ///< may be empty: a person asked
    QString owner;
    QMap<QString, QString> labels; ///< more for the helper: pipeline, job, …
};

/// A row of the ledger: a fault, where it stands and all that it takes to undo it.
struct FaultRecord
{
    QString id;
    QString kind;
    FaultState state = FaultState::Planned;
    FaultOrigin origin;
    FaultTarget target;
    QString helper; ///< name of the helper container
    QByteArray spec; ///< as the agent reads it
    QString controller; ///< domain::RunnerIdentity of the process that keeps it
    std::chrono::milliseconds lease{ 0 };
    std::chrono::milliseconds duration{ 0 };
    bool isHeld = false; ///< it stays without its controller, until `until`
    QDateTime created; ///< UTC
    QDateTime changed;
    QDateTime until; ///< when it is over at the latest, as far as this was told
    QString mechanism;
    QString detail; ///< the last sentence about it
    QString undo; ///< what would undo it by hand
    QJsonObject measured;
};

/// One change of a fault's state.
struct FaultChange
{
    QDateTime at; ///< UTC, of this machine
    double uptime = 0; ///< s since the target's machine started; 0: not from there
    FaultState state = FaultState::Planned;
    QString detail;
};

/// What two faults of one target that are in each other's way do.
enum class OnConflict { Refuse, Wait };

/// The faults that this machine asked for, on its disk (SQLite, WAL, synced at each change), shared
/// by all its programs. Thread-safe. Errors: Local.
class Ledger
{
public:
    /// Opens or makes it.
    [[nodiscard]] static domain::Result<std::shared_ptr<Ledger>> open(const QString &file);
    ~Ledger();
    Ledger(const Ledger &) = delete;
    Ledger &operator=(const Ledger &) = delete;

    /// Writes the intent; on the disk when this returns. ErrorKind::Conflict when a fault that is
    /// in the way is not over: then nothing is written.
    [[nodiscard]] domain::Result<void> plan(const FaultRecord &record);
    /// Where it stands now. A fault that is over stays so.
    [[nodiscard]] domain::Result<void> change(const QString &id, FaultState state,
        const QString &detail, const std::optional<FaultReport> &report = {});
    /// It lasts longer, or without its controller.
    [[nodiscard]] domain::Result<void> prolong(
        const QString &id, const QDateTime &until, bool isHeld);

    [[nodiscard]] domain::Result<std::optional<FaultRecord>> find(const QString &id) const;
    /// By time; those that are not over, those and the leaked ones, or the newest `most` of all.
    [[nodiscard]] domain::Result<QList<FaultRecord>> open() const;
    [[nodiscard]] domain::Result<QList<FaultRecord>> unresolved() const;
    [[nodiscard]] domain::Result<QList<FaultRecord>> newest(int most) const;
    [[nodiscard]] domain::Result<QList<FaultChange>> changes(const QString &id) const;

private:
    struct Private;
    explicit Ledger(std::unique_ptr<Private> parts);
    std::unique_ptr<Private> d;
};

/// "$XDG_STATE_HOME/faultline/faults.db" or what stands for it; empty when there is no home.
[[nodiscard]] QString ledgerFile(const QString &stateHome, const QString &home);

} // namespace faultline::faults
