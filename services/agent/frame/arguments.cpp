// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/frame/arguments.h"

#include <algorithm>
#include <cmath>

namespace faultline::agent {
namespace {

constexpr int maxDepth = 16;

/// What a person typed may be long or full of control characters: a short, printable piece of it.
std::string shown(const std::string &text)
{
    std::string out;
    for (const char c : text.substr(0, 40))
        out += (c >= 0x20 && c < 0x7f) ? c : '?';
    return out;
}

std::string plain(double number)
{
    const nlohmann::json json = std::floor(number) == number && std::abs(number) < 1e15
        ? nlohmann::json(static_cast<std::int64_t>(number))
        : nlohmann::json(number);
    return json.dump();
}

} // namespace

nlohmann::json parseBounded(std::string_view text)
{
    bool tooDeep = false;
    const auto guard = [&tooDeep](int depth, nlohmann::json::parse_event_t, nlohmann::json &) {
        tooDeep = tooDeep || depth > maxDepth;
        return !tooDeep;
    };
    int depth = 0;
    for (const char c : text) {
        depth += c == '{' || c == '[' ? 1 : 0;
        // nlohmann destroys nested values one in the other, so depth is bounded before anything is
        // built.
        if (depth > 4096)
            return nlohmann::json(nlohmann::json::value_t::discarded);
    }
    nlohmann::json parsed = nlohmann::json::parse(text, guard, false);
    return tooDeep ? nlohmann::json(nlohmann::json::value_t::discarded) : parsed;
}

Arguments::Arguments(const nlohmann::json &object, std::string path)
    : m_object(object)
    , m_path(std::move(path))
{
}

std::string Arguments::pathOf(const std::string &key) const
{
    return m_path.empty() ? shown(key) : m_path + '.' + shown(key);
}

void Arguments::complain(const std::string &key, const std::string &what)
{
    if (!m_problem)
        m_problem = Failure{ Refusal::BadSpec, pathOf(key) + ' ' + what };
}

void Arguments::take(const Arguments &inner)
{
    if (!m_problem)
        m_problem = inner.problem();
}

const nlohmann::json *Arguments::find(const std::string &key)
{
    m_read.insert(key);
    const auto found = m_object.find(key);
    return found == m_object.end() ? nullptr : &*found;
}

bool Arguments::has(const std::string &key) const
{
    return m_object.contains(key);
}

double Arguments::number(const std::string &key, Range range)
{
    if (!has(key))
        complain(key, "is missing");
    return number(key, range, range.least);
}

double Arguments::number(const std::string &key, Range range, double missing)
{
    const nlohmann::json *const value = find(key);
    if (!value)
        return missing;
    if (!value->is_number()) {
        complain(key, "must be a number");
        return missing;
    }
    const double number = value->get<double>();
    if (std::isfinite(number) && number >= range.least && number <= range.most)
        return number;
    complain(key, "must be from " + plain(range.least) + " to " + plain(range.most));
    return missing;
}

std::int64_t Arguments::integer(const std::string &key, Range range)
{
    if (!has(key))
        complain(key, "is missing");
    return integer(key, range, static_cast<std::int64_t>(range.least));
}

std::int64_t Arguments::integer(const std::string &key, Range range, std::int64_t missing)
{
    const double value = number(key, range, static_cast<double>(missing));
    if (std::floor(value) != value)
        complain(key, "must be a whole number");
    return static_cast<std::int64_t>(value);
}

bool Arguments::flag(const std::string &key, bool missing)
{
    const nlohmann::json *const value = find(key);
    if (value && !value->is_boolean())
        complain(key, "must be true or false");
    return value && value->is_boolean() ? value->get<bool>() : missing;
}

std::string Arguments::text(const std::string &key)
{
    if (!has(key))
        complain(key, "is missing");
    return text(key, std::string());
}

std::string Arguments::text(const std::string &key, const std::string &missing)
{
    const nlohmann::json *const value = find(key);
    if (!value)
        return missing;
    if (value->is_string() && value->get_ref<const std::string &>().find('\0') == std::string::npos)
        return value->get<std::string>();
    complain(key, "must be a text");
    return missing;
}

std::string Arguments::choice(const std::string &key, std::initializer_list<std::string_view> words)
{
    const std::string word = text(key, std::string(*words.begin()));
    if (std::ranges::find(words, word) != words.end())
        return word;
    std::string known;
    for (const std::string_view one : words)
        if (!one.empty())
            known += (known.empty() ? "" : ", ") + std::string(one);
    complain(key, "must be one of: " + known);
    return std::string(*words.begin());
}

std::vector<std::string> Arguments::texts(const std::string &key, std::size_t most)
{
    const nlohmann::json *const value = find(key);
    std::vector<std::string> all;
    if (!value)
        return all;
    if (!value->is_array() || value->size() > most) {
        complain(key, "must be a list of at most " + std::to_string(most) + " texts");
        return all;
    }
    for (const nlohmann::json &one : *value) {
        if (!one.is_string()) {
            complain(key + '[' + std::to_string(all.size()) + ']', "must be a text");
            return all;
        }
        all.push_back(one.get<std::string>());
    }
    return all;
}

std::vector<std::int64_t> Arguments::integers(const std::string &key, Range range, std::size_t most)
{
    const nlohmann::json *const value = find(key);
    std::vector<std::int64_t> all;
    if (!value)
        return all;
    if (!value->is_array() || value->size() > most) {
        complain(key, "must be a list of at most " + std::to_string(most) + " numbers");
        return all;
    }
    for (const nlohmann::json &one : *value) {
        const double number = one.is_number() ? one.get<double>() : NAN;
        if (!(number >= range.least && number <= range.most) || std::floor(number) != number) {
            complain(key + '[' + std::to_string(all.size()) + ']',
                "must be a whole number from " + plain(range.least) + " to " + plain(range.most));
            return all;
        }
        all.push_back(static_cast<std::int64_t>(number));
    }
    return all;
}

Arguments Arguments::object(const std::string &key)
{
    const nlohmann::json *const value = find(key);
    if (value && !value->is_object())
        complain(key, "must be an object");
    return { value && value->is_object() ? *value : nlohmann::json::object(), pathOf(key) };
}

void Arguments::finish()
{
    for (const auto &member : m_object.items())
        if (!m_read.contains(member.key()))
            complain(member.key(), "is not known here");
}

} // namespace faultline::agent
