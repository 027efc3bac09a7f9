// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <vector>

namespace faultline::bench {

/// The middle of the values with the interval in which 95 % of resampled middles lie.
struct Middle
{
    double low = 0;
    double value = 0;
    double high = 0;
};
[[nodiscard]] Middle middleOf(const std::vector<double> &values);

/// What was measured against what it must not exceed; said once more at the end of a program.
class Goals
{
public:
    /// `value` should be at most `limit`; `unit` stands behind the numbers.
    void add(const QString &name, double value, double limit, const char *unit);
    /// The interval's bad end counts.
    void add(const QString &name, const Middle &middle, double limit, const char *unit);
    /// One line each: holds, or not.
    void print() const;

private:
    struct Goal
    {
        QString name;
        QString words;
        bool holds = false;
    };
    std::vector<Goal> m_goals;
};

} // namespace faultline::bench
