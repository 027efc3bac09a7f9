// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/ci_trigger_reader.h"

namespace faultline::lab {

namespace {

void readInclude(const YamlValue &value, const CiKey &key, CiTrigger &trigger)
{
    if (value.isSequence()) {
        for (const YamlValue &item : value.items)
            readInclude(item, key, trigger);
        return;
    }
    if (!value.isMap()) {
        trigger.files.push_back(readText(value, key));
        return;
    }
    requireKnownKeys(value, key, { "local", "inputs" });
    const YamlValue *local = value.find("local");
    if (!local)
        failAt(value, key, "needs `local`: a file of the repository");
    trigger.files.push_back(readText(*local, key + ":local"));
    if (const YamlValue *inputs = value.find("inputs")) {
        requireMap(*inputs, key + ":inputs");
        for (const auto &[name, content] : inputs->entries)
            trigger.inputs[name] = jsonOf(content).dump();
    }
}

} // namespace

CiTrigger readCiTrigger(const YamlValue &value, const CiKey &key)
{
    if (!value.isMap())
        failAt(
            value, key, "pipelines of other projects can't be started: there is one project only");
    requireKnownKeys(value, key, { "include", "strategy", "forward", "inputs" });
    const YamlValue *include = value.find("include");
    if (!include)
        failAt(value, key, "needs `include`: the file of the child pipeline");
    CiTrigger trigger;
    readInclude(*include, key + ":include", trigger);
    if (trigger.files.empty() || trigger.files.size() > 3)
        failAt(*include, key + ":include", "takes one to three files");
    if (const YamlValue *inputs = value.find("inputs")) {
        requireMap(*inputs, key + ":inputs");
        for (const auto &[name, content] : inputs->entries)
            trigger.inputs[name] = jsonOf(content).dump();
    }
    if (const YamlValue *strategy = value.find("strategy")) {
        const std::string name = readText(*strategy, key + ":strategy");
        if (name != "depend" && name != "mirror")
            failAt(*strategy, key + ":strategy", "can be depend or mirror");
        trigger.dependsOnChild = true;
    }
    if (const YamlValue *forward = value.find("forward")) {
        requireMap(*forward, key + ":forward");
        requireKnownKeys(*forward, key + ":forward", { "yaml_variables", "pipeline_variables" });
        if (const YamlValue *yaml = forward->find("yaml_variables"))
            trigger.forwardsYamlVariables = readBoolean(*yaml, key + ":forward:yaml_variables");
        if (const YamlValue *pipeline = forward->find("pipeline_variables"))
            trigger.forwardsPipelineVariables
                = readBoolean(*pipeline, key + ":forward:pipeline_variables");
    }
    return trigger;
}

nlohmann::json jsonOf(const YamlValue &value)
{
    if (value.isNull())
        return nullptr;
    if (value.isSequence()) {
        nlohmann::json list = nlohmann::json::array();
        for (const YamlValue &item : value.items)
            list.push_back(jsonOf(item));
        return list;
    }
    if (value.isMap()) {
        nlohmann::json map = nlohmann::json::object();
        for (const auto &[key, content] : value.entries)
            map[key] = jsonOf(content);
        return map;
    }
    if (!value.quoted) {
        if (value.scalar == "true" || value.scalar == "false")
            return value.scalar == "true";
        const nlohmann::json number = nlohmann::json::parse(value.scalar, nullptr, false);
        if (number.is_number())
            return number;
    }
    return value.scalar;
}

} // namespace faultline::lab
