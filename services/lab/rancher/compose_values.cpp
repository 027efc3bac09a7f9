// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/compose_values.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <utility>

namespace faultline::lab::compose {

using Type = YamlTree::Type;

tl::unexpected<std::string> wrong(std::string text)
{
    return tl::make_unexpected(std::move(text));
}

tl::expected<std::string, std::string> textFrom(const YamlTree &value)
{
    if (value.type() != Type::Text)
        return wrong("must be a text");
    return value.text();
}

tl::expected<bool, std::string> truthFrom(const YamlTree &value)
{
    const std::string &text = value.text();
    if (text == "true" || text == "True" || text == "yes" || text == "on")
        return true;
    if (text == "false" || text == "False" || text == "no" || text == "off")
        return false;
    return wrong("must be true or false");
}

tl::expected<std::int64_t, std::string> numberFrom(const YamlTree &value)
{
    char *end = nullptr;
    const long long number = std::strtoll(value.text().c_str(), &end, 10);
    if (value.text().empty() || *end != '\0')
        return wrong("must be a whole number");
    return number;
}

tl::expected<std::int64_t, std::string> bytesFrom(const YamlTree &value)
{
    char *end = nullptr;
    const double number = std::strtod(value.text().c_str(), &end);
    std::string unit(end);
    for (char &c : unit)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    double factor = 0;
    if (unit.empty() || unit == "b")
        factor = 1;
    else if (unit == "k" || unit == "kb")
        factor = 1024;
    else if (unit == "m" || unit == "mb")
        factor = 1024.0 * 1024;
    else if (unit == "g" || unit == "gb")
        factor = 1024.0 * 1024 * 1024;
    if (value.text().empty() || factor == 0 || number < -1 || number > 1e12)
        return wrong("must be a size such as 512m");
    return static_cast<std::int64_t>(number * factor);
}

tl::expected<std::int64_t, std::string> secondsFrom(const YamlTree &value)
{
    const char *at = value.text().c_str();
    double seconds = 0;
    while (*at != '\0') {
        char *end = nullptr;
        const double number = std::strtod(at, &end);
        if (end == at)
            return wrong("must be a duration such as 10s");
        const double factor = *end == 'm' ? 60 : *end == 'h' ? 3600 : 1;
        if (*end != '\0' && *end != 's' && *end != 'm' && *end != 'h')
            return wrong("must be a duration such as 10s");
        seconds += number * factor;
        at = *end == '\0' ? end : end + 1;
    }
    return static_cast<std::int64_t>(seconds);
}

tl::expected<Json, std::string> listFrom(const YamlTree &value)
{
    Json list = Json::array();
    if (value.type() == Type::Text)
        return Json::array({ value.text() });
    if (value.type() != Type::List)
        return wrong("must be a list");
    for (const YamlTree &item : value.items()) {
        if (item.type() != Type::Text)
            return wrong("must be a list of texts");
        list.push_back(item.text());
    }
    return list;
}

tl::expected<Json, std::string> mapFrom(const YamlTree &value)
{
    Json map = Json::object();
    if (value.type() == Type::Null)
        return map;
    if (value.type() == Type::Map) {
        for (const auto &[name, item] : value.entries()) {
            if (item.type() != Type::Text && item.type() != Type::Null)
                return wrong("must have texts as values (see \"" + name + "\")");
            map[name] = item.text();
        }
        return map;
    }
    const auto list = listFrom(value);
    if (!list)
        return wrong("must be a map, or a list of name=value");
    for (const Json &item : *list) {
        const auto text = item.get<std::string>();
        const std::size_t equals = std::min(text.find('='), text.size());
        map[text.substr(0, equals)]
            = equals < text.size() ? text.substr(equals + 1) : std::string();
    }
    return map;
}

tl::expected<Json, std::string> wordsFrom(const YamlTree &value)
{
    if (value.type() != Type::Text)
        return listFrom(value);
    Json words = Json::array();
    std::string word;
    bool inWord = false;
    char quote = '\0';
    const std::string &text = value.text();
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quote == '\0' && std::isspace(static_cast<unsigned char>(c)) != 0) {
            if (inWord)
                words.push_back(std::exchange(word, {}));
            inWord = false;
            continue;
        }
        inWord = true;
        if (c == quote)
            quote = '\0';
        else if (quote == '\0' && (c == '"' || c == '\''))
            quote = c;
        else if (c == '\\' && quote != '\'' && i + 1 < text.size())
            word.push_back(text[++i]);
        else
            word.push_back(c);
    }
    if (quote != '\0')
        return wrong("has a quote that is not closed");
    if (inWord)
        words.push_back(word);
    return words;
}

Json plainJson(const YamlTree &value)
{
    switch (value.type()) {
    case Type::Null:
        return nullptr;
    case Type::Text:
        return value.text();
    case Type::List:
        break;
    case Type::Map: {
        Json map = Json::object();
        for (const auto &[key, item] : value.entries())
            map[key] = plainJson(item);
        return map;
    }
    }
    Json list = Json::array();
    for (const YamlTree &item : value.items())
        list.push_back(plainJson(item));
    return list;
}

} // namespace faultline::lab::compose
