// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/command.h"
#include "services/ci/ci_schedules.h"

#include <string>
#include <vector>

namespace faultline::ctl {

/// `schedules list|show|create|change|rm|play|take`: pipelines at fixed times.
class SchedulesCommand : public Command
{
public:
    [[nodiscard]] QString name() const override;
    [[nodiscard]] QString summary() const override;
    [[nodiscard]] QString examples() const override;
    void addOptions(CLI::App &app) override;
    [[nodiscard]] domain::Result<int> execute(Context &context) override;

private:
    using Action = domain::Result<int> (SchedulesCommand::*)(Context &) const;

    void addFields(CLI::App &app);
    CLI::App *addAction(CLI::App &app, const char *name, const char *help, Action action);
    [[nodiscard]] domain::Result<ci::ScheduleSpec> spec() const;
    [[nodiscard]] domain::Result<void> setVariables(Context &context, domain::ScheduleId id) const;
    [[nodiscard]] domain::Result<int> showIt(Context &context, domain::ScheduleId id) const;
    [[nodiscard]] domain::Result<int> list(Context &context) const;
    [[nodiscard]] domain::Result<int> show(Context &context) const;
    [[nodiscard]] domain::Result<int> create(Context &context) const;
    [[nodiscard]] domain::Result<int> change(Context &context) const;
    [[nodiscard]] domain::Result<int> remove(Context &context) const;
    [[nodiscard]] domain::Result<int> play(Context &context) const;
    [[nodiscard]] domain::Result<int> take(Context &context) const;

    Action m_action = nullptr;
    qint64 m_id = 0;
    std::string m_description;
    std::string m_ref;
    std::string m_cron;
    std::string m_zone;
    bool m_on = false;
    bool m_off = false;
    std::vector<std::string> m_variables;
    std::vector<std::string> m_dropped;
    std::vector<std::string> m_inputs;
    std::vector<std::string> m_droppedInputs;
};

} // namespace faultline::ctl
