// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/cases/plan/target_draw.h"

#include <algorithm>
#include <numeric>

namespace faultline::cases {

int countOf(const Target &target, int scale)
{
    if (scale <= 0 || target.pick == "leader" || target.pick == "names")
        return 0;
    if (target.pick == "one")
        return 1;
    if (target.pick == "all")
        return scale;
    if (target.pick == "minority")
        return (scale - 1) / 2;
    if (target.pick == "majority")
        return scale / 2 + 1;
    if (target.pick == "minorityThird")
        return (scale - 1) / 3; // as many as a system that outlives a third may lose
    if (target.pick == "percent")
        return std::clamp(scale * target.count / 100, 1, scale);
    return std::min(target.count, scale);
}

std::vector<int> drawMembers(const Target &target, int scale, RandomSource &random)
{
    const int count = countOf(target, scale);
    if (count <= 0)
        return {};
    std::vector<int> numbers(static_cast<std::size_t>(scale));
    std::iota(numbers.begin(), numbers.end(), 1);
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i)
        std::swap(numbers[i], numbers[i + random.below(numbers.size() - i)]);
    numbers.resize(static_cast<std::size_t>(count));
    std::sort(numbers.begin(), numbers.end());
    return numbers;
}

} // namespace faultline::cases
