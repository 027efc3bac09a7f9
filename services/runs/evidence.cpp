// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/evidence.h"

#include "services/runs/record/plain_file.h"
#include "services/runs/role_exec.h"
#include "services/runs/text.h"
#include "services/scenes/container_files.h"
#include "services/scenes/container_json.h"
#include "services/scenes/log_fetch.h"
#include "services/scenes/secret_mask.h"

#include <QFile>

#include <map>
#include <set>

namespace faultline::runs {

namespace {

using cases::EvidenceWish;

QString folderOf(const RunState &state, const domain::Container &container)
{
    return state.request.bundle + QStringLiteral("/nodes/")
        + scenes::fileNameOf(container, state.request.stackName);
}

void writeInspect(RunState &state, const domain::Container &container)
{
    const QString path = folderOf(state, container) + QStringLiteral("/inspect.json");
    const Json json = scenes::containerJson(container, state.stack.hostName(container.hostId));
    const std::string text = json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
    const auto problem = replaceFile(QFile::encodeName(path).toStdString(),
        scenes::SecretMask::maskedText(secretsOf(state.request), text));
    if (problem)
        state.fail(
            Text::tr("The bundle can't be written: %1.").arg(QString::fromStdString(*problem)));
}

void tellMissing(RunState &state, const QString &sentence)
{
    state.events.write("evidence.missing", { { "what", sentence.toStdString() } },
        Text::tr("evidence is missing: %1").arg(sentence).toStdString());
}

/// What the case wants of this container.
scenes::FilesOrder filesWanted(const RunState &state, const domain::Container &container)
{
    scenes::FilesOrder order;
    order.container = container;
    order.folder = folderOf(state, container) + QStringLiteral("/files");
    order.secrets = secretsOf(state.request);
    for (const EvidenceWish &wish : state.request.caseFile.evidence) {
        if (wish.kind == EvidenceWish::Kind::Cores)
            order.wantsCores = true;
        if (wish.kind != EvidenceWish::Kind::Files)
            continue;
        const auto of = state.stack.containersOf(serviceOf(state, wish.role));
        const bool isMeant = wish.role.empty()
            || std::any_of(of.begin(), of.end(),
                [&](const domain::Container &other) { return other.id == container.id; });
        if (isMeant)
            order.paths += QString::fromStdString(wish.path);
    }
    return order;
}

void collectFiles(
    RunState &state, const QList<domain::Container> &containers, RunState::Clock::time_point until)
{
    for (const domain::Container &container : containers) {
        const scenes::FilesOrder order = filesWanted(state, container);
        if (order.paths.isEmpty() && !order.wantsCores)
            continue;
        const auto left
            = std::chrono::duration_cast<std::chrono::milliseconds>(until - RunState::Clock::now());
        const auto report = scenes::fetchFiles(
            state.backend, order, std::max(left, std::chrono::milliseconds(1)), state.hurry);
        for (const QString &sentence : report.missing)
            tellMissing(state, sentence);
    }
}

/// The kernel is the host's, so one container of each host is asked.
void collectKernelLogs(
    RunState &state, const QList<domain::Container> &containers, RunState::Clock::time_point until)
{
    std::set<domain::HostId> asked;
    for (const domain::Container &container : containers) {
        if (!isAlive(container) || !asked.insert(container.hostId).second)
            continue;
        const auto end = runInContainer(state, container.id,
            R"(all=$(dmesg) || { echo "$all"; exit 1; }; printf %s "$all" | tail -c 60000)", until);
        if (!end || end->exitCode != 0) {
            tellMissing(state,
                Text::tr("the kernel's messages can't be read from %1: %2")
                    .arg(container.name,
                        end ? QString::fromUtf8(end->output.left(200)).trimmed()
                            : end.error().message));
            continue;
        }
        const QString path = folderOf(state, container) + QStringLiteral("/dmesg.txt");
        const auto problem = replaceFile(QFile::encodeName(path).toStdString(),
            scenes::SecretMask::maskedText(secretsOf(state.request), end->output.toStdString()));
        if (problem)
            tellMissing(state, QString::fromStdString(*problem));
    }
}

/// What the case asks for beside logs and states.
void collectWishes(
    RunState &state, const QList<domain::Container> &containers, std::chrono::milliseconds limit)
{
    const auto &wishes = state.request.caseFile.evidence;
    const auto until = RunState::Clock::now() + limit;
    const bool wantsKernelLog = std::any_of(wishes.begin(), wishes.end(),
        [](const EvidenceWish &wish) { return wish.kind == EvidenceWish::Kind::KernelLog; });
    collectFiles(state, containers, until);
    if (wantsKernelLog)
        collectKernelLogs(state, containers, until);
}

} // namespace

std::vector<std::string> secretsOf(const RunRequest &request)
{
    std::vector<std::string> out;
    for (auto it = request.environment.begin(); it != request.environment.end(); ++it) {
        if (scenes::isSecretName(it.key().toStdString()))
            out.push_back(it.value().toStdString());
    }
    return out;
}

std::vector<Measured::Log> collectEvidence(RunState &state, std::chrono::milliseconds limit)
{
    state.events.write("evidence", Json::object(), Text::tr("collecting evidence").toStdString());
    const auto containers = state.stack.containers();
    std::map<domain::ServiceId, QString> services;
    for (const domain::Service &service : state.stack.services())
        services[service.id] = service.name;
    std::vector<scenes::LogOrder> orders;
    std::vector<Measured::Log> out;
    for (const domain::Container &container : containers) {
        writeInspect(state, container);
        const QString path = state.request.bundle + QStringLiteral("/logs/")
            + scenes::fileNameOf(container, state.request.stackName) + QStringLiteral(".log");
        out.push_back({ services[container.serviceId].toStdString(), container.name.toStdString(),
            QFile::encodeName(path).toStdString(), false });
        orders.push_back({ container.id, path });
    }
    const auto complete
        = scenes::fetchLogs(state.backend, orders, secretsOf(state.request), limit, state.hurry);
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i].isComplete = complete[i];
        if (!out[i].isComplete)
            state.events.write("evidence.incomplete", { { "container", out[i].container } },
                Text::tr("the log of %1 could not be read to its end")
                    .arg(QString::fromStdString(out[i].container))
                    .toStdString());
    }
    collectWishes(state, containers, limit);
    return out;
}

} // namespace faultline::runs
