// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/lab_rancher/lab_steps.h"

#include <QJsonDocument>
#include <QTest>

namespace steps {

QString text(const QJsonObject &object, const char *key)
{
    return object[QLatin1String(key)].toString();
}

QJsonObject stackOf(const char *name, const QString &compose, const QString &rancher)
{
    return { { QStringLiteral("name"), QLatin1String(name) },
        { QStringLiteral("dockerCompose"),
            QString(compose).replace(
                QStringLiteral("IMAGE"), QStringLiteral("faultline/busybox:1")) },
        { QStringLiteral("rancherCompose"), rancher } };
}

QString path(const char *type, const QJsonObject &resource)
{
    return QStringLiteral("/v2-beta/projects/1a5/%1/%2")
        .arg(QLatin1String(type), text(resource, "id"));
}

QString waitFor(LabProcess &lab, const QString &type, const QString &name, const char *state)
{
    QJsonObject seen;
    const bool reached = QTest::qWaitFor(
        [&] {
            seen = lab.named(type, name);
            return text(seen, "state") == QLatin1String(state);
        },
        30'000);
    return reached ? text(seen, "state")
                   : text(seen, "state") + QStringLiteral(" (timed out) ")
            + text(seen, "transitioningMessage");
}

QString create(LabProcess &lab, const char *name, const QString &compose, const QString &rancher,
    const char *state)
{
    const auto created = lab.ask(
        "POST", QStringLiteral("/v2-beta/projects/1a5/stacks"), stackOf(name, compose, rancher));
    if (created.status != 201)
        return text(created.body, "message");
    return waitFor(lab, QStringLiteral("stacks"), QLatin1String(name), state);
}

void remove(LabProcess &lab, const char *stack)
{
    const QJsonObject found = lab.named(QStringLiteral("stacks"), QLatin1String(stack));
    if (found.isEmpty())
        return;
    lab.ask("DELETE", path("stacks", found));
    QTRY_VERIFY_WITH_TIMEOUT(
        lab.named(QStringLiteral("stacks"), QLatin1String(stack)).isEmpty(), 30'000);
}

} // namespace steps

Watcher::Watcher(LabProcess &lab)
    : m_socket(
        lab.socket(QStringLiteral("/v2-beta/projects/1a5/subscribe?eventNames=resource.change")))
{
    QObject::connect(m_socket.get(), &QWebSocket::textMessageReceived,
        [this](const QString &message) { take(message); });
}

void Watcher::take(const QString &message)
{
    const QJsonObject frame = QJsonDocument::fromJson(message.toUtf8()).object();
    if (steps::text(frame, "name") == QStringLiteral("ping"))
        ++m_pings;
    const QJsonObject resource
        = frame[QStringLiteral("data")].toObject()[QStringLiteral("resource")].toObject();
    const QString name = steps::text(resource, "name");
    const auto note = [](QStringList &list, const QString &word) {
        if (list.isEmpty() || list.last() != word)
            list << word;
    };
    note(m_states[name], steps::text(resource, "state"));
    note(m_health[name], steps::text(resource, "healthState"));
}
