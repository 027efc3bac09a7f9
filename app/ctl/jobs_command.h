// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/command.h"

#include <string>

namespace faultline::ctl {

/// `jobs [PIPELINE]`: the jobs of a pipeline, or the newest of the project.
class JobsCommand : public Command
{
public:
    [[nodiscard]] QString name() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] QString examples() const override;
    void addOptions(CLI::App &app) override;
    [[nodiscard]] domain::Result<int> execute(Context &context) override;

private:
    qint64 m_pipeline = 0;
    int m_limit = 20;
    std::string m_status;
};

} // namespace faultline::ctl
