// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/stack_setup.h"

#include "services/cases/schema/quantities.h"
#include "services/runs/pause.h"
#include "services/runs/prepare_steps.h"
#include "services/runs/probe_clock.h"
#include "services/runs/role_exec.h"
#include "services/runs/role_images.h"
#include "services/runs/stack_calls.h"
#include "services/runs/text.h"

#include <QFile>
#include <QSet>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace faultline::runs {

using namespace std::chrono_literals;
using Clock = RunState::Clock;

namespace {

constexpr auto lookGap = 50ms;
/// A container that exits at once and is started again looks alive for a moment each time; states
/// are told once a second.
constexpr auto steadyFor = 1200ms;
constexpr auto createLimit = 30s;
constexpr auto requestLimit = 10s;

bool hasFailed(const domain::Lifecycle &life)
{
    return life.transitioning == domain::Transitioning::Error || life.state == domain::State::Error;
}

bool isWell(const domain::Lifecycle &life)
{
    return life.health.text().isEmpty() || life.health == domain::Health::Healthy
        || life.health == domain::Health::StartedOnce;
}

/// Until `isReached` says so; false when the run has to end, after telling why.
bool waitUntil(RunState &state, const QString &what, const std::function<bool()> &isReached)
{
    for (;;) {
        if (!state.mayGoOn())
            return false;
        if (isReached())
            return !state.isDone();
        if (state.isDone())
            return false;
        if (Clock::now() >= state.deadline) {
            state.fail(Text::tr("%1 did not happen within the case's timeout.").arg(what));
            return false;
        }
        pauseFor(lookGap);
    }
}

bool create(RunState &state)
{
    stacks::StackSpec spec;
    spec.name = state.request.stackName;
    spec.description
        = Text::tr("Run %1 of the case %2")
              .arg(state.request.run, QString::fromStdString(state.request.caseFile.metadata.name));
    spec.dockerCompose = state.request.dockerCompose;
    spec.rancherCompose = state.request.rancherCompose;
    state.events.write("stack.create", { { "stack", spec.name.toStdString() } },
        Text::tr("starting the stack %1").arg(spec.name).toStdString());
    state.askedForStack = true;
    // Not cancelled by an abort: the server may have made the stack, and then it must be known.
    const auto created = ask<domain::Stack>(
        state.backend,
        [spec](stacks::StackBackend &backend, auto done) {
            return backend.createStack(spec, std::move(done));
        },
        createLimit);
    if (!created)
        state.fail(Text::tr("The stack could not be created: %1").arg(created.error().text()));
    return created.has_value();
}

/// True when it runs; fails the run with the server's reason when it can't.
bool runs(RunState &state)
{
    const auto stack = state.stack.stack();
    if (!stack)
        return false;
    const auto services = state.stack.services();
    if (hasFailed(stack->life))
        state.fail(Text::tr("The stack has failed: %1").arg(stack->life.transitioningMessage));
    for (const domain::Service &service : services) {
        if (hasFailed(service.life))
            state.fail(Text::tr("The service \"%1\" has failed: %2")
                           .arg(service.name, service.life.transitioningMessage));
    }
    const auto containers = state.stack.containers();
    const bool areAlive = !containers.isEmpty()
        && std::all_of(containers.begin(), containers.end(), [](const domain::Container &row) {
               return isAlive(row) || row.life.health == domain::Health::StartedOnce;
           });
    return !services.isEmpty() && stack->life.state == domain::State::Active
        && stack->life.transitioning != domain::Transitioning::Yes && isWell(stack->life)
        && areAlive;
}

bool scaleRoles(RunState &state)
{
    for (const cases::Role &role : state.request.caseFile.topology.roles) {
        const QString name = QString::fromStdString(role.service);
        const auto service = state.stack.service(name);
        if (!service) {
            state.fail(Text::tr("The role \"%1\" names the service \"%2\", which the compose file "
                                "does not have.")
                           .arg(QString::fromStdString(role.name), name));
            return false;
        }
        if (role.scale <= 0 || role.scale == service->scale)
            continue;
        const auto scaled = ask<domain::Service>(
            state.backend,
            [id = service->id, scale = role.scale](stacks::StackBackend &backend, auto done) {
                return backend.scaleService(id, scale, std::move(done));
            },
            requestLimit);
        if (!scaled) {
            state.fail(scaled.error().text());
            return false;
        }
        const bool isReached = waitUntil(state, Text::tr("The scale of \"%1\"").arg(name),
            [&] { return state.stack.containersOf(name).size() == role.scale && runs(state); });
        if (!isReached)
            return false;
    }
    return true;
}

/// One probe per container of its role ("etcd#0:2379"), so that each has to answer.
std::vector<cases::Probe> readyProbes(const RunState &state)
{
    std::vector<cases::Probe> out;
    std::map<std::string, int> seen;
    for (const cases::Probe &probe : state.request.caseFile.topology.ready) {
        const ProbeTarget target = probeTarget(probe.target);
        const bool hasRole
            = probe.target != "runner" && probe.target.find("://") == std::string::npos;
        const auto containers = state.stack.containersOf(serviceOf(state, target.role)).size();
        for (qsizetype i = 0; i < (hasRole ? std::max<qsizetype>(containers, 1) : 1); ++i) {
            cases::Probe each = probe;
            each.id = (probe.id.empty() ? probe.target : probe.id) + " #" + std::to_string(i + 1);
            if (const int twin = ++seen[each.id]; twin > 1)
                each.id += " (" + std::to_string(twin) + ')'; // a role may be asked for two things
            if (hasRole)
                each.target.insert(target.role.size(), '#' + std::to_string(i));
            out.push_back(std::move(each));
        }
    }
    return out;
}

/// The servers' own reasons, each once in a row.
ProbeClock::OnSecond tellWhy(EventLog &events)
{
    return [&events, last = std::map<std::string, std::string>()](
               const std::string &probe, const ProbeSecond &second) mutable {
        if (second.why.empty() || std::exchange(last[probe], second.why) == second.why)
            return;
        events.write("ready.why", { { "probe", probe }, { "why", second.why } },
            Text::tr("%1 is not ready: %2")
                .arg(QString::fromStdString(probe), QString::fromStdString(second.why))
                .toStdString());
    };
}

bool awaitReady(RunState &state)
{
    const auto probes = readyProbes(state);
    if (probes.empty())
        return true;
    const auto resolve = [&state](const std::string &role, int port) {
        const std::size_t mark = role.find('#');
        const int index = std::stoi(role.substr(mark + 1));
        return state.stack.endpoints(serviceOf(state, role.substr(0, mark)), port).mid(index, 1);
    };
    ProbeClock clock(
        probes, resolve, tellWhy(state.events), execInside(state), state.request.passwords);
    clock.start();
    QString waiting;
    const bool isReady = waitUntil(state, Text::tr("The answer to the ready probes"), [&] {
        const auto series = clock.series();
        const auto silent = std::find_if(series.begin(), series.end(),
            [](const auto &entry) { return entry.second.okCount() == 0; });
        if (silent != series.end() && waiting != QString::fromStdString(silent->first)) {
            waiting = QString::fromStdString(silent->first);
            state.events.write("ready.wait", { { "probe", silent->first } },
                Text::tr("waiting for %1").arg(waiting).toStdString());
        }
        return silent == series.end();
    });
    clock.stop();
    return isReady;
}

} // namespace

bool awaitServer(RunState &state)
{
    return waitUntil(state, Text::tr("The server's answer"), [&] { return state.stack.isKnown(); });
}

QStringList stacksOfRun(RunState &state)
{
    const auto all = ask<stacks::StackSnapshot>(
        state.backend,
        [](stacks::StackBackend &backend, auto done) { return backend.snapshot(std::move(done)); },
        requestLimit);
    if (!all)
        return {};
    QSet<domain::StackId> ids;
    const auto look = [&](const auto &rows) {
        for (const auto &row : rows) {
            if (row.labels.value(QStringLiteral("faultline.run")) == state.request.run)
                ids += row.stackId;
        }
    };
    look(all->services);
    look(all->containers);
    QStringList out;
    for (const domain::Stack &stack : all->stacks) {
        if (ids.contains(stack.id) && !domain::isGone(stack.life))
            out += stack.name;
    }
    return out;
}

bool setUpStack(RunState &state)
{
    if (!awaitServer(state) || !create(state))
        return false;
    std::optional<Clock::time_point> runsSince;
    const bool isUp = waitUntil(state, Text::tr("The start of the stack"), [&] {
        if (!runs(state)) {
            runsSince.reset();
            return false;
        }
        runsSince = runsSince.value_or(Clock::now());
        return Clock::now() - *runsSince >= steadyFor;
    });
    if (!isUp || !scaleRoles(state) || !awaitReady(state))
        return false;
    state.events.write("stack.ready", { { "containers", state.stack.containers().size() } },
        Text::tr("the stack runs: %1 containers")
            .arg(state.stack.containers().size())
            .toStdString());
    recordImages(state);
    std::optional<QMap<QString, QStringList>> known;
    refreshEndpoints(state, known);
    return prepareStack(state);
}

bool removeStack(
    RunState &state, const QString &name, std::chrono::milliseconds limit, QString &why)
{
    const auto deadline = Clock::now() + limit;
    bool isAsked = false;
    for (;;) {
        const auto found = ask<domain::Stack>(
            state.backend,
            [name](stacks::StackBackend &backend, auto done) {
                return backend.stackByName(name, std::move(done));
            },
            std::min<std::chrono::milliseconds>(requestLimit, limit));
        if (!found && found.error().kind == domain::ErrorKind::NotFound)
            return true;
        if (found && domain::isGone(found->life))
            return true;
        if (!found)
            why = found.error().text();
        if (found && !isAsked) {
            const auto removed = ask<domain::Stack>(
                state.backend,
                [id = found->id](stacks::StackBackend &backend, auto done) {
                    return backend.removeStack(id, std::move(done));
                },
                requestLimit);
            isAsked = removed.has_value();
            if (!removed)
                why = removed.error().text();
        } else if (found && hasFailed(found->life)) {
            why = found->life.transitioningMessage;
            isAsked = false;
        }
        if (Clock::now() >= deadline) {
            if (why.isEmpty())
                why = Text::tr("it was still there after %1 s")
                          .arg(std::chrono::duration_cast<std::chrono::seconds>(limit).count());
            return false;
        }
        pauseFor(250ms);
    }
}

QString historyFile(const RunRequest &request)
{
    return request.bundle + u'/' + QString::fromStdString(request.caseFile.workload.historyPath);
}

QString progressFile(const RunRequest &request)
{
    const std::string &name = request.caseFile.workload.progress;
    return name.empty() ? QString() : request.bundle + u'/' + QString::fromStdString(name);
}

QMap<QString, QString> commandEnvironment(const RunState &state)
{
    QMap<QString, QString> out = state.request.environment;
    out.insert(QStringLiteral("FAULTLINE_STACK"), state.request.stackName);
    out.insert(QStringLiteral("FAULTLINE_RUN"), state.request.run);
    out.insert(QStringLiteral("FAULTLINE_CASE"),
        QString::fromStdString(state.request.caseFile.metadata.name));
    out.insert(QStringLiteral("FAULTLINE_SEED"), QString::number(state.request.plan.seed));
    out.insert(QStringLiteral("FAULTLINE_BUNDLE"), state.request.bundle);
    if (!state.request.caseFile.workload.historyPath.empty())
        out.insert(QStringLiteral("FAULTLINE_HISTORY"), historyFile(state.request));
    if (const QString progress = progressFile(state.request); !progress.isEmpty())
        out.insert(QStringLiteral("FAULTLINE_PROGRESS"), progress);
    out.insert(QStringLiteral("FAULTLINE_ENDPOINTS"),
        state.request.bundle + QStringLiteral("/endpoints.json"));
    out.insert(QStringLiteral("FAULTLINE_SECONDS"),
        QString::number(double(state.request.plan.duration.count()) / 1'000));
    return out;
}

void refreshEndpoints(RunState &state, std::optional<QMap<QString, QStringList>> &known)
{
    const auto now = state.stack.allEndpoints();
    if (now == known)
        return;
    known = now;
    Json json = Json::object();
    for (auto it = now.begin(); it != now.end(); ++it) {
        for (const QString &address : it.value())
            json[it.key().toStdString()].push_back(address.toStdString());
    }
    state.keep(QStringLiteral("endpoints.json"), json.dump(1) + '\n');
}

domain::Result<std::optional<ProcessEnd>> runCommand(
    RunState &state, const QString &command, const QString &logName, Clock::time_point deadline)
{
    ProcessGroup::Start start;
    start.command = command;
    start.folder = state.request.root;
    start.environment = commandEnvironment(state);
    start.outputFile = state.request.bundle + QStringLiteral("/logs/") + logName;
    auto process = ProcessGroup::start(start);
    if (!process)
        return domain::failure(process.error());
    while (state.mayGoOn() && Clock::now() < deadline) {
        if (const auto end = (*process)->poll())
            return end;
        pauseFor(lookGap);
    }
    (*process)->kill();
    return std::optional<ProcessEnd>();
}

} // namespace faultline::runs
