// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/scene_command.h"

#include "app/ctl/scene_lookup.h"
#include "app/ctl/shell_session.h"
#include "app/ctl/stack_path.h"
#include "app/ctl/terminal_cast.h"
#include "app/ctl/text.h"

#include <algorithm>

namespace faultline::ctl {

namespace {

/// The one that was named, else the first that runs.
domain::Result<domain::Container> chosen(const FoundScene &found, const QString &name)
{
    const StackBook book(found.snapshot);
    if (!name.isEmpty())
        return findContainer(book, found.stack, name);
    const auto containers = book.containersOf(found.stack.id);
    const auto running = std::find_if(containers.begin(), containers.end(),
        [](const domain::Container &row) { return row.life.state == domain::State::Running; });
    if (running == containers.end())
        return domain::failure(domain::ErrorKind::Conflict,
            Text::tr("No container of the scene runs. Its logs are there still: faultlinectl scene "
                     "evidence %1")
                .arg(found.stack.name));
    return *running;
}

} // namespace

domain::Result<int> SceneCommand::shell(Context &context)
{
    const QString text = QString::fromStdString(m_stack);
    const qsizetype mark = text.indexOf(u'/');
    const auto found = askScene(context, mark < 0 ? text : text.left(mark));
    if (!found)
        return domain::failure(found.error());
    const auto container = chosen(*found, mark < 0 ? QString() : text.mid(mark + 1));
    if (!container)
        return domain::failure(container.error());
    TerminalCast cast;
    if (!m_noRecord) {
        const QString time
            = QDateTime::currentDateTimeUtc().toString(QStringLiteral("yyyyMMddHHmmss"));
        const QString file = m_file.empty()
            ? QStringLiteral("%1-%2.cast").arg(found->stack.name, time)
            : QString::fromStdString(m_file);
        const QString problem = cast.open(file, container->name);
        if (!problem.isEmpty())
            return domain::failure(domain::ErrorKind::Local,
                Text::tr("The recording can't be written: %1. --no-record does without.")
                    .arg(problem),
                file);
        context.remark(
            Text::tr("%1: what the terminal shows is recorded in %2").arg(container->name, file));
    }
    QStringList command;
    for (const std::string &word : m_command)
        command += QString::fromStdString(word);
    const bool isRecorded = !m_noRecord;
    const auto carried = carryShell(context, container->id, command, [&](const QByteArray &bytes) {
        if (isRecorded)
            cast.add(bytes);
    });
    if (!cast.isWhole())
        context.remark(Text::tr("The recording is not complete: it could not be written."));
    return carried ? domain::Result<int>(0) : domain::failure(carried.error());
}

} // namespace faultline::ctl
