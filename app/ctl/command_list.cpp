// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/command_list.h"

#include "app/ctl/artifacts_command.h"
#include "app/ctl/bundle_command.h"
#include "app/ctl/cases_command.h"
#include "app/ctl/chaos/chaos_command.h"
#include "app/ctl/container_command.h"
#include "app/ctl/exec_command.h"
#include "app/ctl/export_command.h"
#include "app/ctl/gate_command.h"
#include "app/ctl/inspect_command.h"
#include "app/ctl/jobs_command.h"
#include "app/ctl/lint_ci_command.h"
#include "app/ctl/lint_command.h"
#include "app/ctl/log_command.h"
#include "app/ctl/pipelines_command.h"
#include "app/ctl/play_command.h"
#include "app/ctl/rerun_command.h"
#include "app/ctl/rm_command.h"
#include "app/ctl/rollback_command.h"
#include "app/ctl/run_command.h"
#include "app/ctl/runners_command.h"
#include "app/ctl/scale_command.h"
#include "app/ctl/schedules_command.h"
#include "app/ctl/scene_command.h"
#include "app/ctl/shell_command.h"
#include "app/ctl/status_command.h"
#include "app/ctl/switch_command.h"
#include "app/ctl/top_command.h"
#include "app/ctl/trigger_command.h"
#include "app/ctl/up_command.h"
#include "app/ctl/upgrade_command.h"
#include "app/ctl/version_command.h"
#include "app/ctl/wait_capacity_command.h"

namespace faultline::ctl {

std::vector<std::unique_ptr<Command>> allCommands()
{
    std::vector<std::unique_ptr<Command>> out;
    out.push_back(std::make_unique<UpCommand>());
    out.push_back(std::make_unique<RmCommand>());
    out.push_back(std::make_unique<InspectCommand>());
    out.push_back(std::make_unique<LogCommand>());
    out.push_back(std::make_unique<ScaleCommand>());
    out.push_back(std::make_unique<SwitchCommand>(SwitchCommand::Direction::On));
    out.push_back(std::make_unique<SwitchCommand>(SwitchCommand::Direction::Off));
    out.push_back(std::make_unique<ContainerCommand>(stacks::ContainerAction::Start));
    out.push_back(std::make_unique<ContainerCommand>(stacks::ContainerAction::Stop));
    out.push_back(std::make_unique<ContainerCommand>(stacks::ContainerAction::Restart));
    out.push_back(std::make_unique<UpgradeCommand>());
    out.push_back(std::make_unique<RollbackCommand>());
    out.push_back(std::make_unique<ExportCommand>());
    out.push_back(std::make_unique<ExecCommand>());
    out.push_back(std::make_unique<ShellCommand>());
    out.push_back(std::make_unique<TopCommand>());
    out.push_back(std::make_unique<TriggerCommand>());
    out.push_back(std::make_unique<RerunCommand>(RerunCommand::Verb::Cancel));
    out.push_back(std::make_unique<RerunCommand>(RerunCommand::Verb::Retry));
    out.push_back(std::make_unique<PipelinesCommand>());
    out.push_back(std::make_unique<JobsCommand>());
    out.push_back(std::make_unique<PlayCommand>());
    out.push_back(std::make_unique<ArtifactsCommand>());
    out.push_back(std::make_unique<SchedulesCommand>());
    out.push_back(std::make_unique<RunnersCommand>());
    out.push_back(std::make_unique<LintCiCommand>());
    out.push_back(std::make_unique<LintCommand>());
    out.push_back(std::make_unique<CasesCommand>());
    out.push_back(std::make_unique<ChaosCommand>());
    out.push_back(std::make_unique<RunCommand>());
    out.push_back(std::make_unique<WaitCapacityCommand>());
    out.push_back(std::make_unique<SceneCommand>());
    out.push_back(std::make_unique<BundleCommand>());
    out.push_back(std::make_unique<StatusCommand>());
    out.push_back(std::make_unique<GateCommand>());
    out.push_back(std::make_unique<VersionCommand>());
    return out;
}

} // namespace faultline::ctl
