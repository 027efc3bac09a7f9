// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/command.h"

#include <string>
#include <vector>

namespace faultline::ctl {

/// `trigger`: starts a pipeline, with a trigger token if there is one, else with the person's own.
class TriggerCommand : public Command
{
public:
    [[nodiscard]] QString name() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] QString examples() const override;
    void addOptions(CLI::App &app) override;
    [[nodiscard]] std::chrono::milliseconds usualTimeout() const override;
    [[nodiscard]] domain::Result<int> execute(Context &context) override;

private:
    [[nodiscard]] domain::Result<domain::PipelineRequest> request() const;

    std::string m_ref = "main";
    std::vector<std::string> m_variables;
    std::vector<std::string> m_inputs;
    std::string m_case;
    std::string m_suite;
    bool m_wait = false;
};

} // namespace faultline::ctl
