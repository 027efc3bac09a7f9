// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/compose_variables.h"

#include <cctype>

namespace faultline::lab {

namespace {

bool isNamePart(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

std::size_t nameEnd(const std::string &text, std::size_t begin)
{
    std::size_t end = begin;
    while (end < text.size() && isNamePart(text[end]))
        ++end;
    return end;
}

} // namespace

tl::expected<std::string, std::string> substituted(
    const std::string &text, const std::map<std::string, std::string> &environment)
{
    const auto broken = [&text] {
        return tl::make_unexpected(
            "\"" + text.substr(0, 200) + "\" holds a broken variable (write $$ for a dollar sign)");
    };
    const auto lookUp = [&environment](const std::string &name) {
        const auto found = environment.find(name);
        return found == environment.end() ? std::string() : found->second;
    };
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '$') {
            result.push_back(text[i]);
            continue;
        }
        ++i;
        if (i >= text.size())
            return broken();
        if (text[i] == '$') {
            result.push_back('$');
            continue;
        }
        const bool braced = text[i] == '{';
        const std::size_t begin = braced ? i + 1 : i;
        const std::size_t end = nameEnd(text, begin);
        if (end == begin || std::isdigit(static_cast<unsigned char>(text[begin])) != 0)
            return broken();
        const std::string name = text.substr(begin, end - begin);
        if (!braced) {
            result += lookUp(name);
            i = end - 1;
            continue;
        }
        const std::size_t close = text.find('}', end);
        if (close == std::string::npos)
            return broken();
        const std::string rest = text.substr(end, close - end);
        std::string value = lookUp(name);
        if (rest.starts_with(":-"))
            value = value.empty() ? rest.substr(2) : value;
        else if (rest.starts_with('-'))
            value = environment.count(name) != 0 ? value : rest.substr(1);
        else if (!rest.empty())
            return broken();
        result += value;
        i = close;
    }
    return result;
}

} // namespace faultline::lab
