// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/command.h"

#include <string>

namespace faultline::ctl {

/// `export STACK`: the compose files of what runs.
class ExportCommand : public Command
{
public:
    [[nodiscard]] QString name() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] QString examples() const override;
    void addOptions(CLI::App &app) override;
    [[nodiscard]] domain::Result<int> execute(Context &context) override;

private:
    [[nodiscard]] domain::Result<int> writeFiles(
        Context &context, const stacks::ComposeFiles &files) const;

    std::string m_stack;
    std::string m_folder;
    bool m_isForced = false;
};

} // namespace faultline::ctl
