// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/feed.h"

#include <QHash>
#include <QSet>

#include <utility>

namespace faultline::domain {

/// The last known state of a collection of values with unique ids, and what changed since somebody
/// was told: the coalescing half of a feed. `IdMember` is the member that holds the id
/// (`&Stack::id`). Putting an equal value changes nothing.
template <typename T, typename IdType, IdType T::*IdMember>
class LiveCollection
{
public:
    /// Replaces everything; the next batch is a snapshot.
    void reset(const QList<T> &values)
    {
        m_values.clear();
        m_values.reserve(values.size());
        for (const T &value : values)
            m_values.insert(value.*IdMember, value);
        m_touched.clear();
        m_isSnapshot = true;
    }

    /// Replaces everything; the next batch holds the differences only.
    void merge(const QList<T> &values)
    {
        QSet<IdType> present;
        present.reserve(values.size());
        for (const T &value : values) {
            present.insert(value.*IdMember);
            put(value);
        }
        const QList<IdType> known = m_values.keys();
        for (const IdType &id : known) {
            if (!present.contains(id))
                remove(id);
        }
    }

    void put(const T &value)
    {
        const IdType &id = value.*IdMember;
        const auto found = m_values.find(id);
        if (found != m_values.end() && found.value() == value)
            return;
        touch(id, found != m_values.end());
        if (found != m_values.end())
            found.value() = value;
        else
            m_values.insert(id, value);
    }

    void remove(const IdType &id)
    {
        if (!m_values.contains(id))
            return;
        touch(id, true);
        m_values.remove(id);
    }

    [[nodiscard]] bool hasChanges() const { return m_isSnapshot || !m_touched.isEmpty(); }
    [[nodiscard]] const QHash<IdType, T> &values() const { return m_values; }

    /// What changed since the last call, each id once.
    [[nodiscard]] Batch<T, IdType> take()
    {
        Batch<T, IdType> out;
        if (std::exchange(m_isSnapshot, false)) {
            out.isSnapshot = true;
            out.added = m_values.values();
            m_touched.clear();
            return out;
        }
        for (auto it = m_touched.cbegin(); it != m_touched.cend(); ++it) {
            const auto found = m_values.constFind(it.key());
            if (found == m_values.cend()) {
                if (it.value())
                    out.removed.append(it.key());
            } else {
                (it.value() ? out.changed : out.added).append(found.value());
            }
        }
        m_touched.clear();
        return out;
    }

private:
    /// `wasKnown` counts only the first time: it is about what the receivers of batches know.
    void touch(const IdType &id, bool wasKnown)
    {
        if (!m_isSnapshot && !m_touched.contains(id))
            m_touched.insert(id, wasKnown);
    }

    QHash<IdType, T> m_values;
    QHash<IdType, bool> m_touched; // id -> whether the receivers know it
    bool m_isSnapshot = false;
};

} // namespace faultline::domain
