// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/command.h"
#include "services/cases/schema/case_file.h"
#include "services/runs/run_request.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace faultline::ctl {

/// `run CASE` and `run -- COMMAND`: the whole life of a declared case, or of a script, and its
/// verdict as the exit code.
class RunCommand : public Command
{
public:
    [[nodiscard]] QString name() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] QString examples() const override;
    void addOptions(CLI::App &app) override;
    [[nodiscard]] std::chrono::milliseconds usualTimeout() const override;
    [[nodiscard]] bool takesCommand() const override { return true; }
    void takeCommand(const QStringList &words) override { m_command = words; }
    [[nodiscard]] bool endsInOrder() const override { return true; }
    [[nodiscard]] domain::Result<int> execute(Context &context) override;

private:
    [[nodiscard]] domain::Result<int> showPlan(
        Context &context, const cases::CaseFile &caseFile, std::uint64_t seed);
    [[nodiscard]] domain::Result<void> checkUse() const;
    [[nodiscard]] domain::Result<int> runCase(Context &context);
    [[nodiscard]] domain::Result<int> runScript(Context &context);
    [[nodiscard]] domain::Result<int> carryOut(
        Context &context, const domain::Result<runs::RunRequest> &request);

    std::string m_case;
    std::vector<std::string> m_set;
    std::optional<std::uint64_t> m_seed;
    std::string m_bundle;
    bool m_keep = false;
    std::string m_name;
    std::vector<std::string> m_skip;
    std::optional<std::chrono::milliseconds> m_keepFailed;
    std::optional<QStringList> m_command; // behind "--"
    bool m_dryRun = false;
};

} // namespace faultline::ctl
