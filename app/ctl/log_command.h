// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/command.h"

#include <string>

namespace faultline::ctl {

/// `log STACK[/SERVICE[/CONTAINER]]` or `log --job ID`: logs of containers, or of a CI job.
class LogCommand : public Command
{
public:
    [[nodiscard]] QString name() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] QString examples() const override;
    void addOptions(CLI::App &app) override;
    [[nodiscard]] std::chrono::milliseconds usualTimeout() const override;
    [[nodiscard]] domain::Result<int> execute(Context &context) override;

private:
    [[nodiscard]] domain::Result<int> showJob(Context &context);
    [[nodiscard]] domain::Result<int> showContainers(Context &context);
    [[nodiscard]] domain::Result<QList<domain::Container>> chosen(Context &context) const;

    std::string m_path;
    qint64 m_job = 0;
    int m_tail = 500;
    bool m_follow = false;
    bool m_timestamps = false;
    bool m_plain = false;
};

} // namespace faultline::ctl
