// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/evidence.h"

#include "services/runs/pause.h"
#include "services/runs/record/plain_file.h"
#include "services/runs/text.h"

#include <QDir>
#include <QFile>

#include <algorithm>
#include <atomic>
#include <map>

namespace faultline::runs {

using namespace std::chrono_literals;
using Clock = RunState::Clock;

namespace {

constexpr int allLines = 100'000'000;
constexpr qint64 largestLog = 256 << 20;

/// One log on its way into a file; everything but the flags is touched on the backend's thread
/// only.
struct Fetch
{
    std::unique_ptr<stacks::ContainerLog> log;
    QFile file;
    qint64 size = 0;
    std::atomic<bool> isOver = false;
    std::atomic<bool> isComplete = false;
};

void begin(stacks::StackBackend &backend, const domain::ContainerId &id, Fetch &fetch)
{
    stacks::LogOptions options;
    options.tailLines = allLines;
    options.follow = false;
    options.timestamps = true;
    fetch.log = backend.openLog(id, options);
    auto *log = fetch.log.get();
    QObject::connect(log, &stacks::ContainerLog::received, log,
        [&fetch](stacks::LogChannel, const QByteArray &bytes) {
            if (fetch.isOver)
                return;
            fetch.size += bytes.size();
            if (fetch.size > largestLog || fetch.file.write(bytes) != bytes.size())
                fetch.isOver = true;
        });
    QObject::connect(log, &stacks::ContainerLog::ended, log, [&fetch] {
        fetch.isComplete = !fetch.isOver && fetch.file.flush();
        fetch.isOver = true;
    });
    QObject::connect(log, &stacks::ContainerLog::failed, log, [&fetch] { fetch.isOver = true; });
}

QString shortName(const RunState &state, const domain::Container &container)
{
    const QString prefix = state.request.stackName + u'-';
    QString name
        = container.name.startsWith(prefix) ? container.name.mid(prefix.size()) : container.name;
    return name.replace(u'/', u'_'); // names come from the server
}

void writeInspect(RunState &state, const domain::Container &container)
{
    const QString path = state.request.bundle + QStringLiteral("/nodes/")
        + shortName(state, container) + QStringLiteral("/inspect.json");
    const Json json = containerJson(container, state.stack.hostName(container.hostId));
    const auto problem = replaceFile(QFile::encodeName(path).toStdString(),
        json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n');
    if (problem)
        state.fail(
            Text::tr("The bundle can't be written: %1.").arg(QString::fromStdString(*problem)));
}

} // namespace

Json containerJson(const domain::Container &container, const QString &hostName)
{
    Json out{ { "id", container.id.value().toStdString() },
        { "name", container.name.toStdString() }, { "image", container.image.toStdString() },
        { "dockerId", container.externalId.toStdString() },
        { "state", container.life.state.text().toStdString() },
        { "health", container.life.health.text().toStdString() },
        { "startCount", container.startCount }, { "host", hostName.toStdString() },
        { "address", container.primaryAddress.toStdString() }, { "ports", Json::array() },
        { "labels", Json::object() } };
    for (const domain::PortBinding &port : container.ports)
        out["ports"].push_back({ { "hostAddress", port.hostAddress.toStdString() },
            { "hostPort", port.hostPort }, { "containerPort", port.containerPort },
            { "protocol", port.protocol.toStdString() } });
    for (auto it = container.labels.begin(); it != container.labels.end(); ++it)
        out["labels"][it.key().toStdString()] = it.value().toStdString();
    return out;
}

std::vector<Measured::Log> collectEvidence(RunState &state, std::chrono::milliseconds limit)
{
    state.events.write("evidence", Json::object(), Text::tr("collecting evidence").toStdString());
    const auto containers = state.stack.containers();
    std::map<domain::ServiceId, QString> services;
    for (const domain::Service &service : state.stack.services())
        services[service.id] = service.name;
    std::vector<std::unique_ptr<Fetch>> fetches;
    std::vector<Measured::Log> out;
    for (const domain::Container &container : containers) {
        writeInspect(state, container);
        const QString path = state.request.bundle + QStringLiteral("/logs/")
            + shortName(state, container) + QStringLiteral(".log");
        out.push_back({ services[container.serviceId].toStdString(), container.name.toStdString(),
            QFile::encodeName(path).toStdString(), false });
        auto fetch = std::make_unique<Fetch>();
        fetch->file.setFileName(path);
        if (!fetch->file.open(QIODevice::WriteOnly))
            fetch->isOver = true;
        fetches.push_back(std::move(fetch));
    }
    QMetaObject::invokeMethod(
        &state.backend,
        [&] {
            for (std::size_t i = 0; i < fetches.size(); ++i) {
                if (!fetches[i]->isOver)
                    begin(state.backend, containers[static_cast<qsizetype>(i)].id, *fetches[i]);
            }
        },
        Qt::BlockingQueuedConnection);
    const auto deadline = Clock::now() + limit;
    const auto isFetching = [&] {
        return std::any_of(
            fetches.begin(), fetches.end(), [](const auto &fetch) { return !fetch->isOver; });
    };
    while (isFetching() && Clock::now() < deadline && !state.hurry.isCancelled())
        pauseFor(20ms);
    QMetaObject::invokeMethod(
        &state.backend,
        [&] {
            for (const auto &fetch : fetches) {
                fetch->log.reset();
                fetch->file.close();
            }
        },
        Qt::BlockingQueuedConnection);
    for (std::size_t i = 0; i < fetches.size(); ++i) {
        out[i].isComplete = fetches[i]->isComplete;
        if (!out[i].isComplete)
            state.events.write("evidence.incomplete", { { "container", out[i].container } },
                Text::tr("the log of %1 could not be read to its end")
                    .arg(QString::fromStdString(out[i].container))
                    .toStdString());
    }
    return out;
}

} // namespace faultline::runs
