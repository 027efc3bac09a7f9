// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/agent/frame/fault.h"

#include <atomic>
#include <optional>
#include <string>

namespace faultline::tests {

using agent::BootClock;
using agent::Outcome;
using agent::Proof;
using agent::Refusal;

/// What happens to a fault without a machine, in words.
struct Script
{
    Outcome<> check;
    Outcome<> inject;
    Outcome<> renew;
    std::atomic<int> failingUndos = 0;
    std::atomic<bool> bites = true;
    std::atomic<bool> stays = false; ///< the effect outlives the undo
    std::atomic<bool> gone = false;
    std::optional<BootClock::duration> tickEvery;
    std::atomic<int> ticks = 0;
    std::atomic<int> undos = 0;
    std::atomic<int> renewals = 0;
    std::atomic<bool> in = false;
};

class ScriptedFault : public agent::Fault
{
public:
    explicit ScriptedFault(Script &script)
        : m_script(script)
    {
    }
    std::string mechanism() const override { return "script"; }
    Outcome<> check() override { return m_script.check; }
    Outcome<> inject(BootClock::time_point) override
    {
        m_script.in = true;
        return m_script.inject;
    }
    Proof proveInForce() override { return { m_script.in && m_script.bites, "seen", {} }; }
    Outcome<> renew(BootClock::time_point) override
    {
        ++m_script.renewals;
        return m_script.renew;
    }
    Outcome<> undo() override
    {
        ++m_script.undos;
        if (m_script.failingUndos > 0 && m_script.failingUndos-- > 0)
            return agent::refused(Refusal::Leaked, "the undo failed");
        m_script.in = m_script.stays.load();
        return {};
    }
    Proof proveOut() override
    {
        return { !m_script.in, m_script.in ? "still there" : "nothing there", {} };
    }
    std::string handUndo() const override { return "undo it"; }
    bool targetGone() override { return m_script.gone; }
    std::optional<BootClock::duration> tickEvery() const override { return m_script.tickEvery; }
    Outcome<> tick() override
    {
        ++m_script.ticks;
        return {};
    }

private:
    Script &m_script;
};

} // namespace faultline::tests
