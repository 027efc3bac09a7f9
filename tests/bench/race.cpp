// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/race.h"

#include <algorithm>
#include <cstdio>
#include <random>

namespace faultline::bench {

namespace {

struct Interval
{
    double low = 0;
    double middle = 0;
    double high = 0;
};

Interval bootstrap(const std::vector<double> &values)
{
    std::mt19937 random(7);
    std::uniform_int_distribution<std::size_t> pick(0, values.size() - 1);
    std::vector<double> medians;
    for (int round = 0; round < 1000; ++round) {
        std::vector<double> sample;
        for (std::size_t i = 0; i < values.size(); ++i)
            sample.push_back(values[pick(random)]);
        medians.push_back(median(std::move(sample)));
    }
    std::sort(medians.begin(), medians.end());
    return { medians[25], median(values), medians[974] };
}

std::vector<double> ratios(
    const std::vector<Cost> &ours, const std::vector<Cost> &theirs, double Cost::*field)
{
    std::vector<double> out;
    for (std::size_t i = 0; i < ours.size(); ++i)
        out.push_back(ours[i].*field / std::max(theirs[i].*field, 0.001));
    return out;
}

double medianOf(const std::vector<Cost> &costs, double Cost::*field)
{
    std::vector<double> values;
    for (const Cost &cost : costs)
        values.push_back(cost.*field);
    return median(std::move(values));
}

void print(const std::string &name, const std::vector<Cost> &costs, const std::vector<Cost> *first)
{
    const auto wrong = std::find_if(
        costs.begin(), costs.end(), [](const Cost &cost) { return cost.exitCode != 0; });
    if (wrong != costs.end()) {
        std::printf("  %-34s WRONG ANSWER (exit code %d)\n", name.c_str(), wrong->exitCode);
        return;
    }
    std::printf("  %-34s %9.2f ms wall %9.2f ms cpu %7.1f MiB", name.c_str(),
        medianOf(costs, &Cost::wallMs), medianOf(costs, &Cost::cpuMs),
        medianOf(costs, &Cost::peakMiB));
    if (first) {
        const Interval wall = bootstrap(ratios(*first, costs, &Cost::wallMs));
        const Interval cpu = bootstrap(ratios(*first, costs, &Cost::cpuMs));
        std::printf("   ours/this: wall %.3f [%.3f, %.3f] cpu %.3f [%.3f, %.3f] memory %.2f",
            wall.middle, wall.low, wall.high, cpu.middle, cpu.low, cpu.high,
            medianOf(*first, &Cost::peakMiB) / medianOf(costs, &Cost::peakMiB));
    }
    std::printf("\n");
}

} // namespace

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

void race(const std::string &title, const std::vector<Contender> &contenders, int rounds)
{
    std::printf("%s (%d rounds in turns, the first dropped)\n", title.c_str(), rounds);
    std::vector<std::vector<Cost>> costs(contenders.size());
    for (int round = 0; round <= rounds; ++round) {
        for (std::size_t i = 0; i < contenders.size(); ++i) {
            Cost cost = contenders[i].run();
            if (round > 0)
                costs[i].push_back(std::move(cost));
        }
    }
    for (std::size_t i = 0; i < contenders.size(); ++i)
        print(contenders[i].name, costs[i], i == 0 ? nullptr : &costs[0]);
    std::fflush(stdout);
}

} // namespace faultline::bench
