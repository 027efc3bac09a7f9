// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/agent/frame/fault.h"
#include "services/agent/network/echo.h"
#include "services/agent/network/rule_table.h"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace faultline::agent::network {

/// What all network kinds share: one table of rules that the kernel ends by itself, a measurement
/// before, and the undo.
class NetworkFault : public Fault
{
public:
    NetworkFault(const Spec &spec, Selection selection);

    Outcome<> check() override;
    Outcome<> inject(BootClock::time_point until) override;
    Proof proveInForce() override;
    Outcome<> renew(BootClock::time_point until) override;
    Outcome<> undo() override;
    Proof proveOut() override;
    std::string handUndo() const override;
    bool targetGone() override;

protected:
    /// The verdict in nft's language for packets of the selection.
    [[nodiscard]] virtual std::string verdict() const = 0;
    /// What else the kind needs here; empty, or why not.
    [[nodiscard]] virtual std::string whyNot() const { return {}; }
    /// Puts in what is not in the table's text; called when the table stands.
    [[nodiscard]] virtual Outcome<> complete(BootClock::time_point) { return {}; }
    /// Takes away what is not in the table, when that is gone.
    virtual void release() { }
    /// Measures the effect and judges it; called when the rules are in force. By echo, or by TCP
    /// connections where the selection has ports.
    [[nodiscard]] virtual Proof measure();
    /// What is measured with echo.
    [[nodiscard]] virtual EchoPlan measurement() const;
    /// Whether the measurement shows the effect; called only when something was sent.
    [[nodiscard]] virtual Proof judge(const EchoResult &now, const TableState &table) const = 0;
    /// Whether so many packets are too few to tell that something happens to `percent` of them.
    [[nodiscard]] static bool isTooRare(std::size_t packets, double percent);
    /// In force by the kernel's word only, and why it was not measured.
    [[nodiscard]] static Proof unmeasured(const std::string &why);

    [[nodiscard]] const Spec &spec() const { return m_spec; }
    [[nodiscard]] const Selection &selection() const { return m_selection; }
    [[nodiscard]] const RuleTable &table() const { return m_table; }
    /// Measured before the injection; nothing sent when this object did not inject.
    [[nodiscard]] const EchoResult &before() const { return m_before; }
    [[nodiscard]] const std::vector<std::string> &addresses() const { return m_addresses; }

private:
    const Spec m_spec;
    const Selection m_selection;
    const RuleTable m_table;
    std::vector<std::string> m_addresses;
    std::set<unsigned> m_interfaces;
    EchoResult m_before;
    std::optional<BootClock::time_point> m_askedOut;
};

} // namespace faultline::agent::network
