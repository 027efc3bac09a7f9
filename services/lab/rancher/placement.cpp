// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/placement.h"

#include "services/lab/rancher/api_types.h"
#include "services/lab/rancher/resource_json.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <set>
#include <sstream>
#include <tuple>

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

/// Whether it takes part in the placement of others.
bool counts(const ContainerRecord &other, const ContainerRecord &container)
{
    return other.id != container.id && other.removed == 0 && other.wanted != Wanted::Removed;
}

bool isMet(const Rule &rule, const std::string &value, const ContainerRecord &container,
    const ResourceStore &store, const HostPlace &host)
{
    if (rule.subject == "host_label")
        return hasLabel(host.labels, value);
    for (const auto &[id, other] : store.containers()) {
        if (!counts(other, container) || other.retired || other.hostId != host.id)
            continue;
        if (rule.subject == "container" ? other.name == value || other.uuid == value
                                        : hasLabel(labelsOf(other, store), value))
            return true;
    }
    return false;
}

/// The hosts of containers that this one shares a network or volumes with.
std::set<std::int64_t> partnerHosts(const ContainerRecord &container, const ResourceStore &store)
{
    std::set<std::int64_t> hosts;
    for (const std::int64_t id : store.containersOfService(container.serviceId)) {
        const ContainerRecord &other = *store.container(id);
        if (container.serviceId != 0 && counts(other, container) && other.unit == container.unit)
            hosts.insert(other.hostId);
    }
    const ContainerRecord *shared
        = store.container(numberOf(container.launchConfig, "networkContainer"));
    if (shared != nullptr)
        hosts.insert(shared->hostId);
    hosts.erase(0);
    return hosts;
}

/// Where the stack has its network.
std::set<std::int64_t> homeOf(const ContainerRecord &container, const ResourceStore &store)
{
    std::set<std::int64_t> hosts;
    if (container.stackId == 0 || !usesStackNetwork(container))
        return hosts;
    for (const auto &[id, other] : store.containers()) {
        if (counts(other, container) && other.stackId == container.stackId
            && usesStackNetwork(other))
            hosts.insert(other.hostId);
    }
    hosts.erase(0);
    return hosts;
}

/// As Cattle tells a rule that was broken (its allocator/constraint/*Constraint.java).
std::string wordsOf(const Rule &rule, const std::string &value)
{
    const std::string sign = rule.isNegative ? "{ne}" : "{eq}";
    const std::size_t equals = std::min(value.find('='), value.size());
    if (rule.subject == "host_label")
        return "needs host with label " + value.substr(0, equals) + sign + ": "
            + value.substr(std::min(equals + 1, value.size()));
    if (rule.subject == "container_label")
        return "host must " + std::string(rule.isNegative ? "not have" : "have")
            + " a container with label " + value;
    return "needs container with label " + value + sign;
}

/// Why it may not be on this host; nothing when it may.
std::optional<std::string> refusalOf(
    const ContainerRecord &container, const ResourceStore &store, const HostPlace &host)
{
    const std::string requested = textOf(container.launchConfig, "requestedHostId");
    if (!requested.empty() && parsedId(requested) != host.id)
        return "Allocation failed: requested host " + requested + " is not there.";
    const auto partners = partnerHosts(container, store);
    if (!partners.empty() && partners.count(host.id) == 0)
        return "Allocation failed: it must be with a container on "
            + publicHostId(*partners.begin()) + ".";
    if (!requested.empty())
        return std::nullopt; // rules are not looked at then (AllocatorServiceImpl.java)
    for (const Rule &rule : rulesOf(container.launchConfig)) {
        for (const std::string &raw : rule.values) {
            const std::string value = filled(raw, container, store);
            if (!rule.isSoft && isMet(rule, value, container, store, host) == rule.isNegative)
                return "Allocation failed: " + wordsOf(rule, value);
        }
    }
    return std::nullopt;
}

int brokenSoftRules(
    const ContainerRecord &container, const ResourceStore &store, const HostPlace &host)
{
    int broken = 0;
    for (const Rule &rule : rulesOf(container.launchConfig)) {
        for (const std::string &raw : rule.values) {
            const std::string value = filled(raw, container, store);
            broken += rule.isSoft && isMet(rule, value, container, store, host) == rule.isNegative;
        }
    }
    return broken;
}

std::ptrdiff_t containersOn(
    std::int64_t host, const ContainerRecord &container, const ResourceStore &store)
{
    return std::count_if(
        store.containers().begin(), store.containers().end(), [&](const auto &entry) {
            return counts(entry.second, container) && entry.second.hostId == host;
        });
}

} // namespace

bool usesStackNetwork(const ContainerRecord &container)
{
    const std::string mode = textOf(container.launchConfig, "networkMode");
    return mode.empty() || mode == "managed" || mode == "default";
}

tl::expected<std::int64_t, std::string> placeFor(const ContainerRecord &container,
    const ResourceStore &store, const std::vector<HostPlace> &hosts)
{
    const auto home = homeOf(container, store);
    // Fewest broken soft rules, home first, fewest containers, lowest number.
    std::optional<std::tuple<int, bool, std::ptrdiff_t, std::int64_t>> best;
    std::string refusal = "Allocation failed: No healthy hosts with sufficient resources available";
    std::string away;
    bool isHomeAway = false;
    for (const HostPlace &host : hosts) {
        const bool isHome = home.count(host.id) != 0;
        const auto refused = refusalOf(container, store, host);
        if (refused) {
            refusal = away.empty() ? *refused : away;
        } else if (!host.isUp) {
            away = "Allocation failed: host " + publicHostId(host.id) + " is not connected.";
            refusal = away;
            isHomeAway = isHomeAway || (isHome && !host.isGivenUp);
        } else {
            const std::tuple rank(brokenSoftRules(container, store, host), !isHome,
                containersOn(host.id, container, store), host.id);
            if (!best || rank < *best)
                best = rank;
        }
    }
    if (!best)
        return tl::make_unexpected(refusal);
    const std::int64_t chosen = std::get<3>(*best);
    // A network can't span engines, so the stack's other containers could not be reached there.
    if (isHomeAway && home.count(chosen) == 0)
        return tl::make_unexpected("Allocation failed: the stack's network is on a host that is "
                                   "not connected.");
    return chosen;
}

std::vector<std::int64_t> globalHosts(
    const ServiceRecord &service, const ResourceStore &store, const std::vector<HostPlace> &hosts)
{
    const auto rules = rulesOf(service.launchConfig);
    const auto suits = [&rules](const HostPlace &host) {
        return std::all_of(rules.begin(), rules.end(), [&host](const Rule &rule) {
            return rule.isSoft || rule.subject != "host_label"
                || std::all_of(
                    rule.values.begin(), rule.values.end(), [&](const std::string &value) {
                        return hasLabel(host.labels, value) != rule.isNegative;
                    });
        });
    };
    const auto ids = store.containersOfService(service.id);
    const auto hasOne = [&](const HostPlace &host) {
        return std::any_of(ids.begin(), ids.end(), [&](std::int64_t id) {
            const ContainerRecord &container = *store.container(id);
            return container.hostId == host.id && container.wanted != Wanted::Removed;
        });
    };
    std::vector<std::int64_t> chosen;
    for (const HostPlace &host : hosts) {
        if (suits(host) && (host.isUp || hasOne(host)))
            chosen.push_back(host.id);
    }
    return chosen;
}

} // namespace faultline::lab
