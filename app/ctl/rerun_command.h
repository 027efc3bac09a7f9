// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/command.h"

namespace faultline::ctl {

/// `cancel` and `retry` of a pipeline, or with --job of one job.
class RerunCommand : public Command
{
public:
    enum class Verb { Cancel, Retry };
    explicit RerunCommand(Verb verb);

    [[nodiscard]] QString name() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] QString examples() const override;
    void addOptions(CLI::App &app) override;
    [[nodiscard]] domain::Result<int> execute(Context &context) override;

private:
    [[nodiscard]] domain::Result<int> runOnPipeline(Context &context);
    [[nodiscard]] domain::Result<int> runOnJob(Context &context);

    Verb m_verb;
    qint64 m_pipeline = 0;
    qint64 m_job = 0;
    bool m_force = false;
};

} // namespace faultline::ctl
