// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/exec_command.h"

#include "app/ctl/exit_mark.h"
#include "app/ctl/remote_command.h"
#include "app/ctl/stack_lookup.h"
#include "app/ctl/stack_path.h"
#include "app/ctl/standard_input.h"
#include "app/ctl/text.h"
#include "services/stacks/docker_frames.h"

#include <CLI/CLI.hpp>
#include <QRandomGenerator>

namespace faultline::ctl {

namespace {

constexpr qsizetype mostKept = 16 << 20; // of the output, for JSON
constexpr qsizetype mostInput = 64 << 20;
constexpr qsizetype pieceSize = 32 << 10; // of a frame

/// Output to show at once, or to keep for JSON.
class Output
{
public:
    explicit Output(Context &context)
        : m_context(context)
    {
    }

    void add(const QByteArray &bytes)
    {
        if (!m_context.isJson())
            m_context.write(bytes);
        if (m_kept.size() < mostKept)
            m_kept += bytes.left(mostKept - m_kept.size());
    }
    [[nodiscard]] const QByteArray &kept() const { return m_kept; }

private:
    Context &m_context;
    QByteArray m_kept;
};

domain::Result<void> carry(Context &context, RemoteCommand &remote, ExitMark &mark, Output &output)
{
    stacks::DockerFrames frames;
    while (context.hasReader()) {
        const auto news = remote.take(context.remaining(), context.token());
        if (context.token().isCancelled())
            return domain::failure(domain::ErrorKind::Cancelled,
                Text::tr("Cancelled. The command may still run in the container."));
        if (!news)
            return domain::failure(domain::ErrorKind::Timeout,
                Text::tr("The command did not end in time; it may still run in the container."));
        if (const auto *error = std::get_if<domain::Error>(&*news))
            return domain::failure(*error);
        if (const auto *bytes = std::get_if<QByteArray>(&*news))
            output.add(mark.add(frames.add(*bytes)));
        if (mark.exitCode() || std::holds_alternative<RemoteCommand::Ended>(*news))
            break;
    }
    output.add(mark.finish());
    return {};
}

} // namespace

QString ExecCommand::name() const
{
    return QStringLiteral("exec");
}

QString ExecCommand::summary() const
{
    return Text::tr("Run a command in a container and exit as it does");
}

QString ExecCommand::examples() const
{
    return Text::tr(
        "Examples:\n"
        "  faultlinectl exec kv-crud/etcd-1 -- etcdctl endpoint health\n"
        "  faultlinectl exec 1i42 -- sh -c 'cat /proc/meminfo | head -1'\n"
        "  faultlinectl exec -i db/mysql-1 -- mysql < schema.sql\n"
        "The exit code is the command's own; one of faultlinectl's when it could not be "
        "run. Standard output\n"
        "and standard error come as one stream. With --stdin the command gets this program's "
        "input, which is read to\n"
        "its end first (at most 64 MiB); without it there is none. The container needs /bin/sh, "
        "and "
        "head for --stdin.\n"
        "For a terminal use \"faultlinectl shell\".\n"
        "JSON: {\"exitCode\": 0, \"output\": \"…\"}");
}

void ExecCommand::addOptions(CLI::App &app)
{
    app.add_option("CONTAINER", m_target, "STACK/CONTAINER, or a container's id")->required();
    app.add_flag("-i,--stdin", m_hasInput, "Give the command what comes on standard input");
    app.add_option("COMMAND", m_command, "The command and its arguments, after --")->required();
}

std::chrono::milliseconds ExecCommand::usualTimeout() const
{
    return std::chrono::hours(24);
}

domain::Result<int> ExecCommand::execute(Context &context)
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

    QByteArray input;
    if (m_hasInput) {
        const auto read = readStandardInput(context, mostInput);
        if (!read)
            return domain::failure(read.error());
        input = *read;
    }

    ExitMark mark(QByteArray::number(QRandomGenerator::system()->generate64(), 36));
    auto remote = RemoteCommand::open(
        context, container->id, { mark.wrapped(command, m_hasInput ? input.size() : -1), false });
    if (!remote)
        return domain::failure(remote.error());
    for (qsizetype at = 0; at < input.size(); at += pieceSize)
        (*remote)->write(input.mid(at, pieceSize));
    Output output(context);
    if (const auto carried = carry(context, **remote, mark, output); !carried)
        return domain::failure(carried.error());
    if (!mark.exitCode()) {
        auto lost = domain::failure(domain::ErrorKind::Server,
            Text::tr("The connection ended before the command did, or \"%1\" has no /bin/sh.")
                .arg(container->name));
        lost.value().serverWords = QString::fromUtf8(output.kept().right(4096));
        return lost;
    }
    if (context.isJson())
        context.print(QJsonObject{ { QStringLiteral("exitCode"), *mark.exitCode() },
            { QStringLiteral("output"), QString::fromUtf8(output.kept()) } });
    return *mark.exitCode();
}

} // namespace faultline::ctl
