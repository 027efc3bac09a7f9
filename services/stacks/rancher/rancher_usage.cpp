// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/stacks/rancher/rancher_usage.h"

#include "services/stacks/rancher/host_socket.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace faultline::stacks::rancher {

namespace {

// A frame comes every second.
constexpr std::chrono::seconds longestSilence(30);

QJsonObject inside(const QJsonObject &object, const char *key)
{
    return object.value(QLatin1StringView(key)).toObject();
}

qint64 number(const QJsonObject &object, const char *key)
{
    return static_cast<qint64>(object.value(QLatin1StringView(key)).toDouble());
}

UsageSample sampleOf(const QJsonObject &entry)
{
    UsageSample out;
    out.id = entry.value(QStringLiteral("id")).toString();
    out.time = QDateTime::fromString(
        entry.value(QStringLiteral("timestamp")).toString(), Qt::ISODateWithMs)
                   .toUTC();
    const QJsonObject cpu = inside(inside(entry, "cpu"), "usage");
    const bool isHost = entry.value(QStringLiteral("resourceType")) == QStringLiteral("host");
    // A host's `total` counts idle time of one core; user and system are right.
    out.cpuNanos = isHost ? number(cpu, "user") + number(cpu, "system") : number(cpu, "total");
    out.memoryBytes = number(inside(entry, "memory"), "usage");
    out.memoryLimitBytes = number(entry, "memLimit");
    const QJsonObject network = inside(entry, "network");
    out.receivedBytes = number(network, "rx_bytes");
    out.sentBytes = number(network, "tx_bytes");
    const QJsonArray interfaces = network.value(QStringLiteral("interfaces")).toArray();
    for (const QJsonValue &one : interfaces) {
        out.receivedBytes += number(one.toObject(), "rx_bytes");
        out.sentBytes += number(one.toObject(), "tx_bytes");
    }
    const QJsonArray disks
        = inside(entry, "diskio").value(QStringLiteral("io_service_bytes")).toArray();
    for (const QJsonValue &disk : disks) {
        out.readBytes += number(inside(disk.toObject(), "stats"), "Read");
        out.writtenBytes += number(inside(disk.toObject(), "stats"), "Write");
    }
    return out;
}

} // namespace

QList<UsageSample> parseUsage(const QByteArray &frame)
{
    QList<UsageSample> out;
    const QJsonArray entries = QJsonDocument::fromJson(frame).array();
    for (const QJsonValue &entry : entries) {
        if (entry.isObject())
            out.append(sampleOf(entry.toObject()));
    }
    return out;
}

RancherUsage::RancherUsage(std::shared_ptr<RancherClient> client, const QString &collection,
    const QString &id, const QString &link)
    : m_client(std::move(client))
    , m_where(QStringLiteral("usage of ") + id)
{
    m_asking = m_client->readLink(
        collection, id, link, [this](const domain::Result<QByteArray> &answer) {
            if (!answer) {
                Q_EMIT failed(answer.error());
                return;
            }
            // Nothing qualifies, e.g. a container that does not run: an empty object.
            if (QJsonDocument::fromJson(*answer)
                    .object()
                    .value(QStringLiteral("url"))
                    .isUndefined()) {
                Q_EMIT ended();
                return;
            }
            connectTo(socketPathIn(answer, *m_client, m_where));
        });
}

RancherUsage::~RancherUsage() = default;

void RancherUsage::connectTo(const domain::Result<QString> &path)
{
    if (!path) {
        Q_EMIT failed(path.error());
        return;
    }
    m_socket = std::make_unique<net::WebSocket>(m_client->settings(), *path, true);
    m_socket->setWatchdog(longestSilence);
    connect(m_socket.get(), &net::WebSocket::textReceived, this, [this](const QString &text) {
        if (const QList<UsageSample> samples = parseUsage(text.toUtf8()); !samples.isEmpty())
            Q_EMIT sampled(samples);
    });
    connect(m_socket.get(), &net::WebSocket::closed, this, &RancherUsage::ended);
    connect(m_socket.get(), &net::WebSocket::failed, this,
        [this](const domain::Error &error) { Q_EMIT failed(errorOfAccess(error, m_where)); });
    m_socket->open();
}

} // namespace faultline::stacks::rancher
