// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/stacks/rancher/rancher_backend.h"
#include "tests/support/fault_server.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMutex>

namespace faultline::tests {

/// A project of a Rancher server that a test can change: its lists are answered by a FaultServer.
class RancherScript
{
public:
    explicit RancherScript(FaultServer &server)
        : m_server(server)
    {
        server.answerBy([this](const Received &request) { return answerTo(request); });
    }

    static constexpr const char *subscribe = "/v2-beta/projects/1a5/subscribe";

    [[nodiscard]] static QJsonObject container(int number, const QString &state)
    {
        const QString id = QStringLiteral("1i%1").arg(number);
        return { { QStringLiteral("id"), id },
            { QStringLiteral("type"), QStringLiteral("container") },
            { QStringLiteral("baseType"), QStringLiteral("instance") },
            { QStringLiteral("name"), QStringLiteral("c%1").arg(number) },
            { QStringLiteral("state"), state },
            { QStringLiteral("stackId"), QStringLiteral("1st1") } };
    }

    [[nodiscard]] static QByteArray eventOf(const QJsonObject &resource)
    {
        const QJsonObject frame{ { QStringLiteral("name"), QStringLiteral("resource.change") },
            { QStringLiteral("resourceType"), resource.value(QStringLiteral("type")) },
            { QStringLiteral("data"), QJsonObject{ { QStringLiteral("resource"), resource } } } };
        return textFrame(QJsonDocument(frame).toJson(QJsonDocument::Compact));
    }

    /// Changes a row of the lists, without telling anybody.
    void set(int number, const QString &state)
    {
        const QMutexLocker lock(&m_mutex);
        m_containers.insert(number, container(number, state));
    }
    void drop(int number)
    {
        const QMutexLocker lock(&m_mutex);
        m_containers.remove(number);
    }

    /// Changes a row and sends its event.
    void change(int number, const QString &state)
    {
        set(number, state);
        m_server.sendFrame(subscribe, eventOf(container(number, state)));
    }

    /// Something else than the ordinary answer for a path that ends like this ("/instances",
    /// "/subscribe").
    void overrule(const QByteArray &ending, const std::optional<Answer> &answer)
    {
        const QMutexLocker lock(&m_mutex);
        if (answer)
            m_overruled.insert(ending, *answer);
        else
            m_overruled.remove(ending);
    }

private:
    [[nodiscard]] static Answer listOf(const QJsonArray &items)
    {
        const QJsonObject page{ { QStringLiteral("type"), QStringLiteral("collection") },
            { QStringLiteral("data"), items }, { QStringLiteral("pagination"), QJsonValue::Null } };
        return json(QJsonDocument(page).toJson(QJsonDocument::Compact));
    }

    [[nodiscard]] std::optional<Answer> answerTo(const Received &request)
    {
        const QMutexLocker lock(&m_mutex);
        for (auto it = m_overruled.cbegin(); it != m_overruled.cend(); ++it) {
            if (request.path.endsWith(it.key()))
                return it.value();
        }
        if (request.path.endsWith("/subscribe")) {
            WebSocketScript script;
            script.frames = { textFrame("{\"name\":\"ping\"}") };
            return webSocket(script);
        }
        if (request.path.endsWith("/stacks"))
            return listOf({ QJsonObject{ { QStringLiteral("id"), QStringLiteral("1st1") },
                { QStringLiteral("name"), QStringLiteral("one") },
                { QStringLiteral("state"), QStringLiteral("active") } } });
        if (request.path.endsWith("/instances"))
            return listOf(QJsonArray::fromVariantList([this] {
                QVariantList out;
                for (const QJsonObject &one : std::as_const(m_containers))
                    out.append(one);
                return out;
            }()));
        if (request.path.endsWith("/services") || request.path.endsWith("/hosts"))
            return listOf({});
        return std::nullopt;
    }

    FaultServer &m_server;
    QMutex m_mutex;
    QMap<int, QJsonObject> m_containers;
    QMap<QByteArray, Answer> m_overruled;
};

/// A backend for the scripted project.
[[nodiscard]] inline std::unique_ptr<stacks::RancherBackend> rancherBackend(const QUrl &url)
{
    settings::RancherSettings settings;
    settings.url = url;
    settings.project = QStringLiteral("1a5");
    return std::make_unique<stacks::RancherBackend>(settings, "key", "canary-secret");
}

} // namespace faultline::tests
