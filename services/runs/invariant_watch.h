// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runs/command_invariant.h"
#include "services/runs/record/finding.h"
#include "services/runs/sql_invariant.h"

#include <QThread>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>

namespace faultline::runs {

/// Asks the invariants with `when: during` while a run goes on, each every `with.every` (1 s, for
/// commands 10 s without one), every server of it in turn, on a thread of its own. What can't
/// answer is passed over: a fault may have meant it. The first wrong answer ends a check.
class InvariantWatch
{
public:
    /// Where a check's servers are now. Called on the watch's thread.
    using Places = std::function<std::vector<SqlPlace>(const cases::Check &check)>;

    /// Asks the command of an exec.invariant once. Called on the watch's thread.
    using Command = std::function<CommandVerdict(
        const cases::Check &check, const std::function<bool()> &mayGoOn)>;

    InvariantWatch(const std::vector<cases::Check> &checks, Places places, SqlPasswords passwords,
        Command command = {});
    /// Stops.
    ~InvariantWatch();
    InvariantWatch(const InvariantWatch &) = delete;
    InvariantWatch &operator=(const InvariantWatch &) = delete;

    void start();
    /// Asks no more; does not wait for a server, nor for a command on this machine.
    void stop();

    /// What was found since the last call.
    [[nodiscard]] Findings takeFindings();

    /// What the watch saw of a check.
    struct Tally
    {
        int answered = 0;
        int unanswered = 0;
        bool isBroken = false;
        std::string lastProblem;
    };
    /// Nothing for a check that is not asked here.
    [[nodiscard]] std::optional<Tally> tallyOf(const cases::Check &check) const;

private:
    struct Line;

    void work();
    void askServers(Line &line);
    void askCommandOf(Line &line);
    [[nodiscard]] bool count(
        Line &line, bool hasAnswered, const std::string &problem, std::optional<Finding> finding);

    std::vector<Line> m_lines; // under m_mutex, but for what never changes
    const Places m_places;
    const SqlPasswords m_passwords;
    const Command m_command;
    mutable std::mutex m_mutex;
    Findings m_findings; // under m_mutex
    std::atomic<bool> m_isStopping = false;
    std::unique_ptr<QThread> m_thread;
};

} // namespace faultline::runs
