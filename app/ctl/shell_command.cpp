// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/shell_command.h"

#include "app/ctl/shell_session.h"
#include "app/ctl/stack_lookup.h"
#include "app/ctl/stack_path.h"
#include "app/ctl/text.h"

#include <CLI/CLI.hpp>

namespace faultline::ctl {

QString ShellCommand::name() const
{
    return QStringLiteral("shell");
}

QString ShellCommand::summary() const
{
    return Text::tr("Open a terminal in a container");
}

QString ShellCommand::examples() const
{
    return Text::tr("Examples:\n"
                    "  faultlinectl shell kv-crud/etcd-1\n"
                    "  faultlinectl shell 1i42 -- top\n"
                    "  echo 'df -h; exit' | faultlinectl shell kv-crud/etcd-1\n"
                    "Without a command: bash if there is one, else sh. Every key goes to the "
                    "container, Ctrl-C too; the\n"
                    "shell ends with \"exit\" or Ctrl-D. Nobody tells how it ended: the exit code "
                    "is 0 (\"exec\" knows more).\n"
                    "--output json has no effect: a terminal is bytes.");
}

void ShellCommand::addOptions(CLI::App &app)
{
    app.add_option("CONTAINER", m_target, "STACK/CONTAINER, or a container's id")->required();
    app.add_option("COMMAND", m_command, "Instead of a shell, after --");
}

std::chrono::milliseconds ShellCommand::usualTimeout() const
{
    return std::chrono::hours(24 * 7);
}

domain::Result<int> ShellCommand::execute(Context &context)
{
    const auto book = askBook(context);
    if (!book)
        return domain::failure(book.error());
    const auto container = findContainer(*book, QString::fromStdString(m_target));
    if (!container)
        return domain::failure(container.error());
    QStringList command;
    for (const std::string &word : m_command)
        command += QString::fromStdString(word);
    const auto carried = carryShell(context, container->id, command);
    return carried ? domain::Result<int>(0) : domain::failure(carried.error());
}

} // namespace faultline::ctl
