// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/program.h"

#include "app/ctl/command_list.h"
#include "app/ctl/duration_option.h"
#include "app/ctl/error_report.h"
#include "app/ctl/text.h"
#include "app/ctl/version_command.h"

#include <CLI/CLI.hpp>
#include <QEventLoop>
#include <QFileInfo>
#include <QThread>

#include <algorithm>
#include <iterator>

namespace faultline::ctl {

namespace {

constexpr int badUsage = 64;

std::string environmentHelp()
{
    return Text::tr("Where to connect: --workspace FILE, or FAULTLINE_WORKSPACE, or the variables "
                    "FAULTLINE_GITLAB_URL,\n"
                    "FAULTLINE_GITLAB_PROJECT, FAULTLINE_GITLAB_TOKEN, FAULTLINE_TRIGGER_TOKEN, "
                    "FAULTLINE_RANCHER_URL,\n"
                    "FAULTLINE_RANCHER_ACCESS_KEY, FAULTLINE_RANCHER_SECRET_KEY, "
                    "FAULTLINE_RANCHER_PROJECT (a CI job's own CI_* and\n"
                    "RANCHER_* variables are understood too).\n"
                    "Exit codes: 0 ok, 4 cancelled, 10 network, 11 tls, 12 auth, 13 forbidden, 14 "
                    "not found, 15 conflict,\n"
                    "16 rate limited, 17 server, 18 timeout, 19 local, 64 bad usage, 70 internal.\n"
                    "\"faultlinectl COMMAND --help\" shows a command's options and examples.")
        .toStdString();
}

} // namespace

Program::Program(std::ostream &out, std::ostream &err)
    : m_out(out)
    , m_err(err)
    , m_app(std::make_unique<CLI::App>(
          Text::tr("Faultline on the command line: stacks, cases, logs and faults.").toStdString(),
          "faultlinectl"))
    , m_commands(allCommands())
{
    addGlobalOptions();
    addCommands();
}

Program::~Program() = default;

void Program::addGlobalOptions()
{
    m_app->set_version_flag("--version", "faultlinectl " + programVersion().toStdString());
    m_app->add_option("--workspace", m_workspaceFile, "The workspace's YAML file");
    m_app->add_option("--token-file", m_tokenFile,
        "GitLab token from this file (mode 0600) instead of the workspace's");
    m_app->add_option("-o,--output", m_format, "table for people, json for scripts")
        ->check(CLI::IsMember({ "table", "json" }))
        ->capture_default_str();
    addDurationOption(
        *m_app, "--timeout", m_timeout, "Longest time the command may take (300s, 5m)");
    m_app->require_subcommand(1);
    m_app->footer(environmentHelp());
}

void Program::addCommands()
{
    for (const auto &command : m_commands) {
        CLI::App *sub = m_app->add_subcommand(
            command->name().toStdString(), command->summary().toStdString());
        sub->fallthrough();
        sub->footer(command->examples().toStdString());
        command->addOptions(*sub);
        sub->callback([this, chosen = command.get()] { m_chosen = chosen; });
    }
}

std::optional<int> Program::parse(const std::vector<std::string> &arguments)
{
    const auto mark = std::find(arguments.begin(), arguments.end(), "--");
    const auto taker = std::find_if(m_commands.begin(), m_commands.end(), [&](const auto &command) {
        return command->takesCommand()
            && std::find(arguments.begin(), mark, command->name().toStdString()) != mark;
    });
    const auto end = taker == m_commands.end() ? arguments.end() : mark;
    if (end != arguments.end()) {
        QStringList words;
        for (auto word = mark + 1; word != arguments.end(); ++word)
            words += QString::fromLocal8Bit(word->c_str());
        (*taker)->takeCommand(words);
    }
    // CLI11 takes them from the back.
    std::vector<std::string> reversed(std::make_reverse_iterator(end), arguments.rend());
    try {
        m_app->parse(reversed);
    } catch (const CLI::ParseError &error) {
        const int code = m_app->exit(error, m_out, m_err);
        return code == 0 ? 0 : badUsage;
    }
    return std::nullopt;
}

int Program::execute(Context &context)
{
    const auto result = m_chosen->execute(context);
    if (result)
        return *result;
    m_err << errorReport(result.error()).toStdString() << std::flush;
    return domain::exitCodeFor(result.error().kind);
}

int Program::run(const Surroundings &surroundings)
{
    QProcessEnvironment environment = surroundings.environment;
    if (!m_workspaceFile.empty()) // for commands that this one starts
        environment.insert(
            QStringLiteral("FAULTLINE_WORKSPACE"), QFileInfo(workspaceFile()).absoluteFilePath());
    Context context({ m_out, m_err, surroundings.connections, environment,
        m_format == "json" ? OutputFormat::Json : OutputFormat::Table, surroundings.token,
        surroundings.hurry,
        std::chrono::steady_clock::now() + m_timeout.value_or(m_chosen->usualTimeout()),
        surroundings.pollInterval, surroundings.outIsTerminal });
    int exitCode = 70;
    QEventLoop loop;
    const std::unique_ptr<QThread> worker(QThread::create([&] { exitCode = execute(context); }));
    QObject::connect(worker.get(), &QThread::finished, &loop, &QEventLoop::quit);
    worker->start();
    loop.exec();
    worker->wait();
    return exitCode;
}

} // namespace faultline::ctl
