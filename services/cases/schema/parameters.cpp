// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/cases/schema/parameters.h"

#include "services/cases/schema/nearest_key.h"
#include "services/cases/schema/quantities.h"

#include <algorithm>
#include <utility>

namespace faultline::cases {

namespace {

constexpr std::string_view opening = "${{";
constexpr std::string_view closing = "}}";
// What a small file may grow to by naming a long value many times.
constexpr std::size_t mostBytes = 32U << 20U;

/// The value as a number that can be compared; empty when it is none, or needs no comparing.
std::optional<double> amountOf(ParameterType type, const std::string &text)
{
    if (type == ParameterType::Int) {
        const auto value = parseInteger(text);
        return value ? std::optional(static_cast<double>(*value)) : std::nullopt;
    }
    if (type == ParameterType::Number)
        return parseNumber(text);
    if (type == ParameterType::Duration) {
        const auto value = parseDuration(text);
        return value ? std::optional(static_cast<double>(value->count())) : std::nullopt;
    }
    return std::nullopt;
}

std::string wantedWords(ParameterType type)
{
    switch (type) {
    case ParameterType::Int:
        return "must be a whole number";
    case ParameterType::Number:
        return "must be a number";
    default:
        return "must be a duration such as 90s or 5m";
    }
}

std::optional<std::string> problemOfAmount(const Parameter &parameter, const std::string &text)
{
    const auto amount = amountOf(parameter.type, text);
    if (!amount)
        return wantedWords(parameter.type);
    const auto bound = [&](const std::optional<std::string> &written) {
        return written ? amountOf(parameter.type, *written) : std::nullopt;
    };
    if (const auto least = bound(parameter.minimum); least && *amount < *least)
        return "must be at least " + *parameter.minimum;
    if (const auto most = bound(parameter.maximum); most && *amount > *most)
        return "must be at most " + *parameter.maximum;
    return std::nullopt;
}

void checkDeclaration(const Parameter &parameter, const Reporter &reporter)
{
    const bool hasBounds = parameter.minimum || parameter.maximum;
    const bool isAmount = parameter.type == ParameterType::Int
        || parameter.type == ParameterType::Number || parameter.type == ParameterType::Duration;
    if (hasBounds && !isAmount)
        reporter.error(parameter.place, "parameter-bounds",
            "the parameter \"" + parameter.name + "\" has bounds, but its type has no order");
    for (const auto &bound : { parameter.minimum, parameter.maximum }) {
        if (isAmount && bound && !amountOf(parameter.type, *bound))
            reporter.error(parameter.place, "parameter-bounds",
                "a bound of the parameter \"" + parameter.name + "\" "
                    + wantedWords(parameter.type));
    }
    if (parameter.type == ParameterType::Enum && parameter.values.empty())
        reporter.error(parameter.place, "parameter-values",
            "the parameter \"" + parameter.name + "\" is an enum without values");
}

void checkChosen(const std::vector<Parameter> &parameters, const ParameterValues &chosen,
    const Reporter &reporter)
{
    std::vector<std::string_view> names;
    for (const Parameter &parameter : parameters)
        names.push_back(parameter.name);
    for (const auto &[name, value] : chosen) {
        if (std::find(names.begin(), names.end(), name) != names.end())
            continue;
        const std::string nearest = nearestKey(name, names);
        reporter.error({}, "unknown-parameter", "the case has no parameter \"" + name + '"',
            nearest.empty() ? std::string() : "did you mean \"" + nearest + "\"?");
    }
}

std::string trimmed(std::string_view text)
{
    const std::size_t begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos)
        return {};
    return std::string(text.substr(begin, text.find_last_not_of(" \t") - begin + 1));
}

/// One walk over a document.
class Substitution
{
public:
    Substitution(const ParameterValues &values, const Reporter &reporter)
        : m_values(values)
        , m_reporter(reporter)
    {
    }

    void fill(yaml::Value &value)
    {
        if (value.isScalar() && value.scalar.find(opening) != std::string::npos)
            value.scalar = replaced(value);
        for (yaml::Value &item : value.items)
            fill(item);
        for (yaml::Entry &entry : value.entries)
            fill(entry.value);
    }

private:
    [[nodiscard]] std::string replaced(const yaml::Value &value)
    {
        const std::string &text = value.scalar;
        std::string out;
        std::size_t from = 0;
        for (;;) {
            const std::size_t begin = text.find(opening, from);
            const std::size_t end = begin == std::string::npos ? begin : text.find(closing, begin);
            if (end == std::string::npos)
                return out + text.substr(from);
            out += text.substr(from, begin - from);
            const std::size_t inside = begin + opening.size();
            out += valueOf(trimmed(std::string_view(text).substr(inside, end - inside)), value);
            from = end + closing.size();
        }
    }

    [[nodiscard]] std::string valueOf(const std::string &name, const yaml::Value &user)
    {
        const auto found = m_values.find(name);
        if (found == m_values.end()) {
            tellUnknown(name, user);
            return {};
        }
        m_spent += found->second.size();
        if (m_spent <= mostBytes)
            return found->second;
        if (!std::exchange(m_hasToldSize, true))
            m_reporter.error(user.place, "too-large",
                "the parameters fill the case with more than 32 MiB of text");
        return {};
    }

    void tellUnknown(const std::string &name, const yaml::Value &user) const
    {
        std::vector<std::string_view> names;
        for (const auto &[known, unused] : m_values)
            names.push_back(known);
        const std::string nearest = nearestKey(name, names);
        m_reporter.error(user.place, "unknown-parameter", "there is no parameter \"" + name + '"',
            nearest.empty() ? "declare it under parameters" : "did you mean \"" + nearest + "\"?");
    }

    const ParameterValues &m_values;
    const Reporter &m_reporter;
    std::size_t m_spent = 0;
    bool m_hasToldSize = false;
};

} // namespace

std::optional<std::string> problemOfValue(const Parameter &parameter, const std::string &text)
{
    switch (parameter.type) {
    case ParameterType::Int:
    case ParameterType::Number:
    case ParameterType::Duration:
        return problemOfAmount(parameter, text);
    case ParameterType::Bool:
        return parseBool(text) ? std::nullopt : std::optional<std::string>("must be true or false");
    case ParameterType::Enum: {
        if (std::find(parameter.values.begin(), parameter.values.end(), text)
            != parameter.values.end())
            return std::nullopt;
        std::string all;
        for (const std::string &word : parameter.values)
            all += (all.empty() ? "" : ", ") + word;
        return "must be one of: " + all;
    }
    case ParameterType::String:
        break;
    }
    return std::nullopt;
}

ParameterValues resolveParameters(const std::vector<Parameter> &parameters,
    const ParameterValues &chosen, const Reporter &reporter)
{
    ParameterValues out;
    checkChosen(parameters, chosen, reporter);
    for (const Parameter &parameter : parameters) {
        checkDeclaration(parameter, reporter);
        const auto found = chosen.find(parameter.name);
        const bool isChosen = found != chosen.end();
        if (!isChosen && !parameter.defaultValue) {
            reporter.error(parameter.place, "parameter-without-value",
                "the parameter \"" + parameter.name + "\" has no default and no value",
                "give it a default, or choose one: --set " + parameter.name + "=…");
            continue;
        }
        const std::string value = isChosen ? found->second : *parameter.defaultValue;
        if (const auto problem = problemOfValue(parameter, value))
            reporter.error(parameter.place, isChosen ? "parameter-value" : "parameter-default",
                (isChosen ? "the value \"" : "the default \"") + value + "\" of the parameter \""
                    + parameter.name + "\" " + *problem);
        out[parameter.name] = value;
    }
    return out;
}

void substituteParameters(
    yaml::Value &value, const ParameterValues &values, const Reporter &reporter)
{
    Substitution(values, reporter).fill(value);
}

} // namespace faultline::cases
