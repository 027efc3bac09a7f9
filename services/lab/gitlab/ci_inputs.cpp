// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/ci_inputs.h"

#include <algorithm>
#include <string_view>

#include <re2/re2.h>

#include "services/lab/gitlab/ci_fields.h"
#include "services/lab/gitlab/ci_trigger_reader.h"

namespace faultline::lab {

namespace {

using nlohmann::json;

YamlValue readPart(const std::string &text, const std::shared_ptr<const std::string> &file)
{
    auto value = readYaml(text);
    if (!value) {
        CiError error = value.error();
        error.file = file ? *file : std::string();
        throw CiFailure{ error };
    }
    return std::move(*value);
}

void setFile(YamlValue &value, const std::shared_ptr<const std::string> &file)
{
    value.file = file;
    for (YamlValue &item : value.items)
        setFile(item, file);
    for (auto &entry : value.entries)
        setFile(entry.second, file);
}

struct Parts
{
    std::string header; ///< empty: none
    std::string body; ///< with the header's lines left blank, so that lines keep their numbers
};

// The header ends at the first line "---" that has something before it.
Parts partsOf(const std::string &text)
{
    bool hasContent = false;
    std::size_t lines = 0;
    for (std::size_t at = 0; at < text.size(); ++lines) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        std::string_view line(text.data() + at, end - at);
        while (!line.empty() && (line.back() == ' ' || line.back() == '\r'))
            line.remove_suffix(1);
        if (line == "---" && hasContent)
            return { text.substr(0, at),
                std::string(lines + 1, '\n') + text.substr(std::min(end + 1, text.size())) };
        hasContent = hasContent || (!line.empty() && line.front() != '#' && line != "---");
        at = end + 1;
    }
    return { {}, text };
}

bool hasType(const json &value, const std::string &type)
{
    if (type == "number")
        return value.is_number();
    if (type == "boolean")
        return value.is_boolean();
    if (type == "array")
        return value.is_array();
    return value.is_string();
}

json checkedValue(const std::string &name, const YamlValue &declared, const CiInputs &given)
{
    const CiKey key = "spec:inputs:" + name;
    std::string type = "string";
    if (declared.isMap())
        requireKnownKeys(declared, key, { "default", "description", "options", "regex", "type" });
    if (const YamlValue *named = declared.find("type"))
        type = readText(*named, key + ":type");
    if (type != "string" && type != "number" && type != "boolean" && type != "array")
        failAt(declared, key + ":type", "can be string, number, boolean or array");
    const auto found = given.find(name);
    const YamlValue *fallback = declared.find("default");
    if (found == given.end() && !fallback)
        failAt(declared, key, "`" + name + "` input: required value has not been provided");
    const json value = found != given.end() ? found->second : jsonOf(*fallback);
    const std::string which = found != given.end() ? "provided value" : "default value";
    if (!hasType(value, type))
        failAt(declared, key,
            "`" + name + "` input: " + which + " is not a" + (type == "array" ? "n " : " ") + type);
    if (const YamlValue *options = declared.find("options")) {
        const json list = jsonOf(*options);
        if (!list.is_array() || std::find(list.begin(), list.end(), value) == list.end())
            failAt(*options, key,
                "`" + name + "` input: `"
                    + (value.is_string() ? value.get<std::string>() : value.dump())
                    + "` cannot be used because it is not in the list of allowed options");
    }
    if (const YamlValue *regex = declared.find("regex"); regex && value.is_string()) {
        std::string pattern = readText(*regex, key + ":regex");
        if (pattern.size() > 1 && pattern.front() == '/' && pattern.back() == '/')
            pattern = pattern.substr(1, pattern.size() - 2);
        const re2::RE2 compiled(pattern, re2::RE2::Quiet);
        if (!compiled.ok())
            failAt(*regex, key + ":regex", "is no regular expression");
        if (!re2::RE2::PartialMatch(value.get<std::string>(), compiled))
            failAt(*regex, key,
                "`" + name + "` input: " + which + " does not match required RegEx pattern");
    }
    return value;
}

CiInputs inputsOf(const YamlValue &header, const CiInputs &given)
{
    requireMap(header, "spec");
    requireKnownKeys(header, {}, { "spec" });
    CiInputs values;
    const YamlValue *spec = header.find("spec");
    if (spec && spec->isMap())
        requireKnownKeys(*spec, "spec", { "inputs" });
    const YamlValue *inputs = spec ? spec->find("inputs") : nullptr;
    if (inputs && !inputs->isNull()) {
        requireMap(*inputs, "spec:inputs");
        for (const auto &[name, declared] : inputs->entries)
            values[name] = checkedValue(name, declared, given);
    }
    for (const auto &[name, value] : given)
        if (!values.contains(name))
            failAt(header, "spec:inputs", "unknown input arguments: " + name);
    return values;
}

YamlValue valueOf(const json &value, const YamlValue &at)
{
    YamlValue out;
    out.line = at.line;
    out.file = at.file;
    if (value.is_array()) {
        out.kind = YamlValue::Kind::sequence;
        for (const json &item : value)
            out.items.push_back(valueOf(item, at));
        return out;
    }
    out.kind = value.is_null() ? YamlValue::Kind::null : YamlValue::Kind::scalar;
    out.quoted = value.is_string();
    out.scalar = value.is_string() ? value.get<std::string>() : value.dump();
    return out;
}

class Interpolation
{
public:
    explicit Interpolation(const CiInputs &inputs)
        : m_inputs(inputs)
    {
    }

    void apply(YamlValue &value) const
    {
        for (YamlValue &item : value.items)
            apply(item);
        for (auto &entry : value.entries) {
            entry.first = replaced(entry.first, entry.second);
            apply(entry.second);
        }
        if (!value.isScalar() || value.scalar.find("$[[") == std::string::npos)
            return;
        const std::string &text = value.scalar;
        const std::size_t end = text.find("]]");
        if (text.starts_with("$[[") && end == text.size() - 2)
            value = valueOf(lookUp(std::string_view(text).substr(3, end - 3), value), value);
        else
            value.scalar = replaced(text, value);
    }

private:
    [[nodiscard]] std::string replaced(const std::string &text, const YamlValue &at) const
    {
        std::string out;
        std::size_t from = 0;
        for (;;) {
            const std::size_t start = text.find("$[[", from);
            const std::size_t end = start == std::string::npos ? start : text.find("]]", start);
            if (end == std::string::npos)
                return out + text.substr(from);
            out += text.substr(from, start - from);
            const json value
                = lookUp(std::string_view(text).substr(start + 3, end - start - 3), at);
            out += value.is_string() ? value.get<std::string>() : value.dump();
            from = end + 2;
        }
    }

    [[nodiscard]] json lookUp(std::string_view expression, const YamlValue &at) const
    {
        while (!expression.empty() && expression.front() == ' ')
            expression.remove_prefix(1);
        while (!expression.empty() && expression.back() == ' ')
            expression.remove_suffix(1);
        if (expression.find('|') != std::string_view::npos)
            failAt(at, "inputs", "functions in $[[ … | … ]] are not supported by the lab");
        const auto found = expression.starts_with("inputs.")
            ? m_inputs.find(std::string(expression.substr(7)))
            : m_inputs.end();
        if (found == m_inputs.end())
            failAt(at, "inputs", "unknown interpolation: " + std::string(expression));
        return found->second;
    }

    const CiInputs &m_inputs;
};

} // namespace

YamlValue readWithInputs(
    const std::string &text, const std::shared_ptr<const std::string> &file, const CiInputs &given)
{
    const Parts parts = partsOf(text);
    YamlValue header;
    if (!parts.header.empty()) {
        header = readPart(parts.header, file);
        setFile(header, file);
    }
    YamlValue body = readPart(parts.body, file);
    setFile(body, file);
    if (header.isMap()) {
        const CiInputs values = inputsOf(header, given);
        Interpolation(values).apply(body);
    } else if (!given.empty()) {
        failAt(
            body, {}, "Given inputs not defined in the `spec` section of the configuration file");
    }
    return body;
}

} // namespace faultline::lab
