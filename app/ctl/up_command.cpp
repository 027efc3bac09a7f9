// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/up_command.h"

#include "app/ctl/assignments.h"
#include "app/ctl/compose_file.h"
#include "app/ctl/container_table.h"
#include "app/ctl/json_values.h"
#include "app/ctl/run_labels.h"
#include "app/ctl/stack_judges.h"
#include "app/ctl/text.h"
#include "services/stacks/compose_labels.h"

#include <CLI/CLI.hpp>
#include <QRegularExpression>

namespace faultline::ctl {

using domain::ErrorKind;

QString UpCommand::name() const
{
    return QStringLiteral("up");
}

QString UpCommand::summary() const
{
    return Text::tr("Create a stack from compose files");
}

QString UpCommand::examples() const
{
    return Text::tr(
        "Examples:\n"
        "  faultlinectl up --name kv-crud --wait\n"
        "  faultlinectl up -f compose/docker-compose.yml --rancher-file "
        "compose/rancher-compose.yml \\\n"
        "      --name kv-crud-1a2b --env VERSION=7.5 --label team=storage --wait --timeout 300s\n"
        "Every container gets the labels faultline.stack and, inside a CI job, faultline.run, "
        ".pipeline, .job, .case,\n"
        ".owner and .commit. With --wait each change of state is a line; a failure ends with the "
        "server's reason and\n"
        "exit code 17, a stack that is not running in time with 18. The stack stays in both cases "
        "(rm removes it).\n"
        "JSON: the stack with its services and containers (see inspect); without --wait its "
        "services may be missing");
}

void UpCommand::addOptions(CLI::App &app)
{
    app.add_option("-f,--file", m_composeFile, "docker-compose.yml")->capture_default_str();
    app.add_option("--rancher-file", m_rancherFile, "rancher-compose.yml");
    app.add_option("--name", m_name, "Name of the stack: a-z, 0-9 and -, at most 63 characters")
        ->required();
    app.add_option("--description", m_description, "A line about the stack");
    app.add_option("--env", m_environment,
        "NAME=VALUE for ${NAME} in the files, or NAME alone to take it from the "
        "environment; may be repeated");
    app.add_option(
        "--label", m_labels, "NAME=VALUE, a further label of every container; may be repeated");
    app.add_flag("--wait", m_wait, "Return when the stack runs and is healthy");
}

std::chrono::milliseconds UpCommand::usualTimeout() const
{
    return m_wait ? std::chrono::minutes(10) : std::chrono::minutes(1);
}

domain::Result<QMap<QString, QString>> UpCommand::composeVariables(
    const QProcessEnvironment &environment) const
{
    std::vector<std::string> assignments;
    for (const std::string &text : m_environment) {
        if (text.find('=') != std::string::npos) {
            assignments.push_back(text);
            continue;
        }
        const QString variable = QString::fromStdString(text);
        if (!environment.contains(variable)) {
            return domain::failure(ErrorKind::Invalid,
                Text::tr("--env %1: there is no such environment variable.").arg(variable));
        }
        assignments.push_back(text + '=' + environment.value(variable).toStdString());
    }
    return parseAssignments(assignments, QStringLiteral("--env"));
}

domain::Result<stacks::StackSpec> UpCommand::spec(const Context &context) const
{
    stacks::StackSpec out;
    out.name = QString::fromStdString(m_name);
    out.description = QString::fromStdString(m_description);
    static const QRegularExpression nameShape(
        QStringLiteral("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"));
    if (!nameShape.match(out.name).hasMatch()) {
        return domain::failure(ErrorKind::Invalid,
            Text::tr("\"%1\" can't be a stack's name: use a-z, 0-9 and -, at most 63 characters, "
                     "no - at the ends.")
                .arg(out.name));
    }
    const auto variables = composeVariables(context.environment());
    if (!variables)
        return domain::failure(variables.error());
    out.environment = *variables;

    auto labels = parseAssignments(m_labels, QStringLiteral("--label"));
    if (!labels)
        return domain::failure(labels.error());
    labels->insert(runLabels(out.name, context.environment()));

    const QString path = QString::fromStdString(m_composeFile);
    const auto compose = readComposeFile(path);
    if (!compose)
        return domain::failure(compose.error());
    const auto labelled = stacks::withLabels(*compose, *labels, path);
    if (!labelled)
        return domain::failure(labelled.error());
    out.dockerCompose = *labelled;
    if (!m_rancherFile.empty()) {
        const auto rancher = readComposeFile(QString::fromStdString(m_rancherFile));
        if (!rancher)
            return domain::failure(rancher.error());
        out.rancherCompose = *rancher;
    }
    return out;
}

domain::Result<StackBook> UpCommand::waitUntilRunning(
    Context &context, StackWatch &watch, const domain::Stack &stack)
{
    auto book = watch.until(untilStackRuns(stack.id, stack.name),
        Text::tr("The start of the stack \"%1\"").arg(stack.name));
    if (!book) {
        context.remark(
            Text::tr("The stack \"%1\" is left as it is; remove it with: faultlinectl rm %1")
                .arg(stack.name));
    }
    return book;
}

void UpCommand::show(Context &context, const StackBook &book, const domain::Stack &stack)
{
    if (context.isJson())
        context.print(toJson(book, stack));
    else
        context.print(u'\n' + containerTable(book, book.containersOf(stack.id)));
}

domain::Result<int> UpCommand::execute(Context &context)
{
    const auto wanted = spec(context);
    if (!wanted)
        return domain::failure(wanted.error());
    std::unique_ptr<StackWatch> watch;
    if (m_wait) {
        // Before the stack exists, so that its first states are seen too.
        auto opened = StackWatch::open(context);
        if (!opened)
            return domain::failure(opened.error());
        watch = std::move(*opened);
    }
    const auto stack = context.askStacks<domain::Stack>(
        [wanted = *wanted](stacks::StackBackend &backend, auto done) {
            return backend.createStack(wanted, std::move(done));
        });
    if (!stack)
        return domain::failure(stack.error());
    if (!watch) {
        if (context.isJson())
            context.print(toJson(StackBook(), *stack));
        else
            context.print(
                QStringLiteral("%1  %2\n").arg(stack->name, domain::shownState(stack->life)));
        return 0;
    }
    const auto book = waitUntilRunning(context, *watch, *stack);
    if (!book)
        return domain::failure(book.error());
    const domain::Stack *running = book->stack(stack->id);
    show(context, *book, running ? *running : *stack);
    return 0;
}

} // namespace faultline::ctl
