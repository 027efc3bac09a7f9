// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/context.h"

#include <chrono>

namespace CLI {
class App;
}

namespace faultline::ctl {

/// One command of faultlinectl: its name, its help, its options and what it does. A new command is
/// one class and one line in command_list.cpp.
class Command
{
public:
    Command() = default;
    virtual ~Command() = default;
    Command(const Command &) = delete;
    Command &operator=(const Command &) = delete;

    [[nodiscard]] virtual QString name() const = 0;
    /// One line for the list of commands.
    [[nodiscard]] virtual QString summary() const = 0;
    /// Examples, one a line, and the shape of the JSON output; shown below the options by --help.
    [[nodiscard]] virtual QString examples() const = 0;
    virtual void addOptions(CLI::App &app) = 0;

    /// How long the command may take when --timeout is not given; asked after parsing.
    [[nodiscard]] virtual std::chrono::milliseconds usualTimeout() const
    {
        return std::chrono::minutes(1);
    }

    /// True when everything behind "--" is a command of somebody else, for takeCommand().
    [[nodiscard]] virtual bool takesCommand() const { return false; }
    virtual void takeCommand(const QStringList &words) { (void)words; }

    /// True when a second Ctrl-C must not end the program at once: the command hears of it by
    /// Context::hurry() and still cleans up.
    [[nodiscard]] virtual bool endsInOrder() const { return false; }

    /// Does the work on a worker thread and gives the exit code, or the error that ends it.
    [[nodiscard]] virtual domain::Result<int> execute(Context &context) = 0;
};

} // namespace faultline::ctl
