// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace faultline::models {

/// Rows in one fixed order with unique keys, changed by the smallest steps. A model forwards the
/// steps to its begin/end functions, so that a view sees ranges and never a reset.
///
/// `Traits` tells how:
///  - `Key keyOf(const Row &)`; the key never changes and alone decides the order;
///  - `bool before(const Key &, const Key &)`, a strict order over keys;
///  - `bool assign(Row &row, Row &&update)`, which takes over what changed and answers whether
///  anything did.
///
/// `Sink` receives `beginInsert(first, last)`, `endInsert()`, `beginRemove(first, last)`,
/// `endRemove()` around the change itself, and `changed(first, last)` after it. Costs O(changes x
/// log rows), plus what moving the tail costs.
template <typename Row, typename Key, typename Traits>
class KeyedRows
{
public:
    [[nodiscard]] int size() const { return static_cast<int>(m_rows.size()); }
    [[nodiscard]] const Row &at(int row) const { return m_rows[static_cast<std::size_t>(row)]; }
    [[nodiscard]] auto begin() const { return m_rows.begin(); }
    [[nodiscard]] auto end() const { return m_rows.end(); }

    /// -1 when there is none.
    [[nodiscard]] int indexOf(const Key &key) const
    {
        const std::size_t place = lowerBound(key);
        return place < m_rows.size() && !Traits::before(key, Traits::keyOf(m_rows[place]))
            ? static_cast<int>(place)
            : -1;
    }

    /// Fills an empty collection without steps (before its parent is shown).
    void fill(std::vector<Row> rows)
    {
        sortUnique(rows);
        m_rows = std::move(rows);
    }

    void clear() { m_rows.clear(); }

    /// Changes or adds; of several rows with one key the last wins.
    template <typename Sink>
    void upsert(std::vector<Row> rows, Sink &&sink)
    {
        sortUnique(rows);
        std::vector<int> changed;
        std::vector<std::pair<std::size_t, std::size_t>> fresh; // place in m_rows, index in rows
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const Key key = Traits::keyOf(rows[i]);
            const std::size_t place = lowerBound(key);
            const bool known
                = place < m_rows.size() && !Traits::before(key, Traits::keyOf(m_rows[place]));
            if (!known)
                fresh.emplace_back(place, i);
            else if (Traits::assign(m_rows[place], std::move(rows[i])))
                changed.push_back(static_cast<int>(place));
        }
        reportRanges(changed, sink);
        insertFromTheBack(rows, fresh, sink);
    }

    template <typename Sink>
    void remove(const std::vector<Key> &keys, Sink &&sink)
    {
        std::vector<int> places;
        for (const Key &key : keys) {
            if (const int place = indexOf(key); place >= 0)
                places.push_back(place);
        }
        std::sort(places.begin(), places.end());
        places.erase(std::unique(places.begin(), places.end()), places.end());
        removePlaces(places, sink);
    }

    /// Removes every row for which `condition` holds.
    template <typename Condition, typename Sink>
    void removeIf(Condition condition, Sink &&sink)
    {
        std::vector<int> places;
        for (int row = 0; row < size(); ++row) {
            if (condition(at(row)))
                places.push_back(row);
        }
        removePlaces(places, sink);
    }

    /// Calls `report(first, last)` for each run of consecutive numbers in `rows` (ascending).
    template <typename Report>
    static void forRanges(const std::vector<int> &rows, Report report)
    {
        for (std::size_t from = 0; from < rows.size();) {
            std::size_t to = from + 1;
            while (to < rows.size() && rows[to] == rows[to - 1] + 1)
                ++to;
            report(rows[from], rows[to - 1]);
            from = to;
        }
    }

private:
    std::size_t lowerBound(const Key &key) const
    {
        const auto place = std::lower_bound(
            m_rows.begin(), m_rows.end(), key, [](const Row &row, const Key &wanted) {
                return Traits::before(Traits::keyOf(row), wanted);
            });
        return static_cast<std::size_t>(place - m_rows.begin());
    }

    static bool sameKey(const Row &a, const Row &b)
    {
        return !Traits::before(Traits::keyOf(a), Traits::keyOf(b))
            && !Traits::before(Traits::keyOf(b), Traits::keyOf(a));
    }

    static void sortUnique(std::vector<Row> &rows)
    {
        std::stable_sort(rows.begin(), rows.end(), [](const Row &a, const Row &b) {
            return Traits::before(Traits::keyOf(a), Traits::keyOf(b));
        });
        std::size_t kept = 0;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const bool replaces = kept > 0 && sameKey(rows[kept - 1], rows[i]);
            const std::size_t target = replaces ? kept - 1 : kept++;
            if (target != i)
                rows[target] = std::move(rows[i]);
        }
        rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(kept), rows.end());
    }

    template <typename Sink>
    void reportRanges(const std::vector<int> &rows, Sink &sink)
    {
        forRanges(rows, [&sink](int first, int last) { sink.changed(first, last); });
    }

    template <typename Sink>
    void insertFromTheBack(std::vector<Row> &rows,
        const std::vector<std::pair<std::size_t, std::size_t>> &fresh, Sink &sink)
    {
        for (std::size_t to = fresh.size(); to > 0;) {
            std::size_t from = to - 1;
            while (from > 0 && fresh[from - 1].first == fresh[to - 1].first)
                --from;
            const std::size_t place = fresh[from].first;
            std::vector<Row> group;
            group.reserve(to - from);
            for (std::size_t i = from; i < to; ++i)
                group.push_back(std::move(rows[fresh[i].second]));
            sink.beginInsert(static_cast<int>(place), static_cast<int>(place + group.size() - 1));
            m_rows.insert(m_rows.begin() + static_cast<std::ptrdiff_t>(place),
                std::make_move_iterator(group.begin()), std::make_move_iterator(group.end()));
            sink.endInsert();
            to = from;
        }
    }

    template <typename Sink>
    void removePlaces(const std::vector<int> &places, Sink &sink)
    {
        std::vector<std::pair<int, int>> ranges;
        forRanges(places, [&ranges](int first, int last) { ranges.emplace_back(first, last); });
        for (auto range = ranges.rbegin(); range != ranges.rend(); ++range) {
            sink.beginRemove(range->first, range->second);
            m_rows.erase(m_rows.begin() + range->first, m_rows.begin() + range->second + 1);
            sink.endRemove();
        }
    }

    std::vector<Row> m_rows;
};

} // namespace faultline::models
