// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/ci_includes.h"

#include "services/lab/gitlab/ci_extends.h"
#include "services/lab/gitlab/ci_fields.h"
#include "services/lab/gitlab/ci_trigger_reader.h"

namespace faultline::lab {

namespace {

constexpr std::size_t mostIncludes = 150;
constexpr int deepestInclude = 100;

struct Include
{
    std::string path;
    CiInputs inputs;
    const YamlValue *at = nullptr;
};

void readInclude(const YamlValue &value, std::vector<Include> &out)
{
    const CiKey key = "include";
    if (value.isSequence()) {
        for (const YamlValue &item : value.items)
            readInclude(item, out);
        return;
    }
    Include include;
    include.at = &value;
    if (value.isMap()) {
        requireKnownKeys(value, key, { "local", "inputs" });
        const YamlValue *local = value.find("local");
        if (!local)
            failAt(value, key, "needs `local`: a file of the repository");
        include.path = readText(*local, key + ":local");
        if (const YamlValue *inputs = value.find("inputs")) {
            requireMap(*inputs, key + ":inputs");
            for (const auto &[name, content] : inputs->entries)
                include.inputs[name] = jsonOf(content);
        }
    } else {
        include.path = readText(value, key);
    }
    if (include.path.find("://") != std::string::npos)
        failAt(value, key,
            "files of other servers can't be included: only `local` is supported by the lab");
    if (include.path.find_first_of("*$") != std::string::npos)
        failAt(value, key, "patterns and variables in the name are not supported by the lab");
    out.push_back(std::move(include));
}

std::string plainPath(const std::string &path)
{
    return path.starts_with('/') ? path.substr(1) : path;
}

void resolve(
    YamlValue &root, const CiSources &sources, std::vector<std::string> &included, int depth);

YamlValue readIncluded(
    const Include &include, const CiSources &sources, std::vector<std::string> &included, int depth)
{
    const std::string path = plainPath(include.path);
    if (depth > deepestInclude || included.size() >= mostIncludes)
        failAt(*include.at, "include", "Maximum of 150 nested includes are allowed!");
    auto text = sources.file ? sources.file(path) : std::nullopt;
    if (!text)
        failAt(*include.at, "include", "Local file `" + path + "` does not exist!");
    included.push_back(path);
    YamlValue value
        = readWithInputs(*text, std::make_shared<const std::string>(path), include.inputs);
    if (!value.isMap())
        failAt(*include.at, "include",
            "Included file `" + path + "` does not have valid YAML syntax!");
    resolve(value, sources, included, depth + 1);
    return value;
}

void resolve(
    YamlValue &root, const CiSources &sources, std::vector<std::string> &included, int depth)
{
    const YamlValue *value = root.isMap() ? root.find("include") : nullptr;
    if (!value)
        return;
    std::vector<Include> includes;
    readInclude(*value, includes);
    YamlValue merged;
    merged.kind = YamlValue::Kind::map;
    for (const Include &include : includes)
        mergeYaml(merged, readIncluded(include, sources, included, depth));
    mergeYaml(merged, root);
    std::erase_if(merged.entries, [](const auto &entry) { return entry.first == "include"; });
    root = std::move(merged);
}

} // namespace

void resolveIncludes(YamlValue &root, const CiSources &sources, std::vector<std::string> &included)
{
    resolve(root, sources, included, 0);
}

YamlValue readMerged(const std::vector<std::string> &files, const CiSources &sources,
    std::vector<std::string> &included)
{
    YamlValue at;
    YamlValue merged;
    merged.kind = YamlValue::Kind::map;
    for (const std::string &file : files)
        mergeYaml(merged, readIncluded({ file, sources.inputs, &at }, sources, included, 0));
    return merged;
}

} // namespace faultline::lab
