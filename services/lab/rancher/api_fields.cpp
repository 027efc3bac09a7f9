// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/api_fields.h"

#include <algorithm>
#include <cctype>

namespace faultline::lab {

namespace {

constexpr std::size_t longestName = 63;

bool isValidName(const std::string &name)
{
    return !name.empty() && name.size() <= longestName && name.front() != '-' && name.back() != '-'
        && std::all_of(name.begin(), name.end(),
            [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-'; });
}

} // namespace

tl::expected<void, ApiError> checkName(const Json &body)
{
    const std::string name = textOf(body, "name");
    if (name.empty())
        return refused(422, "MissingRequired", {}, "name");
    if (name.size() > longestName)
        return refused(422, "MaxLengthExceeded", {}, "name");
    if (!isValidName(name))
        return refused(422, "InvalidCharacters", {}, "name");
    return {};
}

tl::expected<void, ApiError> checkScale(std::int64_t scale)
{
    if (scale < 0 || scale > largestScale)
        return refused(422, scale < 0 ? "MinLimitExceeded" : "MaxLimitExceeded", {}, "scale");
    return {};
}

} // namespace faultline::lab
