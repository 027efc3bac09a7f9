// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/role_exec.h"

#include "services/runs/text.h"

#include <charconv>

namespace faultline::runs {

namespace {

/// The container to run in; empty when none runs.
domain::ContainerId containerFor(
    const RunState &state, const std::string &role, std::int64_t number)
{
    const std::size_t mark = role.find('#');
    const auto containers = state.stack.containersOf(serviceOf(state, role.substr(0, mark)));
    if (mark != std::string::npos) {
        int index = -1;
        std::from_chars(role.data() + mark + 1, role.data() + role.size(), index);
        const bool isThere = index >= 0 && index < containers.size() && isAlive(containers[index]);
        return isThere ? containers[index].id : domain::ContainerId();
    }
    QList<domain::ContainerId> running;
    for (const domain::Container &container : containers) {
        if (isAlive(container))
            running += container.id;
    }
    return running.isEmpty() ? domain::ContainerId()
                             : running[static_cast<qsizetype>(number % running.size())];
}

} // namespace

QString serviceOf(const RunState &state, const std::string &role)
{
    for (const cases::Role &known : state.request.caseFile.topology.roles) {
        if (known.name == role)
            return QString::fromStdString(known.service);
    }
    return QString::fromStdString(role);
}

domain::ContainerId containerOf(const RunState &state, const std::string &role)
{
    return containerFor(state, role, 0);
}

ExecInside execInside(const RunState &state)
{
    return [&state](const std::string &role, const QStringList &words, std::int64_t number,
               domain::Done<int> done) {
        return net::callOn<ExecEnd>(
            &state.backend,
            [&backend = state.backend, id = containerFor(state, role, number), words](
                domain::Done<ExecEnd> end) { return execute(backend, id, words, std::move(end)); },
            [done = std::move(done)](domain::Result<ExecEnd> end) {
                done(end ? domain::Result<int>(end->exitCode) : domain::failure(end.error()));
            });
    };
}

domain::Result<ExecEnd> runInside(const RunState &state, const std::string &role,
    const std::string &line, RunState::Clock::time_point deadline)
{
    const domain::ContainerId id = containerFor(state, role, 0);
    if (id.value().isEmpty())
        return domain::failure(domain::ErrorKind::NotFound,
            Text::tr("No container of the role \"%1\" runs.").arg(QString::fromStdString(role)));
    return runInContainer(state, id, line, deadline);
}

domain::Result<ExecEnd> runInContainer(const RunState &state, const domain::ContainerId &id,
    const std::string &line, RunState::Clock::time_point deadline)
{
    const QStringList words{ QStringLiteral("/bin/sh"), QStringLiteral("-c"),
        QString::fromStdString(line) };
    const auto left
        = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - RunState::Clock::now());
    return net::waitFor<ExecEnd>(
        &state.backend,
        [&backend = state.backend, id, words](
            domain::Done<ExecEnd> done) { return execute(backend, id, words, std::move(done)); },
        std::max(left, std::chrono::milliseconds(0)), state.abort);
}

} // namespace faultline::runs
