// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace faultline::lab {

/// Named forms of JSON objects, from a text file. A form is a line "name:" and indented lines of
/// "field type", where type is int, number, text, bool, time, object, any, the name of a form, or
/// one of these in [] for a list; "?" behind it allows null, "~" before the field allows it to be
/// absent. "+form" takes over another form's fields. Fields that are not named are allowed.
class JsonShapes
{
public:
    /// What can't be read is told by error().
    explicit JsonShapes(const std::string &file);

    [[nodiscard]] const std::string &error() const { return m_error; }
    /// What is wrong with `value`, one sentence a line; empty when it has the form (or is a list of
    /// such for "[form]").
    [[nodiscard]] std::string check(const nlohmann::json &value, const std::string &type) const;

private:
    struct Field
    {
        std::string name;
        std::string type;
        bool mayBeAbsent = false;
    };

    void checkInto(std::string &out, const std::string &where, const nlohmann::json &value,
        std::string type) const;

    std::map<std::string, std::vector<Field>> m_shapes;
    std::string m_error;
};

} // namespace faultline::lab
