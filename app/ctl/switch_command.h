// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/command.h"
#include "app/ctl/stack_book.h"
#include "app/ctl/stack_path.h"

#include <string>

namespace faultline::ctl {

/// `activate STACK[/SERVICE]` and `deactivate STACK[/SERVICE]`: starts and stops all their
/// containers.
class SwitchCommand : public Command
{
public:
    enum class Direction { On, Off };
    explicit SwitchCommand(Direction direction);

    [[nodiscard]] QString name() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] QString examples() const override;
    void addOptions(CLI::App &app) override;
    [[nodiscard]] std::chrono::milliseconds usualTimeout() const override;
    [[nodiscard]] domain::Result<int> execute(Context &context) override;

private:
    [[nodiscard]] domain::Result<int> switchStack(Context &context, const domain::Stack &stack);
    [[nodiscard]] domain::Result<int> switchService(
        Context &context, const domain::Service &service);

    Direction m_direction;
    std::string m_path;
    bool m_wait = false;
};

} // namespace faultline::ctl
