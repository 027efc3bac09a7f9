// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/command.h"
#include "services/runs/gate.h"

#include <string>
#include <vector>

namespace faultline::ctl {

/// `gate`: whether every case of a suite passed, from the bundles of a pipeline's jobs.
class GateCommand : public Command
{
public:
    [[nodiscard]] QString name() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] QString examples() const override;
    void addOptions(CLI::App &app) override;
    [[nodiscard]] domain::Result<int> execute(Context &context) override;

private:
    [[nodiscard]] domain::Result<runs::GateReport> judge(Context &context);
    [[nodiscard]] domain::Result<void> makeRelease(
        Context &context, const runs::GateReport &report);

    std::vector<std::string> m_places;
    std::string m_suite;
    std::string m_suiteFile = "suites.yaml";
    std::string m_report;
    std::string m_release;
    std::vector<std::string> m_links;
};

} // namespace faultline::ctl
