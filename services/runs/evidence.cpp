// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/evidence.h"

#include "services/runs/record/plain_file.h"
#include "services/runs/text.h"
#include "services/scenes/container_json.h"
#include "services/scenes/log_fetch.h"
#include "services/scenes/secret_mask.h"

#include <QFile>

#include <map>

namespace faultline::runs {

namespace {

void writeInspect(RunState &state, const domain::Container &container)
{
    const QString path = state.request.bundle + QStringLiteral("/nodes/")
        + scenes::fileNameOf(container, state.request.stackName) + QStringLiteral("/inspect.json");
    const Json json = scenes::containerJson(container, state.stack.hostName(container.hostId));
    const std::string text = json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
    const auto problem = replaceFile(QFile::encodeName(path).toStdString(),
        scenes::SecretMask::maskedText(secretsOf(state.request), text));
    if (problem)
        state.fail(
            Text::tr("The bundle can't be written: %1.").arg(QString::fromStdString(*problem)));
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
    return out;
}

} // namespace faultline::runs
