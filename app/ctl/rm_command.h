// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/command.h"

#include <string>
#include <vector>

namespace faultline::ctl {

/// `rm STACK…`: removes stacks with all that belongs to them.
class RmCommand : public Command
{
public:
    [[nodiscard]] QString name() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] QString examples() const override;
    void addOptions(CLI::App &app) override;
    [[nodiscard]] std::chrono::milliseconds usualTimeout() const override;
    [[nodiscard]] domain::Result<int> execute(Context &context) override;

private:
    [[nodiscard]] domain::Result<void> removeOne(Context &context, const QString &name);

    std::vector<std::string> m_names;
    bool m_wait = false;
    bool m_ignoreMissing = false;
};

} // namespace faultline::ctl
