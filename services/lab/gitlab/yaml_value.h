// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "services/lab/gitlab/ci_error.h"

namespace faultline::lab {

/// A YAML value with its line: aliases expanded, merge keys ("<<") applied, key order kept, size
/// bounded.
struct YamlValue
{
    enum class Kind { null, scalar, sequence, map };
    struct Entry;

    Kind kind = Kind::null;
    int line = 0;
    bool quoted = false; ///< a quoted scalar is a string whatever it looks like
    std::string tag; ///< a local tag such as "!reference"; empty for plain values
    std::string scalar;
    std::shared_ptr<const std::string> file; ///< that it was read from; null: the main one
    std::vector<YamlValue> items;
    std::vector<Entry> entries;

    [[nodiscard]] const YamlValue *find(std::string_view key) const;
    [[nodiscard]] YamlValue *find(std::string_view key);
    [[nodiscard]] bool isNull() const { return kind == Kind::null; }
    [[nodiscard]] bool isScalar() const { return kind == Kind::scalar; }
    [[nodiscard]] bool isSequence() const { return kind == Kind::sequence; }
    [[nodiscard]] bool isMap() const { return kind == Kind::map; }
};

/// A key with its value. No std::pair: clang 14 can't make one of a type that is still open.
struct YamlValue::Entry
{
    std::string first;
    YamlValue second;

    Entry() = default;
    Entry(std::string key, YamlValue value)
        : first(std::move(key))
        , second(std::move(value))
    {
    }
};

/// Reads one YAML document. Refuses what is larger than 1 MiB, than 50,000 values after alias
/// expansion, or nested deeper than 64, so that no small file can take memory or time out of
/// proportion.
[[nodiscard]] tl::expected<YamlValue, CiError> readYaml(const std::string &text);

/// The value as YAML text, for people: keys in their order, without comments and anchors.
[[nodiscard]] std::string yamlText(const YamlValue &value);

} // namespace faultline::lab
