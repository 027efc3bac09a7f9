// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/command.h"
#include "services/cases/schema/case_file.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace faultline::ctl {

/// `run CASE`: the whole life of a declared case, and its verdict as the exit code.
class RunCommand : public Command
{
public:
    [[nodiscard]] QString name() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] QString examples() const override;
    void addOptions(CLI::App &app) override;
    [[nodiscard]] std::chrono::milliseconds usualTimeout() const override;
    [[nodiscard]] bool endsInOrder() const override { return true; }
    [[nodiscard]] domain::Result<int> execute(Context &context) override;

private:
    [[nodiscard]] domain::Result<int> showPlan(
        Context &context, const cases::CaseFile &caseFile, std::uint64_t seed);

    std::string m_case;
    std::vector<std::string> m_set;
    std::optional<std::uint64_t> m_seed;
    std::string m_bundle;
    bool m_keep = false;
    bool m_dryRun = false;
};

} // namespace faultline::ctl
