// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/yaml/yaml_value.h"

#include "services/yaml/value_builder.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <sstream>

namespace faultline::yaml {

const Value *Value::find(std::string_view key) const
{
    const auto found = std::find_if(
        entries.begin(), entries.end(), [key](const Entry &entry) { return entry.key == key; });
    return found == entries.end() ? nullptr : &found->value;
}

tl::expected<std::vector<Value>, Problem> readDocuments(
    const std::string &text, const Limits &limits)
{
    if (text.size() > limits.bytes)
        return tl::unexpected(Problem{
            {}, "the file is larger than " + std::to_string(limits.bytes >> 20U) + " MiB" });
    std::vector<Value> documents;
    try {
        std::istringstream stream(text);
        YAML::Parser parser(stream);
        ValueBuilder builder(limits);
        while (parser.HandleNextDocument(builder))
            documents.push_back(builder.takeDocument());
    } catch (const Problem &problem) {
        return tl::unexpected(problem);
    } catch (const YAML::Exception &exception) {
        return tl::unexpected(
            Problem{ { exception.mark.line + 1, exception.mark.column + 1 }, exception.msg });
    }
    return documents;
}

} // namespace faultline::yaml
