// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/command.h"
#include "services/scenes/reaping.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace faultline::ctl {

/// `scene …`: stacks that were kept so that someone can go in, and what is left of dead runs.
class SceneCommand : public Command
{
public:
    [[nodiscard]] QString name() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] QString examples() const override;
    void addOptions(CLI::App &app) override;
    [[nodiscard]] std::chrono::milliseconds usualTimeout() const override;
    [[nodiscard]] domain::Result<int> execute(Context &context) override;

private:
    using Verb = domain::Result<int> (SceneCommand::*)(Context &);

    CLI::App *addVerb(CLI::App &app, const char *name, const char *help, Verb verb);
    [[nodiscard]] domain::Result<int> list(Context &context);
    [[nodiscard]] domain::Result<int> show(Context &context);
    [[nodiscard]] domain::Result<int> keep(Context &context);
    [[nodiscard]] domain::Result<int> extend(Context &context);
    [[nodiscard]] domain::Result<int> handOver(Context &context);
    [[nodiscard]] domain::Result<int> release(Context &context);
    [[nodiscard]] domain::Result<int> evidence(Context &context);
    [[nodiscard]] domain::Result<int> reap(Context &context);
    [[nodiscard]] domain::Result<int> shell(Context &context);

    Verb m_verb = nullptr;
    std::string m_stack;
    std::string m_team;
    std::string m_person;
    std::string m_reason;
    std::string m_file;
    std::optional<std::chrono::milliseconds> m_time;
    bool m_dryRun = false;
    bool m_noWait = false;
    bool m_noRecord = false;
    std::vector<std::string> m_paths;
    bool m_wantsCores = false;
    std::vector<std::string> m_command;
};

} // namespace faultline::ctl
