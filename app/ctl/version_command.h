// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/command.h"

namespace faultline::ctl {

/// This program's version, e.g. "0.1.0".
[[nodiscard]] QString programVersion();

/// `version`: this program's version, and whether the configured servers answer and accept us.
class VersionCommand : public Command
{
public:
    [[nodiscard]] QString name() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] QString examples() const override;
    void addOptions(CLI::App &app) override;
    [[nodiscard]] std::chrono::milliseconds usualTimeout() const override;
    [[nodiscard]] domain::Result<int> execute(Context &context) override;
};

} // namespace faultline::ctl
