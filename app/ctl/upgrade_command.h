// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/command.h"
#include "app/ctl/upgrade_target.h"

#include <optional>
#include <string>
#include <vector>

namespace faultline::ctl {

/// `upgrade STACK -f FILE` and `upgrade STACK/SERVICE --image IMAGE`: new containers for old ones.
class UpgradeCommand : public Command
{
public:
    [[nodiscard]] QString name() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] QString examples() const override;
    void addOptions(CLI::App &app) override;
    [[nodiscard]] std::chrono::milliseconds usualTimeout() const override;
    [[nodiscard]] domain::Result<int> execute(Context &context) override;

private:
    [[nodiscard]] bool asksForFinishOnly() const;
    [[nodiscard]] domain::Result<void> checkOptions(bool isService) const;
    [[nodiscard]] domain::Result<stacks::StackUpgradeSpec> stackSpec(
        const Context &context, const QString &stack) const;
    [[nodiscard]] stacks::ServiceUpgradeSpec serviceSpec() const;
    [[nodiscard]] static domain::Result<int> cancel(Context &context, const UpgradeTarget &target);
    [[nodiscard]] domain::Result<void> start(Context &context, const UpgradeTarget &target) const;

    std::string m_path;
    std::string m_composeFile;
    std::string m_rancherFile;
    std::vector<std::string> m_environment;
    std::vector<std::string> m_labels;
    std::string m_image;
    bool m_isSame = false;
    int m_batchSize = 1;
    std::optional<std::chrono::milliseconds> m_interval;
    bool m_startFirst = false;
    bool m_wait = false;
    bool m_finish = false;
    bool m_cancel = false;
};

} // namespace faultline::ctl
