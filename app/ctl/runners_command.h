// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/command.h"

#include <string>

namespace faultline::ctl {

/// `runners [RUNNER]`: the machines that run jobs; pauses one.
class RunnersCommand : public Command
{
public:
    [[nodiscard]] QString name() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] QString examples() const override;
    void addOptions(CLI::App &app) override;
    [[nodiscard]] domain::Result<int> execute(Context &context) override;

private:
    [[nodiscard]] domain::Result<int> showAll(Context &context) const;
    [[nodiscard]] domain::Result<int> showOne(Context &context) const;

    qint64 m_runner = 0;
    std::string m_status;
    bool m_pause = false;
    bool m_resume = false;
};

} // namespace faultline::ctl
