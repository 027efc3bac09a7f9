// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace faultline::lab {

using VariableMap = std::map<std::string, std::string, std::less<>>;

/// The condition of `rules:if`: $VARIABLE, "text", 'text', null, /pattern/i, ==, !=, =~, !~, &&,
/// ||, parentheses.
/// && binds tighter than ||. Patterns are RE2, as in GitLab, so that none takes more than linear
/// time.
class CiExpression
{
public:
    struct Node;

    /// The error says what was expected, and at which character.
    [[nodiscard]] static tl::expected<CiExpression, std::string> parse(std::string_view text);

    /// A variable alone is true when it is there and not empty. An undefined one equals null.
    [[nodiscard]] bool holds(const VariableMap &variables) const;

private:
    explicit CiExpression(std::shared_ptr<const Node> root);

    std::shared_ptr<const Node> m_root;
};

} // namespace faultline::lab
