// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/agent/frame/outcome.h"

#include <cstdint>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace faultline::agent {

/// Parses JSON without exceptions and without depth that could end the stack; discarded value: not
/// JSON.
[[nodiscard]] nlohmann::json parseBounded(std::string_view text);

/// The bounds of a number, both included.
struct Range
{
    double least;
    double most;
};

/// Reads the members of one JSON object and remembers the first thing that is wrong with its path
/// (`arguments.delay`), so that a reader needs no check after every member. Call `finish` last: a
/// member that nobody read is refused.
class Arguments
{
public:
    /// `path` is where the object stands ("" for the root).
    Arguments(const nlohmann::json &object, std::string path);

    /// A number that must be there.
    double number(const std::string &key, Range range);
    /// A number with a value for when it is missing.
    double number(const std::string &key, Range range, double missing);
    std::int64_t integer(const std::string &key, Range range);
    std::int64_t integer(const std::string &key, Range range, std::int64_t missing);
    bool flag(const std::string &key, bool missing);
    std::string text(const std::string &key);
    std::string text(const std::string &key, const std::string &missing);
    /// One of the words; the first when it is missing.
    std::string choice(const std::string &key, std::initializer_list<std::string_view> words);
    std::vector<std::string> texts(const std::string &key, std::size_t most);
    std::vector<std::int64_t> integers(const std::string &key, Range range, std::size_t most);
    /// A member that is an object; empty when missing. `take` its problem after reading it.
    Arguments object(const std::string &key);
    [[nodiscard]] bool has(const std::string &key) const;

    void complain(const std::string &key, const std::string &what);
    void take(const Arguments &inner);
    void finish();
    [[nodiscard]] const std::optional<Failure> &problem() const { return m_problem; }
    [[nodiscard]] const nlohmann::json &json() const { return m_object; }

private:
    const nlohmann::json *find(const std::string &key);
    [[nodiscard]] std::string pathOf(const std::string &key) const;

    nlohmann::json m_object;
    std::string m_path;
    std::set<std::string> m_read;
    std::optional<Failure> m_problem;
};

} // namespace faultline::agent
