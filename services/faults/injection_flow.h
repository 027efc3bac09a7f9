// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/faults/control_stream.h"
#include "services/faults/injection.h"

#include <atomic>
#include <mutex>

namespace faultline::faults {

/// What an injection's flow and its owner share.
struct Injection::Shared
{
    using Clock = std::chrono::steady_clock;

    mutable std::mutex mutex;
    FaultRecord record; // by the mutex, as all below
    std::optional<domain::Error> trouble;
    std::optional<Clock::time_point> asked;
    std::optional<Clock::time_point> inForce;
    std::chrono::milliseconds extension{ 0 }; // not told to the agent yet
    std::optional<std::chrono::milliseconds> holdTime;
    bool hasEnded = false;
    net::CancelToken stop;
};

/// One fault from its intent to its end, as plain sequential code.
class InjectionFlow
{
public:
    InjectionFlow(stacks::StackBackend &backend, Ledger &ledger, InjectionWish wish,
        Injection::Shared &shared, Injection::OnChange onChange);

    void run();

private:
    enum class Next { GoOn, Over };

    void runOnce();
    [[nodiscard]] domain::Result<void> plan();
    [[nodiscard]] domain::Result<void> lookForStrangers();
    [[nodiscard]] bool inject();
    [[nodiscard]] bool awaitRunning();
    void control();
    [[nodiscard]] Next speak(ControlStream &stream);
    [[nodiscard]] Next hear(const ControlStream::News &news);
    void take(const FaultReport &report);
    [[nodiscard]] bool leave();
    void sendWishes(ControlStream &stream);
    void watchTarget();
    void reconnectOrEnd();
    void undo();
    void endAs(const UndoEnd &end);
    void fail(const domain::Error &error, FaultState state);
    void enter(FaultState state, const QString &detail, const FaultReport &report = {});
    [[nodiscard]] bool findSuccessor();

    using Clock = std::chrono::steady_clock;

    stacks::StackBackend &m_backend;
    Ledger &m_ledger;
    InjectionWish m_wish;
    Injection::Shared &m_shared;
    const Injection::OnChange m_onChange;
    FaultRecord m_record;
    domain::ContainerId m_helper;
    Clock::time_point m_end; // of the duration
    Clock::time_point m_nextRenewal;
    Clock::time_point m_nextLook;
    Clock::time_point m_heard; // last sign of life
    Clock::time_point m_injectingSince;
    std::optional<std::chrono::milliseconds> m_holdAsked; // and not confirmed by the agent yet
    bool m_isTold = false; // to stop
    bool m_isOver = false;
    bool m_isLeft = false; // held, and in force
    bool m_targetChanged = false;
};

} // namespace faultline::faults
