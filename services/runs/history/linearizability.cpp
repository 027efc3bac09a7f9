// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/history/linearizability.h"

#include <algorithm>
#include <limits>
#include <unordered_set>
#include <utility>

namespace faultline::runs {

namespace {

using Clock = std::chrono::steady_clock;
using Kind = RegisterOperation::Kind;
using Answer = Linearizability::Answer;

constexpr int looksPerClock = 1'024;

/// Which operations have taken effect, and what the register holds then.
struct Configuration
{
    std::vector<std::uint64_t> done;
    int state = 0;

    friend bool operator==(const Configuration &, const Configuration &) = default;
};

struct ConfigurationHash
{
    std::size_t operator()(const Configuration &configuration) const
    {
        std::uint64_t hash
            = 0x9e3779b97f4a7c15ULL ^ static_cast<std::uint64_t>(configuration.state);
        for (const std::uint64_t word : configuration.done) {
            hash = (hash ^ word) * 0xff51afd7ed558ccdULL;
            hash ^= hash >> 32;
        }
        return hash;
    }
};

/// The beginnings and ends of one register's operations, in order, as a doubly linked list from
/// which an operation is taken when it takes effect and put back when that led nowhere.
class Search
{
public:
    Search(const std::vector<RegisterOperation> &operations, Clock::time_point deadline,
        std::size_t mostStates)
        : m_operations(operations)
        , m_deadline(deadline)
        , m_mostStates(mostStates)
    {
        link();
        m_now.done.resize((operations.size() + 63) / 64);
    }

    Answer run();
    /// The operation at which the longest attempt ended, and how many had taken effect by then.
    [[nodiscard]] const RegisterOperation *obstacle() const { return m_obstacle; }
    [[nodiscard]] std::size_t longest() const { return m_longest; }
    [[nodiscard]] bool isOutOfTime() const { return m_isOutOfTime; }

private:
    struct Entry
    {
        std::size_t operation = 0;
        bool isCall = false;
        std::size_t twin = 0; ///< the end of a beginning
        std::size_t before = 0;
        std::size_t after = 0;
    };
    struct Step
    {
        std::size_t entry;
        int stateBefore;
    };

    void link();
    [[nodiscard]] bool mayHappen(const RegisterOperation &operation, int &state) const;
    [[nodiscard]] bool take(std::size_t entry);
    void lift(std::size_t entry);
    void putBack(std::size_t entry);
    void flip(std::size_t operation)
    {
        m_now.done[operation / 64] ^= std::uint64_t(1) << (operation % 64);
    }

    const std::vector<RegisterOperation> &m_operations;
    const Clock::time_point m_deadline;
    const std::size_t m_mostStates;
    std::vector<Entry> m_entries; // the first is the list's head, the last its end
    std::vector<Step> m_steps;
    std::unordered_set<Configuration, ConfigurationHash> m_seen;
    Configuration m_now;
    const RegisterOperation *m_obstacle = nullptr;
    std::size_t m_longest = 0;
    bool m_isOutOfTime = false;
};

void Search::link()
{
    struct Point
    {
        std::int64_t place;
        std::size_t operation;
        bool isCall;
    };
    std::vector<Point> points;
    for (std::size_t i = 0; i < m_operations.size(); ++i) {
        points.push_back({ m_operations[i].call, i, true });
        points.push_back({ m_operations[i].isOpen ? std::numeric_limits<std::int64_t>::max()
                                                  : m_operations[i].end,
            i, false });
    }
    std::stable_sort(points.begin(), points.end(),
        [](const Point &a, const Point &b) { return a.place < b.place; });
    std::vector<std::size_t> calls(m_operations.size());
    m_entries.resize(points.size() + 2);
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        m_entries[i].before = i == 0 ? 0 : i - 1;
        m_entries[i].after = i + 1;
        if (i == 0 || i > points.size())
            continue;
        m_entries[i].operation = points[i - 1].operation;
        m_entries[i].isCall = points[i - 1].isCall;
        if (m_entries[i].isCall)
            calls[m_entries[i].operation] = i;
        else
            m_entries[calls[m_entries[i].operation]].twin = i;
    }
}

bool Search::mayHappen(const RegisterOperation &operation, int &state) const
{
    switch (operation.kind) {
    case Kind::Read:
        return operation.value == state;
    case Kind::Write:
        state = operation.value;
        return true;
    case Kind::CompareAndSet:
        break;
    }
    const bool fits = operation.expected == state;
    if (fits)
        state = operation.value;
    return fits || operation.isOpen; // an open one may have failed without anybody knowing
}

void Search::lift(std::size_t entry)
{
    for (const std::size_t which : { entry, m_entries[entry].twin }) {
        m_entries[m_entries[which].before].after = m_entries[which].after;
        m_entries[m_entries[which].after].before = m_entries[which].before;
    }
}

void Search::putBack(std::size_t entry)
{
    for (const std::size_t which : { m_entries[entry].twin, entry }) {
        m_entries[m_entries[which].before].after = which;
        m_entries[m_entries[which].after].before = which;
    }
}

/// Lets an operation take effect now, if the register allows it and that was not tried before.
bool Search::take(std::size_t entry)
{
    const std::size_t number = m_entries[entry].operation;
    int state = m_now.state;
    if (!mayHappen(m_operations[number], state))
        return false;
    const int before = std::exchange(m_now.state, state);
    flip(number);
    if (!m_seen.insert(m_now).second) {
        flip(number);
        m_now.state = before;
        return false;
    }
    m_steps.push_back({ entry, before });
    lift(entry);
    return true;
}

Answer Search::run()
{
    const std::size_t end = m_entries.size() - 1;
    std::size_t entry = m_entries[0].after;
    for (int looks = 1; m_entries[0].after != end; ++looks) {
        if (looks % looksPerClock == 0 && Clock::now() >= m_deadline) {
            m_isOutOfTime = true;
            return Answer::GaveUp;
        }
        if (m_seen.size() > m_mostStates)
            return Answer::GaveUp;
        if (m_entries[entry].isCall) {
            entry = take(entry) ? m_entries[0].after : m_entries[entry].after;
            continue;
        }
        // Somebody saw the end of an operation that has not taken effect: back to the last choice.
        const RegisterOperation &obstacle = m_operations[m_entries[entry].operation];
        if (obstacle.isOpen)
            return Answer::Yes; // only such are left: none of them has to have happened
        if (m_steps.size() >= m_longest) {
            m_longest = m_steps.size();
            m_obstacle = &obstacle;
        }
        if (m_steps.empty())
            return Answer::No;
        const Step step = m_steps.back();
        m_steps.pop_back();
        m_now.state = step.stateBefore;
        flip(m_entries[step.entry].operation);
        putBack(step.entry);
        entry = m_entries[step.entry].after;
    }
    return Answer::Yes;
}

std::string describe(const RegisterOperation &operation, const RegisterHistory &history)
{
    const std::string value = history.values[static_cast<std::size_t>(operation.value)];
    std::string out;
    switch (operation.kind) {
    case Kind::Read:
        out = "the read of " + value;
        break;
    case Kind::Write:
        out = "the write of " + value;
        break;
    case Kind::CompareAndSet:
        out = "the change from " + history.values[static_cast<std::size_t>(operation.expected)]
            + " to " + value;
        break;
    }
    return out + " by process " + std::to_string(operation.process) + " (line "
        + std::to_string(operation.line) + ')';
}

} // namespace

Linearizability checkLinearizable(
    const RegisterHistory &history, const LinearizabilityLimits &limits)
{
    const auto deadline = Clock::now() + limits.time;
    Linearizability gaveUp;
    for (const auto &[key, operations] : history.registers) {
        Search search(operations, deadline, limits.states);
        const Answer answer = search.run();
        const std::string name = key.empty() ? "The register" : "The register " + key;
        if (answer == Answer::No)
            return { answer, key,
                name + " is not linearizable: " + describe(*search.obstacle(), history)
                    + " fits at no point; at best " + std::to_string(search.longest()) + " of its "
                    + std::to_string(operations.size()) + " operations can be put in order." };
        if (answer == Answer::GaveUp && gaveUp.answer == Answer::Yes)
            gaveUp = { answer, key,
                name + " could not be judged: "
                    + (search.isOutOfTime() ? "the time limit" : "the limit of remembered states")
                    + " was reached." };
    }
    return gaveUp; // another register may still have shown an anomaly, which is why all are looked
                   // at
}

} // namespace faultline::runs
