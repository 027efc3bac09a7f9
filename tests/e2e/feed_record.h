// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/session/session.h"

#include <QHash>
#include <QObject>
#include <QStringList>

#include <memory>

namespace faultline::tests {

/// What a Session told about the stacks: the present rows as a model would hold them, and the
/// history of each stack's states by its name. Mistakes of the feed (an id added twice, a change of
/// an unknown row) are written down.
class FeedRecord : public QObject
{
    Q_OBJECT

public:
    FeedRecord(const settings::Workspace &workspace, const settings::Secrets &secrets);

    [[nodiscard]] domain::FeedHealth::Kind health() const { return m_health.kind; }
    [[nodiscard]] const domain::FeedHealth &fullHealth() const { return m_health; }
    [[nodiscard]] QList<domain::FeedHealth::Kind> healthHistory() const { return m_healthHistory; }
    /// "creating>active>gone": each state once in a row.
    [[nodiscard]] QString statesOf(const QString &stackName) const;
    /// The first stack whose name begins so, also one that is gone; empty when none was seen.
    [[nodiscard]] QString stackStartingWith(const QString &start) const;
    [[nodiscard]] bool hasStack(const QString &name) const;
    [[nodiscard]] const domain::Stack *stack(const QString &name) const;
    [[nodiscard]] QList<domain::Container> containersOf(const QString &stackName) const;
    /// Every row as "kind id name state", sorted.
    [[nodiscard]] QStringList rows() const;
    [[nodiscard]] QStringList mistakes() const { return m_mistakes; }
    [[nodiscard]] session::Session &session() { return m_session; }

private:
    void take(const stacks::StackDelta &delta);
    void noteStates();
    template <typename T, typename IdType>
    void apply(QHash<IdType, T> &rows, const domain::Batch<T, IdType> &batch);

    session::Session m_session;
    domain::FeedHealth m_health;
    QList<domain::FeedHealth::Kind> m_healthHistory;
    QHash<domain::StackId, domain::Stack> m_stacks;
    QHash<domain::ServiceId, domain::Service> m_services;
    QHash<domain::ContainerId, domain::Container> m_containers;
    QHash<domain::HostId, domain::Host> m_hosts;
    QHash<QString, QStringList> m_states;
    QStringList m_mistakes;
};

} // namespace faultline::tests
