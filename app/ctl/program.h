// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/command.h"

#include <QProcessEnvironment>

#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace faultline::ctl {

/// The command line: which command, with which options, run where and how.
class Program
{
public:
    /// The streams get everything that the program says.
    Program(std::ostream &out, std::ostream &err);
    ~Program();

    /// Reads the arguments (without the program's name). An exit code when that was all: --help,
    /// --version, bad usage. Needs no QCoreApplication.
    [[nodiscard]] std::optional<int> parse(const std::vector<std::string> &arguments);

    /// What belongs to a run and is not on the command line.
    struct Surroundings
    {
        Connections &connections;
        QProcessEnvironment environment;
        net::CancelToken token;
        std::chrono::milliseconds pollInterval{ 2'000 };
        bool outIsTerminal = false;
        net::CancelToken hurry = {};
    };
    /// Runs the parsed command on a worker thread while this thread, where the connections'
    /// backends live, runs its event loop. Reports the error, if any, and gives the exit code.
    [[nodiscard]] int run(const Surroundings &surroundings);

    /// True when the chosen command cleans up even after a second signal.
    [[nodiscard]] bool endsInOrder() const { return m_chosen && m_chosen->endsInOrder(); }

    /// --workspace; empty when not given. And --token-file.
    [[nodiscard]] QString workspaceFile() const { return QString::fromStdString(m_workspaceFile); }
    [[nodiscard]] QString tokenFile() const { return QString::fromStdString(m_tokenFile); }

private:
    void addGlobalOptions();
    void addCommands();
    [[nodiscard]] int execute(Context &context);

    std::ostream &m_out;
    std::ostream &m_err;
    std::unique_ptr<CLI::App> m_app;
    std::vector<std::unique_ptr<Command>> m_commands;
    Command *m_chosen = nullptr;
    std::string m_workspaceFile;
    std::string m_tokenFile;
    std::string m_format = "table";
    std::optional<std::chrono::milliseconds> m_timeout;
};

} // namespace faultline::ctl
