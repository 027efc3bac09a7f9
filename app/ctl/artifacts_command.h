// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/command.h"

#include <string>

namespace faultline::ctl {

/// `artifacts JOB`: what a job left behind, into a file.
class ArtifactsCommand : public Command
{
public:
    [[nodiscard]] QString name() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] QString examples() const override;
    void addOptions(CLI::App &app) override;
    [[nodiscard]] std::chrono::milliseconds usualTimeout() const override;
    [[nodiscard]] domain::Result<int> execute(Context &context) override;

private:
    [[nodiscard]] domain::Result<QString> target() const;

    qint64 m_job = 0;
    std::string m_ref;
    std::string m_jobName;
    std::string m_inner;
    std::string m_target;
    bool m_isForced = false;
    int m_largestMib = 2048;
    bool m_keep = false;
};

} // namespace faultline::ctl
