// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/export_command.h"

#include "app/ctl/stack_lookup.h"
#include "app/ctl/text.h"

#include <CLI/CLI.hpp>
#include <QDir>
#include <QFile>
#include <QSaveFile>

#include <array>

namespace faultline::ctl {

namespace {

domain::Result<void> save(const QString &path, const QString &text, bool isForced)
{
    if (!isForced && QFile::exists(path)) {
        return domain::failure(domain::ErrorKind::Local,
            Text::tr("\"%1\" exists already. Choose another folder, or replace it with --force.")
                .arg(path));
    }
    QSaveFile file(path);
    const QByteArray bytes = text.toUtf8();
    if (file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit())
        return {};
    return domain::failure(domain::ErrorKind::Local,
        Text::tr("\"%1\" can't be written: %2.").arg(path, file.errorString()));
}

} // namespace

QString ExportCommand::name() const
{
    return QStringLiteral("export");
}

QString ExportCommand::summary() const
{
    return Text::tr("Show the compose files of what a stack runs");
}

QString ExportCommand::examples() const
{
    return Text::tr("Examples:\n"
                    "  faultlinectl export kv-crud\n"
                    "  faultlinectl export kv-crud --into saved/\n"
                    "They are made from what runs, so they may differ from the files that it was "
                    "created from; a \"$\" is\n"
                    "doubled in them, as compose files want it. --into writes docker-compose.yml "
                    "and rancher-compose.yml.\n"
                    "JSON: {\"dockerCompose\": \"…\", \"rancherCompose\": \"…\"}");
}

void ExportCommand::addOptions(CLI::App &app)
{
    app.add_option("STACK", m_stack, "The stack")->required();
    app.add_option("--into", m_folder, "Write the files into this folder, which is made if needed");
    app.add_flag("--force", m_isForced, "Replace files that exist");
}

domain::Result<int> ExportCommand::writeFiles(
    Context &context, const stacks::ComposeFiles &files) const
{
    const QDir folder(QString::fromStdString(m_folder));
    if (!folder.mkpath(QStringLiteral(".")))
        return domain::failure(domain::ErrorKind::Local,
            Text::tr("The folder \"%1\" can't be made.").arg(folder.path()));
    const std::array written{ std::pair(QStringLiteral("docker-compose.yml"), files.dockerCompose),
        std::pair(QStringLiteral("rancher-compose.yml"), files.rancherCompose) };
    for (const auto &[name, text] : written) {
        const QString path = folder.filePath(name);
        if (const auto saved = save(path, text, m_isForced); !saved)
            return domain::failure(saved.error());
        context.remark(path);
    }
    return 0;
}

domain::Result<int> ExportCommand::execute(Context &context)
{
    const auto stack = askStack(context, QString::fromStdString(m_stack));
    if (!stack)
        return domain::failure(stack.error());
    const auto files = context.askStacks<stacks::ComposeFiles>(
        [id = stack->id](stacks::StackBackend &backend, auto done) {
            return backend.exportCompose(id, std::move(done));
        });
    if (!files)
        return domain::failure(files.error());
    if (!m_folder.empty())
        return writeFiles(context, *files);
    if (context.isJson())
        context.print(QJsonObject{ { QStringLiteral("dockerCompose"), files->dockerCompose },
            { QStringLiteral("rancherCompose"), files->rancherCompose } });
    else
        context.print(QStringLiteral("# docker-compose.yml\n") + files->dockerCompose
            + QStringLiteral("\n# rancher-compose.yml\n") + files->rancherCompose);
    return 0;
}

} // namespace faultline::ctl
