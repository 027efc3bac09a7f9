// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/prepare_steps.h"

#include "services/runs/pause.h"
#include "services/runs/probe_attempt.h"
#include "services/runs/role_exec.h"
#include "services/runs/sql/sql_call.h"
#include "services/runs/stack_setup.h"
#include "services/runs/text.h"

namespace faultline::runs {

using namespace std::chrono_literals;
using Clock = RunState::Clock;

namespace {

constexpr auto sqlGap = 250ms;
constexpr auto sqlRetries = 30s;

void keepOutput(RunState &state, int number, const std::string &output)
{
    state.keep(QStringLiteral("logs/prepare-%1.log").arg(number), output);
}

void prepareInside(RunState &state, const cases::Step &step, int number)
{
    const auto end = runInside(state, step.where, step.text, state.deadline);
    if (!state.mayGoOn())
        return;
    if (!end)
        return state.fail(end.error().text());
    if (end->exitCode != 0)
        state.fail(Text::tr("A step of prepare ended with the exit code %1 in the role \"%2\": %3")
                       .arg(end->exitCode)
                       .arg(QString::fromStdString(step.where),
                           QString::fromUtf8(end->output.trimmed().right(500))));
    keepOutput(state, number, end->output.toStdString());
}

/// On the first container of the role that is there; a cluster that is not ready yet is asked
/// again.
void prepareBySql(RunState &state, const cases::Step &step, int number)
{
    const ProbeTarget target = probeTarget(step.where);
    const auto patience = Clock::now() + sqlRetries;
    for (;;) {
        const QStringList addresses
            = state.stack.endpoints(serviceOf(state, target.role), target.port);
        if (addresses.isEmpty())
            return state.fail(Text::tr("A step of prepare has no server: no container of \"%1\" "
                                       "publishes the port %2.")
                                  .arg(QString::fromStdString(target.role))
                                  .arg(target.port));
        const SqlEnd end = askSql(sqlServer(addresses.front(), step.where, step.user, step.password,
                                      state.request.passwords),
            step.text, state.deadline, [&state] { return state.mayGoOn(); });
        if (state.isDone())
            return;
        if (end.isOk)
            return keepOutput(state, number, end.rows.empty() ? end.rows : end.rows + '\n');
        if (!mayPass(end) || Clock::now() >= std::min(patience, state.deadline))
            return state.fail(Text::tr("A statement of prepare failed at %1: %2")
                                  .arg(addresses.front(), QString::fromStdString(end.problem)));
        pauseFor(sqlGap);
    }
}

void prepareHere(RunState &state, const cases::Step &step, int number)
{
    const auto end = runCommand(state, QString::fromStdString(step.text),
        QStringLiteral("prepare-%1.log").arg(number), state.deadline);
    if (state.isDone())
        return;
    if (!end)
        state.fail(end.error().text());
    else if (!*end)
        state.fail(Text::tr("A step of prepare did not end within the case's timeout."));
    else if ((*end)->signal != 0 || (*end)->exitCode != 0)
        state.fail(Text::tr("A step of prepare ended with %1; logs/prepare-%2.log has its output.")
                       .arg((*end)->text())
                       .arg(number));
}

} // namespace

bool prepareStack(RunState &state)
{
    int number = 0;
    for (const cases::Step &step : state.request.caseFile.topology.prepare) {
        state.events.write("prepare", { { "command", step.text } },
            Text::tr("preparing: %1").arg(QString::fromStdString(step.text)).toStdString());
        ++number;
        if (step.kind == cases::Step::Kind::Sql)
            prepareBySql(state, step, number);
        else if (step.where != "runner")
            prepareInside(state, step, number);
        else
            prepareHere(state, step, number);
        if (state.isDone())
            return false;
    }
    return true;
}

} // namespace faultline::runs
