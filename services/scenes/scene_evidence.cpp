// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/scenes/scene_evidence.h"

#include "services/scenes/archive_file.h"
#include "services/scenes/container_files.h"
#include "services/scenes/container_json.h"
#include "services/scenes/log_fetch.h"
#include "services/scenes/secret_mask.h"
#include "services/scenes/text.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>

namespace faultline::scenes {

using Json = nlohmann::ordered_json;

namespace {

bool save(const QString &path, const std::string &text)
{
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    return file.open(QIODevice::WriteOnly)
        && file.write(text.data(), static_cast<qint64>(text.size()))
        == static_cast<qint64>(text.size())
        && file.flush();
}

std::string textOf(const Json &json)
{
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

QString hostNameOf(const stacks::StackSnapshot &snapshot, const domain::HostId &id)
{
    for (const domain::Host &host : snapshot.hosts) {
        if (host.id == id)
            return host.name;
    }
    return id.value();
}

Json stackJson(const EvidenceOrder &order)
{
    Json out{ { "stack", order.stack.name.toStdString() },
        { "state", order.stack.life.state.text().toStdString() },
        { "savedAt", QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs).toStdString() },
        { "services", Json::array() } };
    for (const domain::Service &service : order.snapshot.services) {
        if (service.stackId != order.stack.id)
            continue;
        Json row{ { "name", service.name.toStdString() }, { "image", service.image.toStdString() },
            { "scale", service.scale }, { "state", service.life.state.text().toStdString() },
            { "notes", Json::object() } };
        for (auto it = service.metadata.begin(); it != service.metadata.end(); ++it)
            row["notes"][it.key().toStdString()] = it.value().toStdString();
        out["services"].push_back(std::move(row));
    }
    return out;
}

QList<domain::Container> containersOf(const EvidenceOrder &order)
{
    QList<domain::Container> out;
    for (const domain::Container &container : order.snapshot.containers) {
        if (container.stackId == order.stack.id && !domain::isGone(container.life))
            out += container;
    }
    return out;
}

void gatherFiles(stacks::StackBackend &backend, const EvidenceOrder &order,
    const domain::Container &container, const QString &folder, EvidenceReport &report)
{
    if (order.paths.isEmpty() && !order.wantsCores)
        return;
    const auto files = fetchFiles(backend,
        { container, order.paths, order.wantsCores, folder + QStringLiteral("/files"),
            order.secrets },
        order.limit, order.token);
    report.missing += files.missing;
}

/// Everything below `folder`; false when this machine can't hold it.
bool gather(stacks::StackBackend &backend, const EvidenceOrder &order, const QString &folder,
    EvidenceReport &report)
{
    const auto containers = containersOf(order);
    report.containers = static_cast<int>(containers.size());
    bool isSaved = QDir().mkpath(folder + QStringLiteral("/logs"));
    std::vector<LogOrder> logs;
    for (const domain::Container &container : containers) {
        const QString name = fileNameOf(container, order.stack.name);
        const Json json = containerJson(container, hostNameOf(order.snapshot, container.hostId));
        isSaved = isSaved
            && save(folder + QStringLiteral("/nodes/%1/inspect.json").arg(name),
                SecretMask::maskedText(order.secrets, textOf(json)));
        gatherFiles(
            backend, order, container, folder + QStringLiteral("/nodes/%1").arg(name), report);
        logs.push_back({ container.id, folder + QStringLiteral("/logs/%1.log").arg(name) });
    }
    const auto complete = fetchLogs(backend, logs, order.secrets, order.limit, order.token);
    for (std::size_t i = 0; i < complete.size(); ++i) {
        if (!complete[i])
            report.missing += Text::tr("The log of %1 could not be read to its end.")
                                  .arg(containers[static_cast<qsizetype>(i)].name);
    }
    Json stack = stackJson(order);
    for (const QString &sentence : report.missing)
        stack["missing"].push_back(sentence.toStdString());
    return isSaved
        && save(folder + QStringLiteral("/stack.json"),
            SecretMask::maskedText(order.secrets, textOf(stack)));
}

} // namespace

domain::Result<EvidenceReport> saveEvidence(
    stacks::StackBackend &backend, const EvidenceOrder &order)
{
    EvidenceReport report;
    report.path = QFileInfo(order.target).absoluteFilePath();
    // Beside the target, so that it is known early when the disk is full.
    const QTemporaryDir work(QFileInfo(report.path).path() + QStringLiteral("/.evidence-XXXXXX"));
    if (!work.isValid() || !gather(backend, order, work.path(), report))
        return domain::failure(domain::ErrorKind::Local,
            Text::tr("The evidence can't be written beside the archive."), report.path);
    if (order.token.isCancelled())
        return domain::failure(domain::ErrorKind::Cancelled, Text::tr("Cancelled."));
    const auto packed = packFolder(work.path(), order.stack.name, report.path);
    if (!packed)
        return domain::failure(packed.error());
    report.bytes = *packed;
    return report;
}

} // namespace faultline::scenes
