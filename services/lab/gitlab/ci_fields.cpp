// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/ci_fields.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace faultline::lab {

namespace {

constexpr int deepestTexts = 10;

void appendTexts(const YamlValue &value, const CiKey &key, int depth, std::vector<std::string> &out)
{
    if (!value.isSequence()) {
        out.push_back(readText(value, key));
        return;
    }
    if (depth == deepestTexts)
        failAt(value, key, "lists are nested more than ten deep");
    for (const YamlValue &item : value.items)
        appendTexts(item, key, depth + 1, out);
}

std::int64_t secondsOfUnit(std::string_view unit)
{
    struct Unit
    {
        std::string_view name;
        std::int64_t seconds;
    };
    static constexpr std::array<Unit, 22> units = { { { "", 1 }, { "s", 1 }, { "sec", 1 },
        { "secs", 1 }, { "second", 1 }, { "seconds", 1 }, { "m", 60 }, { "min", 60 },
        { "mins", 60 }, { "minute", 60 }, { "minutes", 60 }, { "h", 3600 }, { "hr", 3600 },
        { "hrs", 3600 }, { "hour", 3600 }, { "hours", 3600 }, { "d", 86'400 }, { "day", 86'400 },
        { "days", 86'400 }, { "week", 604'800 }, { "weeks", 604'800 }, { "w", 604'800 } } };
    const auto found = std::find_if(
        units.begin(), units.end(), [unit](const Unit &u) { return u.name == unit; });
    return found == units.end() ? 0 : found->seconds;
}

// Why the lab does without: its runners run scripts in a shell on this machine.
std::string unsupportedText(std::string_view key)
{
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> reasons
        = { { { "image", "its runners are shell runners and start no containers for jobs" },
            { "services", "its runners are shell runners and start no containers for jobs" },
            { "project", "there is one project only" },
            { "pipeline", "jobs of other pipelines can't be needed" } } };
    std::string text = "this key is not supported by the lab";
    for (const auto &[name, reason] : reasons)
        if (name == key)
            text += ": " + std::string(reason);
    return text;
}

// A list of patterns, or a map with `paths`.
std::vector<std::string> readPatterns(const YamlValue &value, const CiKey &key)
{
    if (!value.isMap())
        return readTexts(value, key);
    requireKnownKeys(value, key, { "paths" });
    const YamlValue *paths = value.find("paths");
    if (!paths)
        failAt(value, key, "needs `paths`");
    return readTexts(*paths, key + ":paths");
}

CiRule readRule(const YamlValue &value, const CiKey &key, bool ofWorkflow)
{
    requireMap(value, key);
    if (ofWorkflow)
        requireKnownKeys(
            value, key, { "if", "when", "variables", "changes", "exists", "auto_cancel" });
    else
        requireKnownKeys(value, key,
            { "if", "when", "variables", "allow_failure", "changes", "exists", "start_in",
                "interruptible" });
    CiRule rule;
    rule.line = value.line;
    if (const YamlValue *condition = value.find("if")) {
        auto parsed = CiExpression::parse(readText(*condition, key + ":if"));
        if (!parsed)
            failAt(*condition, key + ":if", parsed.error());
        rule.condition = std::move(*parsed);
    }
    if (const YamlValue *when = value.find("when")) {
        using enum When;
        rule.when = ofWorkflow ? readWhen(*when, key + ":when", { always, never })
                               : readWhen(*when, key + ":when",
                                   { onSuccess, onFailure, always, manual, delayed, never });
    }
    if (const YamlValue *changes = value.find("changes"))
        rule.changes = readPatterns(*changes, key + ":changes");
    if (const YamlValue *exists = value.find("exists"))
        rule.exists = readPatterns(*exists, key + ":exists");
    if (const YamlValue *startIn = value.find("start_in"))
        rule.startInSeconds = readDuration(*startIn, key + ":start_in");
    if (const YamlValue *interruptible = value.find("interruptible"))
        rule.interruptible = readBoolean(*interruptible, key + ":interruptible");
    if (rule.when == When::delayed && !rule.startInSeconds)
        failAt(value, key, "a delayed job needs start_in");
    if (const YamlValue *allow = value.find("allow_failure"))
        rule.allowFailure = readBoolean(*allow, key + ":allow_failure");
    if (const YamlValue *variables = value.find("variables"))
        rule.variables = readVariables(*variables, key + ":variables");
    if (const YamlValue *autoCancel = value.find("auto_cancel"))
        rule.autoCancel = readAutoCancel(*autoCancel, key + ":auto_cancel");
    return rule;
}

std::string readChoice(
    const YamlValue &value, const CiKey &key, std::initializer_list<std::string_view> choices)
{
    const std::string text = readText(value, key);
    if (std::find(choices.begin(), choices.end(), text) != choices.end())
        return text;
    std::string all;
    for (const std::string_view choice : choices)
        all += (all.empty() ? "" : ", ") + std::string(choice);
    failAt(value, key, "\"" + text + "\" is not supported; it can be " + all);
}

} // namespace

void failAt(const YamlValue &value, const CiKey &key, std::string message)
{
    throw CiFailure{ CiError{
        value.line, key, std::move(message), value.file ? *value.file : std::string() } };
}

void requireMap(const YamlValue &value, const CiKey &key)
{
    if (!value.isMap())
        failAt(value, key, "should be a map of keys and values");
}

void requireKnownKeys(
    const YamlValue &map, const CiKey &key, std::initializer_list<std::string_view> known)
{
    for (const auto &[name, value] : map.entries)
        if (std::find(known.begin(), known.end(), name) == known.end())
            failAt(value, key.empty() ? name : key + ":" + name, unsupportedText(name));
}

std::string readText(const YamlValue &value, const CiKey &key)
{
    if (value.isMap())
        failAt(value, key, "should be a text, but is a map; put text with \": \" into quotes");
    if (!value.tag.empty())
        failAt(value, key, "the tag " + value.tag + " is not supported by the lab");
    if (!value.isScalar())
        failAt(value, key, "should be a text");
    return value.scalar;
}

bool readBoolean(const YamlValue &value, const CiKey &key)
{
    const std::string text = readText(value, key);
    if (!value.quoted && (text == "true" || text == "yes" || text == "on"))
        return true;
    if (!value.quoted && (text == "false" || text == "no" || text == "off"))
        return false;
    failAt(value, key, "should be true or false");
}

int readInteger(const YamlValue &value, const CiKey &key, int least, int most)
{
    const std::string text = readText(value, key);
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number < least || number > most)
        failAt(value, key,
            "should be a number from " + std::to_string(least) + " to " + std::to_string(most));
    return number;
}

std::vector<std::string> readTexts(const YamlValue &value, const CiKey &key)
{
    std::vector<std::string> texts;
    if (!value.isNull())
        appendTexts(value, key, 0, texts);
    return texts;
}

std::vector<int> readIntegers(const YamlValue &value, const CiKey &key)
{
    std::vector<int> numbers;
    if (!value.isSequence())
        return { readInteger(value, key, 0, 255) };
    for (const YamlValue &item : value.items)
        numbers.push_back(readInteger(item, key, 0, 255));
    return numbers;
}

Variables readVariables(const YamlValue &value, const CiKey &key)
{
    Variables variables;
    if (value.isNull())
        return variables;
    requireMap(value, key);
    for (const auto &[name, content] : value.entries) {
        const CiKey here = key + ":" + name;
        const bool valid = !name.empty() && !std::isdigit(static_cast<unsigned char>(name.front()))
            && std::all_of(name.begin(), name.end(),
                [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
        if (!valid)
            failAt(content, here, "a variable's name has letters, digits and _ only");
        if (content.isNull()) {
            variables.emplace_back(name, std::string());
        } else if (content.isMap()) {
            requireKnownKeys(content, here, { "value", "description", "options" });
            const YamlValue *text = content.find("value");
            variables.emplace_back(name, text ? readText(*text, here + ":value") : std::string());
        } else {
            variables.emplace_back(name, readText(content, here));
        }
    }
    return variables;
}

When readWhen(const YamlValue &value, const CiKey &key, std::initializer_list<When> allowed)
{
    static constexpr std::array<std::pair<std::string_view, When>, 6> names
        = { { { "on_success", When::onSuccess }, { "on_failure", When::onFailure },
            { "always", When::always }, { "manual", When::manual }, { "delayed", When::delayed },
            { "never", When::never } } };
    const std::string text = readText(value, key);
    std::string choices;
    for (const auto &[name, when] : names) {
        if (std::find(allowed.begin(), allowed.end(), when) == allowed.end())
            continue;
        if (name == text)
            return when;
        choices += (choices.empty() ? "" : ", ") + std::string(name);
    }
    failAt(value, key, "\"" + text + "\" is not supported; it can be " + choices);
}

CiAutoCancel readAutoCancel(const YamlValue &value, const CiKey &key)
{
    requireMap(value, key);
    requireKnownKeys(value, key, { "on_new_commit", "on_job_failure" });
    CiAutoCancel out;
    if (const YamlValue *commit = value.find("on_new_commit"))
        out.onNewCommit = readChoice(
            *commit, key + ":on_new_commit", { "conservative", "interruptible", "none" });
    if (const YamlValue *failure = value.find("on_job_failure"))
        out.onJobFailure = readChoice(*failure, key + ":on_job_failure", { "all", "none" });
    return out;
}

std::vector<CiRule> readRules(const YamlValue &value, const CiKey &key, bool ofWorkflow)
{
    if (!value.isSequence())
        failAt(value, key, "should be a list of rules");
    std::vector<CiRule> rules;
    for (const YamlValue &item : value.items) {
        // `!reference [.job, rules]` leaves a list in the list.
        if (item.isSequence()) {
            for (CiRule &rule : readRules(item, key, ofWorkflow))
                rules.push_back(std::move(rule));
        } else {
            rules.push_back(readRule(item, key, ofWorkflow));
        }
    }
    return rules;
}

std::optional<std::int64_t> parseDuration(std::string_view text)
{
    std::int64_t total = 0;
    bool any = false;
    std::size_t at = 0;
    const auto isSpace = [&] { return text[at] == ' ' || text[at] == ','; };
    while (at < text.size()) {
        while (at < text.size() && isSpace())
            ++at;
        std::int64_t number = 0;
        const auto [end, error]
            = std::from_chars(text.data() + at, text.data() + text.size(), number);
        if (error != std::errc() || number < 0 || number > 100'000'000)
            return at == text.size() && any ? std::optional(total) : std::nullopt;
        at = static_cast<std::size_t>(end - text.data());
        while (at < text.size() && isSpace())
            ++at;
        const std::size_t unit = at;
        while (at < text.size() && std::isalpha(static_cast<unsigned char>(text[at])))
            ++at;
        const std::int64_t seconds = secondsOfUnit(text.substr(unit, at - unit));
        if (seconds == 0)
            return std::nullopt;
        total += number * seconds;
        any = true;
    }
    return any ? std::optional(total) : std::nullopt;
}

std::int64_t readDuration(const YamlValue &value, const CiKey &key)
{
    const auto seconds = parseDuration(readText(value, key));
    if (!seconds || *seconds == 0)
        failAt(value, key, "should be a duration such as \"90 minutes\" or \"24h\"");
    return *seconds;
}

} // namespace faultline::lab
