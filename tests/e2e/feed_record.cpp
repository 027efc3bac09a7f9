// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/e2e/feed_record.h"

namespace faultline::tests {

namespace {

template <typename Rows>
void describe(QStringList &out, const char *kind, const Rows &rows)
{
    for (const auto &row : rows) {
        out += QStringLiteral("%1 %2 %3 %4")
                   .arg(QLatin1StringView(kind), row.id.value(), row.name,
                       domain::shownState(row.life));
    }
}

} // namespace

FeedRecord::FeedRecord(const settings::Workspace &workspace, const settings::Secrets &secrets)
    : m_session(workspace, secrets)
{
    connect(&m_session, &session::Session::stacksChanged, this, &FeedRecord::take);
    connect(&m_session, &session::Session::stacksHealthChanged, this,
        [this](const domain::FeedHealth &health) {
            m_health = health;
            if (m_healthHistory.isEmpty() || m_healthHistory.last() != health.kind)
                m_healthHistory += health.kind;
        });
    m_session.start();
}

template <typename T, typename IdType>
void FeedRecord::apply(QHash<IdType, T> &rows, const domain::Batch<T, IdType> &batch)
{
    if (batch.isSnapshot)
        rows.clear();
    for (const T &row : batch.added) {
        if (rows.contains(row.id))
            m_mistakes += QStringLiteral("added twice: ") + row.name;
        rows.insert(row.id, row);
    }
    for (const T &row : batch.changed) {
        if (!rows.contains(row.id))
            m_mistakes += QStringLiteral("changed before it was added: ") + row.name;
        rows.insert(row.id, row);
    }
    for (const IdType &id : batch.removed) {
        if (rows.remove(id) == 0)
            m_mistakes += QStringLiteral("removed but not there: ") + id.value();
    }
}

void FeedRecord::take(const stacks::StackDelta &delta)
{
    apply(m_stacks, delta.stacks);
    apply(m_services, delta.services);
    apply(m_containers, delta.containers);
    apply(m_hosts, delta.hosts);
    noteStates();
}

void FeedRecord::noteStates()
{
    for (const domain::Stack &stack : std::as_const(m_stacks)) {
        QStringList &states = m_states[stack.name];
        const QString now = stack.life.state.text();
        if (states.isEmpty() || states.last() != now)
            states += now;
    }
    for (auto known = m_states.begin(); known != m_states.end(); ++known) {
        if (!hasStack(known.key()) && known->last() != QStringLiteral("gone"))
            *known += QStringLiteral("gone");
    }
}

QString FeedRecord::statesOf(const QString &stackName) const
{
    return m_states.value(stackName).join(QLatin1Char('>'));
}

QString FeedRecord::stackStartingWith(const QString &start) const
{
    for (auto known = m_states.begin(); known != m_states.end(); ++known) {
        if (known.key().startsWith(start))
            return known.key();
    }
    return {};
}

const domain::Stack *FeedRecord::stack(const QString &name) const
{
    for (auto row = m_stacks.begin(); row != m_stacks.end(); ++row) {
        if (row->name == name)
            return &*row;
    }
    return nullptr;
}

bool FeedRecord::hasStack(const QString &name) const
{
    return stack(name) != nullptr;
}

QList<domain::Container> FeedRecord::containersOf(const QString &stackName) const
{
    QList<domain::Container> out;
    const domain::Stack *owner = stack(stackName);
    for (const domain::Container &container : m_containers) {
        if (owner && container.stackId == owner->id)
            out += container;
    }
    return out;
}

QStringList FeedRecord::rows() const
{
    QStringList out;
    describe(out, "stack", m_stacks);
    describe(out, "service", m_services);
    describe(out, "container", m_containers);
    describe(out, "host", m_hosts);
    out.sort();
    return out;
}

} // namespace faultline::tests
