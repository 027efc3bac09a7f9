// SPDX-License-Identifier: GPL-3.0-or-later
#include "json_shapes.h"

#include <fstream>
#include <regex>
#include <sstream>

namespace faultline::lab {

JsonShapes::JsonShapes(const std::string &file)
{
    std::ifstream in(file);
    if (!in)
        m_error = "can't open " + file;
    std::string line;
    std::string current;
    while (std::getline(in, line)) {
        if (line.empty() || line.front() == '#')
            continue;
        if (line.front() != ' ') {
            current = line.substr(0, line.find(':'));
            m_shapes[current];
            continue;
        }
        std::istringstream words(line);
        Field field;
        words >> field.name >> field.type;
        if (field.name.front() == '+') {
            const auto parent = m_shapes[field.name.substr(1)];
            m_shapes[current].insert(m_shapes[current].end(), parent.begin(), parent.end());
            continue;
        }
        if (field.type.empty())
            m_error = "no type: " + line;
        if (field.name.front() == '~') {
            field.mayBeAbsent = true;
            field.name.erase(0, 1);
        }
        m_shapes[current].push_back(field);
    }
}

std::string JsonShapes::check(const nlohmann::json &value, const std::string &type) const
{
    std::string out;
    checkInto(out, "answer", value, type);
    return out;
}

void JsonShapes::checkInto(
    std::string &out, const std::string &where, const nlohmann::json &value, std::string type) const
{
    static const std::regex time(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))");
    if (type.ends_with('?')) {
        if (value.is_null())
            return;
        type.pop_back();
    }
    if (type.starts_with('[')) {
        if (!value.is_array())
            out += where + " is no list\n";
        else
            for (std::size_t i = 0; i < value.size(); ++i)
                checkInto(out, where + "[" + std::to_string(i) + "]", value[i],
                    type.substr(1, type.size() - 2));
        return;
    }
    const auto shape = m_shapes.find(type);
    if (shape == m_shapes.end()) {
        const bool fits = type == "any" || (type == "int" && value.is_number_integer())
            || (type == "number" && value.is_number()) || (type == "text" && value.is_string())
            || (type == "bool" && value.is_boolean()) || (type == "object" && value.is_object())
            || (type == "time" && value.is_string()
                && std::regex_match(value.get<std::string>(), time));
        if (!fits)
            out += where + " is no " + type + ": " + value.dump().substr(0, 100) + "\n";
        return;
    }
    if (!value.is_object()) {
        out += where + " is no " + type + ": " + value.dump().substr(0, 100) + "\n";
        return;
    }
    for (const Field &field : shape->second) {
        const auto found = value.find(field.name);
        if (found != value.end())
            checkInto(out, where + "." + field.name, *found, field.type);
        else if (!field.mayBeAbsent)
            out += where + "." + field.name + " is missing\n";
    }
}

} // namespace faultline::lab
