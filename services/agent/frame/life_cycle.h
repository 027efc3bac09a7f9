// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/agent/frame/control.h"
#include "services/agent/frame/fault.h"
#include "services/agent/frame/report.h"
#include "services/agent/frame/spec.h"

#include <functional>
#include <optional>
#include <string>

namespace faultline::agent {

/// What a life cycle is connected to; the descriptors stay the caller's.
struct Surroundings
{
    std::function<void(const std::string &line)> tell; ///< each report line
    int stopSignals = -1; ///< a signalfd: whatever is read from it means undo; -1: none
    BootClock::duration proveWithin
        = std::chrono::seconds(4); ///< how long an effect may take to be felt
    BootClock::duration recoverWithin
        = std::chrono::seconds(10); ///< how long an undo is tried and verified again
};

/// One fault from its injection to its end, on the calling thread. However it ends, what was
/// injected is undone and the undo is verified; nothing that stops it takes that away, SIGKILL
/// excepted.
class LifeCycle
{
public:
    LifeCycle(const Spec &spec, Fault &fault, Control &control, Surroundings surroundings);

    /// Gives the exit code of the program.
    int run();

    /// Undoes and verifies only, without a lease: the reaper's way. Gives the exit code.
    int undo();

    /// Tells whether it is in force now: "in force", "out", or "leaked" when neither can be shown.
    /// Gives the exit code.
    int probe();

private:
    enum class Wish { None, Undo, Moot };

    Outcome<> bringIn();
    bool proveIt();
    int holdIt();
    int recover(const std::string &why, std::optional<Failure> instead = std::nullopt);
    int failed(const Failure &failure);
    int moot(const std::string &detail);
    void waitForNext();
    Wish lookAround();
    void obey(const Control::Event &event);
    bool changeLease(const Order &order);
    Wish renewed();
    Wish endOfTime();
    Wish ticked();
    void say(const std::string &state, const std::string &detail,
        const nlohmann::json &measured = nlohmann::json::object());
    [[nodiscard]] BootClock::time_point until() const;

    const Spec m_spec;
    Fault &m_fault;
    Control &m_control;
    const Surroundings m_around;
    Report m_last;
    BootClock::time_point m_leaseEnd;
    std::optional<BootClock::time_point> m_durationEnd;
    BootClock::time_point m_nextLook;
    std::optional<BootClock::time_point> m_nextTick;
    bool m_leaseMoved = false;
    std::string m_why; ///< why it is being undone
};

} // namespace faultline::agent
