// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/placement.h"

#include <algorithm>
#include <cctype>
#include <sstream>
#include <vector>

namespace faultline::lab {

namespace {

constexpr std::string_view rulePrefix = "io.rancher.scheduler.affinity:";

struct Rule
{
    std::string subject; ///< "host_label", "container_label" or "container"
    bool isSoft = false;
    bool isNegative = false;
    std::vector<std::string> values; ///< "key=value" or names
};

bool takeSuffix(std::string &text, std::string_view suffix)
{
    if (!text.ends_with(suffix))
        return false;
    text.resize(text.size() - suffix.size());
    return true;
}

std::vector<std::string> listOf(const std::string &text)
{
    std::vector<std::string> list;
    std::istringstream stream(text);
    for (std::string part; std::getline(stream, part, ',');) {
        const auto isSpace = [](unsigned char c) { return std::isspace(c) != 0; };
        part.erase(part.begin(), std::find_if_not(part.begin(), part.end(), isSpace));
        while (!part.empty() && isSpace(static_cast<unsigned char>(part.back())))
            part.pop_back();
        if (!part.empty())
            list.push_back(part);
    }
    return list;
}

std::vector<Rule> rulesOf(const Json &launchConfig)
{
    std::vector<Rule> rules;
    for (const auto &[name, value] : textMapOf(launchConfig, "labels")) {
        if (!name.starts_with(rulePrefix))
            continue;
        Rule rule;
        rule.subject = name.substr(rulePrefix.size());
        rule.isNegative = takeSuffix(rule.subject, "_ne");
        rule.isSoft = takeSuffix(rule.subject, "_soft");
        rule.values = listOf(value);
        rules.push_back(std::move(rule));
    }
    return rules;
}

bool hasLabel(const std::map<std::string, std::string> &labels, const std::string &pair)
{
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const auto found = labels.find(pair.substr(0, equals));
    return found != labels.end()
        && (equals == pair.size() || found->second == pair.substr(equals + 1));
}

std::map<std::string, std::string> labelsOf(
    const ContainerRecord &container, const ResourceStore &store)
{
    auto labels = textMapOf(container.launchConfig, "labels");
    labels["io.rancher.container.name"] = container.name;
    const StackRecord *stack = store.stack(container.stackId);
    const ServiceRecord *service = store.service(container.serviceId);
    if (stack != nullptr)
        labels["io.rancher.stack.name"] = stack->name;
    if (stack != nullptr && service != nullptr)
        labels["io.rancher.stack_service.name"] = stack->name + "/" + service->name;
    return labels;
}

/// "${stack_name}" and "${service_name}" in a rule's value.
std::string filled(std::string value, const ContainerRecord &container, const ResourceStore &store)
{
    const StackRecord *stack = store.stack(container.stackId);
    const ServiceRecord *service = store.service(container.serviceId);
    const std::pair<std::string, std::string> variables[]{
        { "${stack_name}", stack == nullptr ? "" : stack->name },
        { "${service_name}", service == nullptr ? "" : service->name }
    };
    for (const auto &[name, text] : variables) {
        for (std::size_t at = value.find(name); at != std::string::npos; at = value.find(name, at))
            value.replace(at, name.size(), text);
    }
    return value;
}

bool isMet(const Rule &rule, const std::string &value, const ContainerRecord &container,
    const ResourceStore &store, const HostLabels &host)
{
    if (rule.subject == "host_label")
        return hasLabel(host, value);
    for (const auto &[id, other] : store.containers()) {
        if (id == container.id || other.removed != 0 || other.wanted == Wanted::Removed
            || other.retired)
            continue;
        if (rule.subject == "container" ? other.name == value || other.uuid == value
                                        : hasLabel(labelsOf(other, store), value))
            return true;
    }
    return false;
}

} // namespace

std::optional<std::string> placementRefusal(
    const ContainerRecord &container, const ResourceStore &store, const HostLabels &host)
{
    for (const Rule &rule : rulesOf(container.launchConfig)) {
        if (rule.isSoft)
            continue;
        for (const std::string &raw : rule.values) {
            const std::string value = filled(raw, container, store);
            if (isMet(rule, value, container, store, host) == rule.isNegative)
                return "Allocation failed: no host "
                    + std::string(rule.isNegative ? "without " : "with ") + rule.subject + " "
                    + value + ".";
        }
    }
    return std::nullopt;
}

bool hostSuits(const ServiceRecord &service, const HostLabels &host)
{
    const auto rules = rulesOf(service.launchConfig);
    return std::all_of(rules.begin(), rules.end(), [&host](const Rule &rule) {
        return rule.isSoft || rule.subject != "host_label"
            || std::all_of(rule.values.begin(), rule.values.end(),
                [&](const std::string &value) { return hasLabel(host, value) != rule.isNegative; });
    });
}

} // namespace faultline::lab
