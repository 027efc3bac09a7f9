// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/command.h"
#include "services/cases/case_files.h"

#include <string>
#include <vector>

namespace faultline::ctl {

/// `lint`: what is wrong with case files, for people, scripts, code hosts and GitLab. Asks no
/// server.
class LintCommand : public Command
{
public:
    [[nodiscard]] QString name() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] QString examples() const override;
    void addOptions(CLI::App &app) override;
    [[nodiscard]] domain::Result<int> execute(Context &context) override;

private:
    struct Outcome
    {
        cases::Diagnostics diagnostics;
        int files = 0;
        int cases = 0;

        [[nodiscard]] int count(cases::Diagnostic::Level level) const;
    };

    [[nodiscard]] domain::Result<Outcome> check(const Context &context) const;
    void printForPeople(Context &context, const Outcome &outcome) const;
    void print(Context &context, const Outcome &outcome) const;

    std::vector<std::string> m_paths;
    std::vector<std::string> m_set;
    std::string m_format = "text";
    bool m_strict = false;
};

} // namespace faultline::ctl
