// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench_ui/goals.h"

#include <algorithm>
#include <cstdio>
#include <random>
#include <utility>

namespace faultline::bench {

namespace {

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values.empty() ? 0 : values[values.size() / 2];
}

} // namespace

Middle middleOf(const std::vector<double> &values)
{
    if (values.empty())
        return {};
    std::mt19937 random(7);
    std::uniform_int_distribution<std::size_t> pick(0, values.size() - 1);
    std::vector<double> middles;
    for (int round = 0; round < 1000; ++round) {
        std::vector<double> sample;
        for (std::size_t i = 0; i < values.size(); ++i)
            sample.push_back(values[pick(random)]);
        middles.push_back(median(std::move(sample)));
    }
    std::sort(middles.begin(), middles.end());
    return { middles[25], median(values), middles[974] };
}

void Goals::add(const QString &name, double value, double limit, const char *unit)
{
    m_goals.push_back({ name,
        QStringLiteral("%1 of %2 %3")
            .arg(value, 0, 'f', 2)
            .arg(limit, 0, 'f', 2)
            .arg(QLatin1StringView(unit)),
        value <= limit });
}

void Goals::add(const QString &name, const Middle &middle, double limit, const char *unit)
{
    m_goals.push_back({ name,
        QStringLiteral("%1 (%2 to %3) of %4 %5")
            .arg(middle.value, 0, 'f', 2)
            .arg(middle.low, 0, 'f', 2)
            .arg(middle.high, 0, 'f', 2)
            .arg(limit, 0, 'f', 2)
            .arg(QLatin1StringView(unit)),
        middle.high <= limit });
}

void Goals::print() const
{
    std::printf("\ngoals:\n");
    for (const Goal &goal : m_goals)
        std::printf("  %-8s %s: %s\n", goal.holds ? "holds" : "MISSED", qPrintable(goal.name),
            qPrintable(goal.words));
    std::fflush(stdout);
}

} // namespace faultline::bench
