// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/rancher/json_access.h"

#include <tl/expected.hpp>

#include <string>
#include <utility>
#include <vector>

namespace faultline::lab {

/// YAML as a tree in which every scalar is its text (or null), and maps keep their order: [["key",
/// value], …] is what `entries` gives. Merge keys ("<<") are applied. Errors name the line.
class YamlTree
{
public:
    enum class Type { Null, Text, List, Map };

    [[nodiscard]] static tl::expected<YamlTree, std::string> parse(const std::string &yaml);

    [[nodiscard]] Type type() const { return m_type; }
    [[nodiscard]] const std::string &text() const { return m_text; }
    [[nodiscard]] const std::vector<YamlTree> &items() const { return m_items; }
    [[nodiscard]] const std::vector<std::pair<std::string, YamlTree>> &entries() const
    {
        return m_entries;
    }
    [[nodiscard]] const YamlTree *find(const std::string &key) const;
    [[nodiscard]] int line() const { return m_line; }

    /// Replaces every text by what `change` makes of it; stops with the first error.
    template <typename Change>
    [[nodiscard]] tl::expected<void, std::string> rewrite(const Change &change);

private:
    friend class YamlBuilder;
    Type m_type = Type::Null;
    std::string m_text;
    std::vector<YamlTree> m_items;
    std::vector<std::pair<std::string, YamlTree>> m_entries;
    int m_line = 0;
};

template <typename Change>
tl::expected<void, std::string> YamlTree::rewrite(const Change &change)
{
    if (m_type == Type::Text) {
        auto changed = change(m_text);
        if (!changed)
            return tl::make_unexpected(changed.error());
        m_text = std::move(*changed);
    }
    for (YamlTree &item : m_items) {
        if (auto done = item.rewrite(change); !done)
            return done;
    }
    for (auto &[key, value] : m_entries) {
        if (auto done = value.rewrite(change); !done)
            return done;
    }
    return {};
}

} // namespace faultline::lab
