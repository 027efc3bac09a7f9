// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace faultline::lab {

/// Reads XML token by token, without ever nesting in itself: the depth of a file costs nothing.
/// Knows elements, attributes, text, CDATA, comments, the five named and the numeric entities;
/// passes over declarations. Names are not checked for being closed in order.
class XmlReader
{
public:
    enum class Token { open, close, text, end, error };

    explicit XmlReader(std::string_view xml);

    /// "<a/>" gives open and then close.
    [[nodiscard]] Token next();
    [[nodiscard]] const std::string &name() const { return m_name; }
    [[nodiscard]] const std::string &text() const { return m_text; }
    [[nodiscard]] std::string attribute(std::string_view name) const;
    [[nodiscard]] const std::string &error() const { return m_error; }

private:
    [[nodiscard]] Token fail(std::string error);
    [[nodiscard]] Token readTag();
    [[nodiscard]] bool skipPast(std::string_view mark);
    [[nodiscard]] static std::string decoded(std::string_view text);

    std::string_view m_rest;
    std::string m_name;
    std::string m_text;
    std::string m_error;
    std::vector<std::pair<std::string, std::string>> m_attributes;
    std::size_t m_depth = 0;
    bool m_closesItself = false;
};

} // namespace faultline::lab
