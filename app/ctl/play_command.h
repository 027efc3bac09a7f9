// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/command.h"

#include <string>
#include <vector>

namespace faultline::ctl {

/// `play JOB`: starts a manual or delayed job.
class PlayCommand : public Command
{
public:
    [[nodiscard]] QString name() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] QString examples() const override;
    void addOptions(CLI::App &app) override;
    [[nodiscard]] domain::Result<int> execute(Context &context) override;

private:
    qint64 m_job = 0;
    std::vector<std::string> m_variables;
};

} // namespace faultline::ctl
