// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/command.h"

#include <string>

namespace faultline::ctl {

/// `lint-ci [FILE]`: what the server thinks of a .gitlab-ci.yml.
class LintCiCommand : public Command
{
public:
    [[nodiscard]] QString name() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] QString examples() const override;
    void addOptions(CLI::App &app) override;
    [[nodiscard]] domain::Result<int> execute(Context &context) override;

private:
    std::string m_file;
    std::string m_ref;
    bool m_isDryRun = false;
};

} // namespace faultline::ctl
