// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/cases/schema/map_reader.h"

#include "services/cases/schema/nearest_key.h"
#include "services/cases/schema/quantities.h"

#include <algorithm>

namespace faultline::cases {

Reporter::Reporter(std::string file, Diagnostics &out)
    : m_file(std::move(file))
    , m_out(out)
{
}

void Reporter::error(
    const yaml::Place &place, std::string rule, std::string message, std::string hint) const
{
    m_out.push_back({ Diagnostic::Level::Error, m_file, place, std::move(rule), std::move(message),
        std::move(hint) });
}

void Reporter::warning(
    const yaml::Place &place, std::string rule, std::string message, std::string hint) const
{
    m_out.push_back({ Diagnostic::Level::Warning, m_file, place, std::move(rule),
        std::move(message), std::move(hint) });
}

std::optional<std::string> scalarText(
    const yaml::Value &value, const std::string &what, const Reporter &reporter)
{
    if (!value.isScalar()) {
        reporter.error(value.place, "wrong-type", what + " must be a text");
        return std::nullopt;
    }
    if (!value.isQuoted && isYamlTrap(value.scalar)) {
        reporter.error(value.place, "yaml-boolean",
            '"' + value.scalar + "\" is a boolean to some YAML readers and a text to others",
            "write \"" + value.scalar + "\" in quotes, or true or false");
        return std::nullopt;
    }
    return value.scalar;
}

MapReader::MapReader(const yaml::Value &value, std::string what, const Reporter &reporter)
    : m_value(value)
    , m_what(std::move(what))
    , m_reporter(reporter)
{
    if (!value.isMap())
        reporter.error(value.place, "wrong-type", m_what + " must be a map of keys and values");
}

const yaml::Value *MapReader::take(std::string_view key)
{
    m_known.push_back(key);
    const yaml::Value *value = m_value.find(key);
    return value != nullptr && value->isNull() ? nullptr : value;
}

const yaml::Value *MapReader::require(std::string_view key)
{
    const yaml::Value *value = take(key);
    if (value == nullptr && m_value.isMap())
        m_reporter.error(
            m_value.place, "missing-key", m_what + " needs the key \"" + std::string(key) + '"');
    return value;
}

const yaml::Value *MapReader::takeScalar(std::string_view key, const char *wanted)
{
    const yaml::Value *value = take(key);
    if (value == nullptr || value->isScalar())
        return value;
    m_reporter.error(
        value->place, "wrong-type", m_what + '.' + std::string(key) + " must be " + wanted);
    return nullptr;
}

void MapReader::text(std::string_view key, std::string &out)
{
    const yaml::Value *value = take(key);
    if (value == nullptr)
        return;
    if (auto read = scalarText(*value, m_what + '.' + std::string(key), m_reporter))
        out = std::move(*read);
}

void MapReader::requiredText(std::string_view key, std::string &out)
{
    const yaml::Value *value = require(key);
    if (value == nullptr)
        return;
    if (auto read = scalarText(*value, m_what + '.' + std::string(key), m_reporter))
        out = std::move(*read);
}

void MapReader::integer(std::string_view key, int &out, int least, int most)
{
    const yaml::Value *value = takeScalar(key, "a whole number");
    if (value == nullptr)
        return;
    const auto read = parseInteger(value->scalar);
    if (!read || *read < least || *read > most) {
        m_reporter.error(value->place, "wrong-type",
            m_what + '.' + std::string(key) + " must be a whole number from "
                + std::to_string(least) + " to " + std::to_string(most));
        return;
    }
    out = static_cast<int>(*read);
}

void MapReader::number(std::string_view key, double &out, double least)
{
    const yaml::Value *value = takeScalar(key, "a number");
    if (value == nullptr)
        return;
    const auto read = parseNumber(value->scalar);
    if (!read || *read < least) {
        m_reporter.error(
            value->place, "wrong-type", m_what + '.' + std::string(key) + " must be a number");
        return;
    }
    out = *read;
}

void MapReader::boolean(std::string_view key, bool &out)
{
    const yaml::Value *value = takeScalar(key, "true or false");
    if (value == nullptr)
        return;
    const auto read = parseBool(value->scalar);
    if (!read) {
        m_reporter.error(value->place, isYamlTrap(value->scalar) ? "yaml-boolean" : "wrong-type",
            m_what + '.' + std::string(key) + " must be true or false",
            "\"" + value->scalar + "\" is neither");
        return;
    }
    out = *read;
}

void MapReader::duration(std::string_view key, milliseconds &out)
{
    const yaml::Value *value = takeScalar(key, "a duration");
    if (value == nullptr)
        return;
    const auto read = parseDuration(value->scalar);
    if (!read) {
        m_reporter.error(value->place, "wrong-type",
            m_what + '.' + std::string(key) + " is not a duration: \"" + value->scalar + '"',
            "write a number and a unit: 250ms, 90s, 5m, 1h30m, 2d");
        return;
    }
    out = *read;
}

void MapReader::bytes(std::string_view key, std::int64_t &out)
{
    const yaml::Value *value = takeScalar(key, "an amount of bytes");
    if (value == nullptr)
        return;
    const auto read = parseBytes(value->scalar);
    if (!read) {
        m_reporter.error(value->place, "wrong-type",
            m_what + '.' + std::string(key) + " is not an amount of bytes: \"" + value->scalar
                + '"',
            "write a number and a unit: 512MiB, 4GiB");
        return;
    }
    out = *read;
}

void MapReader::texts(std::string_view key, std::vector<std::string> &out)
{
    const yaml::Value *value = take(key);
    if (value == nullptr)
        return;
    const std::string name = m_what + '.' + std::string(key);
    if (!value->isSequence()) {
        if (auto read = scalarText(*value, name, m_reporter))
            out = { std::move(*read) };
        return;
    }
    out.clear();
    for (const yaml::Value &item : value->items) {
        if (auto read = scalarText(item, name, m_reporter))
            out.push_back(std::move(*read));
    }
}

void MapReader::textMap(std::string_view key, std::map<std::string, std::string> &out)
{
    eachEntry(key, [&](const yaml::Entry &entry, const std::string &name) {
        if (auto read = scalarText(entry.value, name, m_reporter))
            out[entry.key] = std::move(*read);
    });
}

void MapReader::choice(std::string_view key, std::span<const std::string_view> words,
    const std::function<void(std::size_t)> &choose)
{
    const yaml::Value *value = takeScalar(key, "a word");
    if (value == nullptr)
        return;
    const auto found = std::find(words.begin(), words.end(), value->scalar);
    if (found != words.end()) {
        choose(static_cast<std::size_t>(found - words.begin()));
        return;
    }
    const std::string nearest = nearestKey(value->scalar, words);
    std::string all;
    for (const std::string_view word : words)
        all += (all.empty() ? "" : ", ") + std::string(word);
    m_reporter.error(value->place, "unknown-value",
        m_what + '.' + std::string(key) + " can't be \"" + value->scalar + '"',
        nearest.empty() ? "one of: " + all : "did you mean \"" + nearest + "\"?");
}

void MapReader::each(
    std::string_view key, const std::function<void(const yaml::Value &, const std::string &)> &read)
{
    const yaml::Value *value = take(key);
    if (value == nullptr)
        return;
    const std::string name = m_what + '.' + std::string(key);
    if (!value->isSequence()) {
        m_reporter.error(value->place, "wrong-type", name + " must be a list");
        return;
    }
    for (std::size_t i = 0; i < value->items.size(); ++i)
        read(value->items[i], name + '[' + std::to_string(i) + ']');
}

void MapReader::eachEntry(
    std::string_view key, const std::function<void(const yaml::Entry &, const std::string &)> &read)
{
    const yaml::Value *value = take(key);
    if (value == nullptr)
        return;
    const std::string name = m_what + '.' + std::string(key);
    if (!value->isMap()) {
        m_reporter.error(value->place, "wrong-type", name + " must be a map of keys and values");
        return;
    }
    for (const yaml::Entry &entry : value->entries)
        read(entry, name + '.' + entry.key);
}

void MapReader::map(std::string_view key, const std::function<void(MapReader &)> &read)
{
    const yaml::Value *value = take(key);
    if (value == nullptr)
        return;
    MapReader inner(
        *value, m_what.empty() ? std::string(key) : m_what + '.' + std::string(key), m_reporter);
    if (!inner.isMap())
        return;
    read(inner);
    inner.finish();
}

void MapReader::finish()
{
    for (const yaml::Entry &entry : m_value.entries) {
        if (std::find(m_known.begin(), m_known.end(), entry.key) != m_known.end())
            continue;
        if (!entry.isKeyQuoted && isYamlTrap(entry.key)) {
            m_reporter.error(entry.keyPlace, "yaml-boolean",
                "the key \"" + entry.key + "\" is a boolean to some YAML readers");
            continue;
        }
        const std::string nearest = nearestKey(entry.key, m_known);
        m_reporter.error(entry.keyPlace, "unknown-key",
            m_what + " has no key \"" + entry.key.substr(0, 64) + '"',
            nearest.empty() ? std::string() : "did you mean \"" + nearest + "\"?");
    }
}

} // namespace faultline::cases
