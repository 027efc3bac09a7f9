// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/command.h"

#include <chrono>
#include <optional>
#include <string>

namespace faultline::ctl {

/// `start`, `stop` and `restart` of one container.
class ContainerCommand : public Command
{
public:
    explicit ContainerCommand(stacks::ContainerAction action);

    [[nodiscard]] QString name() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] QString examples() const override;
    void addOptions(CLI::App &app) override;
    [[nodiscard]] std::chrono::milliseconds usualTimeout() const override;
    [[nodiscard]] domain::Result<int> execute(Context &context) override;

private:
    [[nodiscard]] domain::Result<domain::Container> run(
        Context &context, const domain::ContainerId &id) const;
    [[nodiscard]] domain::Result<domain::Container> waitFor(
        Context &context, const domain::Container &container) const;

    stacks::ContainerAction m_action;
    std::string m_target;
    std::optional<std::chrono::milliseconds> m_grace;
    bool m_wait = false;
};

} // namespace faultline::ctl
