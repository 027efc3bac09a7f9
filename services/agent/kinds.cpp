// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/kinds.h"

#include <algorithm>
#include <vector>

namespace faultline::agent {
namespace {

const std::vector<Kind> &table()
{
    static const std::vector<Kind> all{};
    return all;
}

} // namespace

std::span<const Kind> kinds()
{
    return table();
}

const Kind *findKind(std::string_view name)
{
    const auto found = std::ranges::find(table(), name, &Kind::name);
    return found == table().end() ? nullptr : &*found;
}

} // namespace faultline::agent
