// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/command.h"
#include "app/ctl/stack_watch.h"

#include <string>
#include <vector>

namespace faultline::ctl {

/// `up`: creates a stack from compose files.
class UpCommand : public Command
{
public:
    [[nodiscard]] QString name() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] QString examples() const override;
    void addOptions(CLI::App &app) override;
    [[nodiscard]] std::chrono::milliseconds usualTimeout() const override;
    [[nodiscard]] domain::Result<int> execute(Context &context) override;

private:
    [[nodiscard]] domain::Result<stacks::StackSpec> spec(const Context &context) const;
    [[nodiscard]] domain::Result<QMap<QString, QString>> composeVariables(
        const QProcessEnvironment &environment) const;
    [[nodiscard]] static domain::Result<StackBook> waitUntilRunning(
        Context &context, StackWatch &watch, const domain::Stack &stack);
    static void show(Context &context, const StackBook &book, const domain::Stack &stack);

    std::string m_composeFile = "docker-compose.yml";
    std::string m_rancherFile;
    std::string m_name;
    std::string m_description;
    std::vector<std::string> m_environment;
    std::vector<std::string> m_labels;
    bool m_wait = false;
};

} // namespace faultline::ctl
