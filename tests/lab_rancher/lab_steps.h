// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/lab_rancher/lab_process.h"

#include <QHash>
#include <QStringList>

/// What the tests of stacks do again and again with a lab.
namespace steps {

[[nodiscard]] QString text(const QJsonObject &object, const char *key);
/// `compose` may say IMAGE for the test's image.
[[nodiscard]] QJsonObject stackOf(
    const char *name, const QString &compose, const QString &rancher = {});
[[nodiscard]] QString path(const char *type, const QJsonObject &resource);

/// Posts the stack and waits until it has this state; gives the state it has at the end.
[[nodiscard]] QString create(LabProcess &lab, const char *name, const QString &compose,
    const QString &rancher = {}, const char *state = "active");
[[nodiscard]] QString waitFor(
    LabProcess &lab, const QString &type, const QString &name, const char *state);
void remove(LabProcess &lab, const char *stack);

} // namespace steps

/// The states of each resource as subscribe told them, in order, by name.
class Watcher
{
public:
    explicit Watcher(LabProcess &lab);

    [[nodiscard]] QStringList states(const QString &name) const { return m_states.value(name); }
    [[nodiscard]] QStringList health(const QString &name) const { return m_health.value(name); }
    [[nodiscard]] int pings() const { return m_pings; }

private:
    void take(const QString &message);

    std::unique_ptr<QWebSocket> m_socket;
    QHash<QString, QStringList> m_states;
    QHash<QString, QStringList> m_health;
    int m_pings = 0;
};
