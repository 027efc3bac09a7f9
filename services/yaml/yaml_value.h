// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <tl/expected.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace faultline::yaml {

/// A place in a file; both count from 1, 0 means "the whole file".
struct Place
{
    int line = 0;
    int column = 0;

    friend bool operator==(const Place &, const Place &) = default;
};

struct Entry;

/// A YAML value with its place: aliases expanded within bounds, merge keys ("<<") applied, key
/// order kept.
struct Value
{
    enum class Kind { Null, Scalar, Sequence, Map };

    Kind kind = Kind::Null;
    Place place;
    bool isQuoted = false; ///< a quoted scalar is text whatever it looks like
    std::string tag; ///< a local tag such as "!reference"; empty for plain values
    std::string scalar;
    std::vector<Value> items;
    std::vector<Entry> entries;

    /// The value of a key, or null.
    [[nodiscard]] const Value *find(std::string_view key) const;

    [[nodiscard]] bool isNull() const { return kind == Kind::Null; }
    [[nodiscard]] bool isScalar() const { return kind == Kind::Scalar; }
    [[nodiscard]] bool isSequence() const { return kind == Kind::Sequence; }
    [[nodiscard]] bool isMap() const { return kind == Kind::Map; }
};

struct Entry
{
    std::string key;
    Place keyPlace;
    bool isKeyQuoted = false;
    Value value;
};

/// Why a text is not the YAML that is wanted.
struct Problem
{
    Place place;
    std::string message;
};

/// What a text may cost. A small file that expands to a large one ("YAML bomb") ends at these
/// bounds.
struct Limits
{
    std::size_t bytes = 4U << 20U; ///< of the text
    std::size_t values = 500'000; ///< after alias expansion
    std::size_t aliasValues = 100'000; ///< those of them that aliases made: what a bomb is of
    std::size_t expandedBytes = 32U << 20U; ///< of all scalars after alias expansion
    int depth = 64;
};

/// Reads every document of a text. Keys that stand twice in a map, keys that are not scalars, and
/// unknown aliases are problems.
[[nodiscard]] tl::expected<std::vector<Value>, Problem> readDocuments(
    const std::string &text, const Limits &limits = {});

} // namespace faultline::yaml
