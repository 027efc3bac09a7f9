// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/faults/reaper.h"

#include "services/domain/runner_identity.h"
#include "services/faults/text.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <thread>

namespace faultline::faults {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t mostThreads = 64;
constexpr qint64 graceMs = 10'000; // an agent that ends its lease undoes and verifies by itself

bool isControllerGone(const FaultRecord &record)
{
    const auto runner = domain::RunnerIdentity::parse(record.controller.toStdString());
    return runner && domain::stateOf(*runner) == domain::RunnerState::Gone;
}

UndoEnd endOf(stacks::StackBackend &backend, const KnownFault &fault)
{
    const bool wasTouched = fault.helper || fault.record.state != FaultState::Planned;
    if (!wasTouched)
        return { FaultState::Out, Text::tr("it was planned, and nothing was touched"), {} };
    const auto helper
        = fault.helper ? std::optional<domain::ContainerId>(fault.helper->id) : std::nullopt;
    return undoFault(backend, fault.record, helper);
}

} // namespace

domain::Result<QList<KnownFault>> knownFaults(
    stacks::StackBackend &backend, const Ledger &ledger, const QString &server)
{
    // The rows first: a fault whose helper is made meanwhile is then found by its helper.
    const auto rows = ledger.unresolved();
    if (!rows)
        return domain::failure(rows.error());
    const auto world = askWorld(backend);
    if (!world)
        return domain::failure(world.error());
    std::map<QString, KnownFault> known;
    for (const FaultRecord &row : *rows) {
        if (row.origin.server == server)
            known[row.id] = { row, {}, true, false, {} };
    }
    for (const domain::Container &helper : helpersIn(*world)) {
        const auto told = recordOf(helper);
        if (!told)
            continue;
        auto found = known.find(told->id);
        if (found == known.end()) {
            const auto row = ledger.find(told->id);
            const bool isOurs = row && *row;
            KnownFault fault{ isOurs ? **row : *told, {}, isOurs, false, {} };
            found = known.emplace(told->id, fault).first;
        }
        if (isUndoHelper(helper))
            found->second.undoHelpers += helper;
        else
            found->second.helper = helper;
    }
    QList<KnownFault> out;
    for (auto &[id, fault] : known) {
        const auto &targets = world->containers;
        fault.isTargetGone
            = std::none_of(targets.begin(), targets.end(), [&](const domain::Container &one) {
                  return one.id == fault.record.target.id && !domain::isGone(one.life);
              });
        out += fault;
    }
    std::sort(out.begin(), out.end(), [](const KnownFault &a, const KnownFault &b) {
        return a.record.created < b.record.created;
    });
    return out;
}

domain::Result<QList<FaultRecord>> endFaults(stacks::StackBackend &backend, Ledger &ledger,
    const QString &server, const QStringList &ids, const QString &why)
{
    const auto known = knownFaults(backend, ledger, server);
    if (!known)
        return domain::failure(known.error());
    QList<KnownFault> chosen;
    for (const KnownFault &fault : *known) {
        if (ids.contains(fault.record.id))
            chosen += fault;
    }
    QList<FaultRecord> out;
    const auto ended = undoAll(backend, ledger, chosen, [&why](const KnownFault &) { return why; });
    for (const ReapedFault &one : ended)
        out += one.record;
    return out;
}

std::optional<QString> whyOverdue(const KnownFault &fault, const QDateTime &now)
{
    const FaultRecord &record = fault.record;
    if (isOver(record.state) && record.state != FaultState::Leaked)
        return Text::tr("it is over, and its helper container was left behind");
    if (fault.helper && hasEnded(*fault.helper))
        return Text::tr("its helper container has ended");
    if (record.state == FaultState::Leaked)
        return Text::tr("it leaked");
    const bool isGone = isControllerGone(record);
    if (fault.isTargetGone && (isGone || record.isHeld))
        return Text::tr("its target is gone");
    if (isGone && !record.isHeld)
        return Text::tr("the program that kept it is gone");
    if (isGone && !fault.helper)
        return Text::tr("its helper container is gone");
    if (record.until.isValid() && record.until.addMSecs(graceMs) < now)
        return Text::tr("its time was over at %1").arg(record.until.toString(Qt::ISODate));
    return std::nullopt;
}

QList<ReapedFault> undoAll(stacks::StackBackend &backend, Ledger &ledger,
    const QList<KnownFault> &faults, const std::function<QString(const KnownFault &)> &why,
    const std::function<void(const ReapedFault &)> &onEnd)
{
    QList<ReapedFault> out(faults.size());
    std::mutex mutex;
    std::atomic<qsizetype> next = 0;
    const auto work = [&] {
        for (qsizetype i = next++; i < faults.size(); i = next++) {
            const KnownFault &fault = faults[i];
            ReapedFault reaped{ fault.record, why(fault) };
            const bool wasOver
                = isOver(fault.record.state) && fault.record.state != FaultState::Leaked;
            if (wasOver && fault.helper) {
                (void)removeHelper(backend, fault.helper->id);
            } else if (!wasOver) {
                if (fault.isInLedger && fault.record.state != FaultState::Leaked)
                    (void)ledger.change(fault.record.id, FaultState::Recovering, reaped.why);
                const UndoEnd end = endOf(backend, fault);
                reaped.record.state = end.state;
                reaped.record.detail = end.detail;
                if (end.report)
                    reaped.record.undo = end.report->undo;
                const auto noted = fault.isInLedger
                    ? ledger.change(fault.record.id, end.state, end.detail, end.report)
                    : domain::Result<void>();
                if (!noted)
                    reaped.record.detail += u' ' + noted.error().text();
            }
            for (const domain::Container &left : fault.undoHelpers)
                (void)removeHelper(backend, left.id); // found again by the next reaper
            const std::lock_guard lock(mutex);
            out[i] = reaped;
            if (onEnd)
                onEnd(reaped);
        }
    };
    std::vector<std::thread> threads;
    const auto count = std::min(static_cast<std::size_t>(faults.size()), mostThreads);
    for (std::size_t i = 0; i < count; ++i)
        threads.emplace_back(work);
    for (std::thread &thread : threads)
        thread.join();
    return out;
}

} // namespace faultline::faults
