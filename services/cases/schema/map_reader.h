// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/cases/schema/case_file.h"
#include "services/cases/schema/diagnostics.h"

#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace faultline::cases {

/// Where diagnostics of one file go.
class Reporter
{
public:
    Reporter(std::string file, Diagnostics &out);

    void error(const yaml::Place &place, std::string rule, std::string message,
        std::string hint = {}) const;
    void warning(const yaml::Place &place, std::string rule, std::string message,
        std::string hint = {}) const;
    [[nodiscard]] const std::string &file() const { return m_file; }

private:
    std::string m_file;
    Diagnostics &m_out;
};

/// Reads the keys of one map into values. Wrong types are reported with their place and leave the
/// target as it was; finish() reports every key that nobody asked for, with the nearest one that
/// exists.
class MapReader
{
public:
    /// `what` names the map in messages: "topology", "phases[2]". A value that is not a map is
    /// reported here.
    MapReader(const yaml::Value &value, std::string what, const Reporter &reporter);

    /// The key's value, marked as read; null when absent or when its value is empty.
    [[nodiscard]] const yaml::Value *take(std::string_view key);
    /// As take(), and reports when it is missing.
    [[nodiscard]] const yaml::Value *require(std::string_view key);

    void text(std::string_view key, std::string &out);
    void requiredText(std::string_view key, std::string &out);
    void integer(std::string_view key, int &out, int least, int most);
    void number(std::string_view key, double &out, double least);
    void boolean(std::string_view key, bool &out);
    void duration(std::string_view key, milliseconds &out);
    void bytes(std::string_view key, std::int64_t &out);
    /// A list of texts; one text stands for a list of one.
    void texts(std::string_view key, std::vector<std::string> &out);
    void textMap(std::string_view key, std::map<std::string, std::string> &out);
    /// One of `words`; `choose` gets its index.
    void choice(std::string_view key, std::span<const std::string_view> words,
        const std::function<void(std::size_t)> &choose);
    /// Each item of a list with its name ("faults[3]").
    void each(std::string_view key,
        const std::function<void(const yaml::Value &, const std::string &)> &read);
    /// Each entry of a map.
    void eachEntry(std::string_view key,
        const std::function<void(const yaml::Entry &, const std::string &)> &read);
    /// A nested map.
    void map(std::string_view key, const std::function<void(MapReader &)> &read);

    void finish();

    [[nodiscard]] bool isMap() const { return m_value.isMap(); }
    [[nodiscard]] const yaml::Place &place() const { return m_value.place; }
    [[nodiscard]] const std::string &what() const { return m_what; }
    [[nodiscard]] const Reporter &reporter() const { return m_reporter; }

private:
    [[nodiscard]] const yaml::Value *takeScalar(std::string_view key, const char *wanted);

    const yaml::Value &m_value;
    std::string m_what;
    const Reporter &m_reporter;
    std::vector<std::string_view> m_known;
};

/// The text of a scalar; reports anything else, and bare words that YAML 1.1 takes for booleans.
[[nodiscard]] std::optional<std::string> scalarText(
    const yaml::Value &value, const std::string &what, const Reporter &reporter);

} // namespace faultline::cases
