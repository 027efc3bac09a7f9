// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/command.h"

#include <string>
#include <vector>

namespace faultline::ctl {

/// `status …`: what the commit that triggered a run is told.
class StatusCommand : public Command
{
public:
    [[nodiscard]] QString name() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] QString examples() const override;
    void addOptions(CLI::App &app) override;
    [[nodiscard]] domain::Result<int> execute(Context &context) override;

private:
    [[nodiscard]] domain::Result<int> reconcile(Context &context);
    [[nodiscard]] domain::Result<int> post(Context &context);

    bool m_posts = false;
    std::vector<std::string> m_bundles;
    std::string m_verdict;
    std::string m_context = "faultline";
    std::string m_description;
    std::string m_targetUrl;
};

} // namespace faultline::ctl
