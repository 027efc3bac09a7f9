// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/chaos/chaos_command.h"

#include "app/ctl/duration_option.h"
#include "app/ctl/text.h"

#include <CLI/CLI.hpp>

namespace faultline::ctl {

QString ChaosCommand::name() const
{
    return QStringLiteral("chaos");
}

QString ChaosCommand::summary() const
{
    return Text::tr("Inject faults, see them, and undo them; print a case's timetable");
}

QString ChaosCommand::examples() const
{
    return Text::tr(
        "Examples:\n"
        "  faultlinectl chaos kinds                            # what the machines here can do\n"
        "  faultlinectl chaos inject network.delay --stack kv --role etcd-1 --for 90s --set "
        "delay=100ms\n"
        "  faultlinectl chaos inject network.partition --stack kv --role etcd --pick leader\n"
        "      --leader-command helpers/leader --for 30s --dry-run\n"
        "  faultlinectl chaos list; faultlinectl chaos show f-0123456789abcdef\n"
        "  faultlinectl chaos extend f-0123456789abcdef --by 60s\n"
        "  faultlinectl chaos stop f-0123456789abcdef; faultlinectl chaos stop --all\n"
        "  faultlinectl chaos reap          # in a job's after_script: what nobody keeps any more\n"
        "  faultlinectl chaos plan case-leader-kill --seed 42\n"
        "inject stays until the fault is out; Ctrl-C undoes it. With --detach it returns once the "
        "fault is in force, and\n"
        "the timer at the target ends it. When this program dies, the fault ends with its lease.\n"
        "Exit codes: 0 out as it should be; 15 refused, in the way of another, or without effect; "
        "17 a fault leaked.\n"
        "JSON of inject, list, stop, reap: {faults: [{id, kind, state, stack, target, host, owner, "
        "run, created, until,\n"
        "       leaseSeconds, durationSeconds, held, mechanism, detail, undo, measured}]}; show "
        "adds changes: [{at,\n"
        "       uptime, state, detail}]; kinds: {kinds: [{kind, can, mechanism, reason, "
        "arguments}]}\n"
        "JSON of plan: {case, seed, durationMs, parameters, roles, phases: [{name, beginMs, "
        "durationMs, workload,\n"
        "       healAll}], faults: [{atMs, durationMs, id, kind, phase, role, pick, members, "
        "names}], leftOut: [{id,\n"
        "       phase, atMs, reason}]}");
}

CLI::App *ChaosCommand::addVerb(CLI::App &app, const char *name, const char *help, Verb verb)
{
    CLI::App *sub = app.add_subcommand(name, help);
    sub->fallthrough();
    sub->callback([this, verb] { m_verb = verb; });
    return sub;
}

void ChaosCommand::addOptions(CLI::App &app)
{
    CLI::App *plan = addVerb(app, "plan", "What a run would inject, and when", &ChaosCommand::plan);
    plan->add_option("case", m_case, "A case file, its folder, or the case's name")->required();
    plan->add_option("--set", m_set, "NAME=VALUE for a parameter; may be repeated");
    plan->add_option("--seed", m_seed, "A whole number");
    addVerb(
        app, "kinds", "What the machines here can do, and why not the rest", &ChaosCommand::kinds);
    addInject(app);
    addEnds(app);
    app.require_subcommand(1);
}

void ChaosCommand::addInject(CLI::App &app)
{
    CLI::App *sub = addVerb(app, "inject", "Inject a fault and undo it", &ChaosCommand::inject);
    sub->add_option("kind", m_kind, "network.delay, clock.offset, …")->required();
    sub->add_option("--stack", m_stack, "The stack's name")->required();
    sub->add_option("--role", m_role, "A service of the stack");
    sub->add_option("--pick", m_pick,
           "leader, one, all, n, percent, minority, majority, minorityThird or names")
        ->capture_default_str();
    sub->add_option("--count", m_count, "How many for n, how much for percent");
    sub->add_option("--name", m_names, "A container, for --pick names; may be repeated");
    sub->add_option("--leader-command", m_leaderCommand,
        "Prints the leader's container, service or address, for --pick leader");
    addDurationOption(*sub, "--for", m_for, "How long it lasts (90s)");
    addDurationOption(
        *sub, "--lease", m_lease, "So long after this program died it is over at the latest (30s)");
    addDurationOption(
        *sub, "--wait", m_wait, "Wait so long for another fault that is in the way, not refuse");
    sub->add_option("--set", m_set, "NAME=VALUE of an argument; may be repeated");
    sub->add_option("--seed", m_seed, "That the targets are drawn from");
    sub->add_flag("--dry-run", m_dryRun, "Print what would be hit and touch nothing");
    sub->add_flag("--follow", m_follow, "Into a target that is started again or replaced, too");
    sub->add_flag("--detach", m_detach, "Return once it is in force");
}

void ChaosCommand::addEnds(CLI::App &app)
{
    CLI::App *list = addVerb(app, "list", "Faults that are not over", &ChaosCommand::list);
    list->add_flag("--all", m_all, "Those that are over, too");
    CLI::App *show = addVerb(app, "show", "Everything about a fault", &ChaosCommand::show);
    show->add_option("id", m_ids, "The fault's id")->required()->expected(1);
    CLI::App *extend = addVerb(app, "extend", "Let a fault last longer", &ChaosCommand::extend);
    extend->add_option("id", m_ids, "The fault's id")->required()->expected(1);
    addDurationOption(*extend, "--by", m_by, "So much longer (60s)");
    CLI::App *stop = addVerb(app, "stop", "Undo faults now", &ChaosCommand::stop);
    stop->add_option("id", m_ids, "Ids of faults");
    stop->add_flag("--all", m_all, "Every fault of the project");
    stop->add_option("--stack", m_stack, "With --all: those of one stack only");
    CLI::App *reap = addVerb(
        app, "reap", "Undo faults that nobody keeps any more, and verify", &ChaosCommand::reap);
    reap->add_flag("--dry-run", m_dryRun, "Only say which");
}

std::chrono::milliseconds ChaosCommand::usualTimeout() const
{
    return m_for.value_or(std::chrono::minutes(0)) + m_wait.value_or(std::chrono::minutes(0))
        + std::chrono::minutes(m_follow || m_for ? 60 : 5);
}

domain::Result<int> ChaosCommand::execute(Context &context)
{
    return (this->*m_verb)(context);
}

} // namespace faultline::ctl
