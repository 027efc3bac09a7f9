// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/command.h"
#include "app/ctl/stack_book.h"

#include <string>

namespace faultline::ctl {

/// `inspect [STACK[/SERVICE[/CONTAINER]]]`: what is there and how it is.
class InspectCommand : public Command
{
public:
    [[nodiscard]] QString name() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] QString examples() const override;
    void addOptions(CLI::App &app) override;
    [[nodiscard]] domain::Result<int> execute(Context &context) override;

private:
    void showAll(Context &context, const StackBook &book) const;
    static void showStack(Context &context, const StackBook &book, const domain::Stack &stack);
    static void showService(
        Context &context, const StackBook &book, const domain::Service &service);
    static void showContainer(
        Context &context, const StackBook &book, const domain::Container &container);

    std::string m_path;
    bool m_all = false;
};

} // namespace faultline::ctl
