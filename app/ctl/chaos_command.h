// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/command.h"
#include "services/cases/plan/plan.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace faultline::ctl {

/// `chaos plan`: the timetable of a case's faults for a seed. Asks no server.
class ChaosCommand : public Command
{
public:
    [[nodiscard]] QString name() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] QString examples() const override;
    void addOptions(CLI::App &app) override;
    [[nodiscard]] domain::Result<int> execute(Context &context) override;

private:
    [[nodiscard]] domain::Result<cases::Plan> plan() const;

    std::string m_case;
    std::vector<std::string> m_set;
    std::optional<std::uint64_t> m_seed;
};

} // namespace faultline::ctl
