// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/command.h"

#include <string>
#include <vector>

namespace faultline::ctl {

/// `exec CONTAINER -- COMMAND…`: runs a command in a container and exits as it did.
class ExecCommand : public Command
{
public:
    [[nodiscard]] QString name() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] QString examples() const override;
    void addOptions(CLI::App &app) override;
    [[nodiscard]] std::chrono::milliseconds usualTimeout() const override;
    [[nodiscard]] domain::Result<int> execute(Context &context) override;

private:
    std::string m_target;
    std::vector<std::string> m_command;
    bool m_hasInput = false;
};

} // namespace faultline::ctl
