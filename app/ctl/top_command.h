// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/command.h"
#include "app/ctl/stack_book.h"

#include <string>

namespace faultline::ctl {

/// `top [STACK[/SERVICE[/CONTAINER]]]`: what containers or hosts use.
class TopCommand : public Command
{
public:
    [[nodiscard]] QString name() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] QString examples() const override;
    void addOptions(CLI::App &app) override;
    [[nodiscard]] std::chrono::milliseconds usualTimeout() const override;
    [[nodiscard]] domain::Result<int> execute(Context &context) override;

private:
    [[nodiscard]] domain::Result<QList<domain::Container>> chosen(const StackBook &book) const;

    std::string m_path;
    bool m_hosts = false;
    bool m_follow = false;
};

} // namespace faultline::ctl
