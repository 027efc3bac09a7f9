// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/compose_reader.h"

#include "services/lab/rancher/compose_service.h"
#include "services/lab/rancher/compose_variables.h"
#include "services/lab/rancher/compose_yaml.h"

#include <algorithm>
#include <cctype>

namespace faultline::lab {

namespace {

using Type = YamlTree::Type;
using Environment = std::map<std::string, std::string>;

tl::unexpected<ComposeError> failed(std::string message, std::string key = {})
{
    return tl::make_unexpected(ComposeError{ std::move(message), std::move(key) });
}

tl::expected<YamlTree, ComposeError> readFile(
    const std::string &file, const std::string &yaml, const Environment &environment)
{
    auto tree = YamlTree::parse(yaml);
    if (!tree)
        return failed(file + " can't be read: " + tree.error() + ".");
    const auto filled = tree->rewrite(
        [&environment](const std::string &text) { return substituted(text, environment); });
    if (!filled)
        return failed(file + ": " + filled.error() + ".");
    if (tree->type() != Type::Map && tree->type() != Type::Null)
        return failed(file + " must be a map of services.");
    return std::move(*tree);
}

bool isVersion2(const YamlTree &tree)
{
    const YamlTree *version = tree.find("version");
    return version != nullptr && version->type() == Type::Text && version->text().starts_with('2');
}

/// Version 2 has services under "services"; version 1 has nothing but services.
tl::expected<const YamlTree *, ComposeError> servicesOf(
    const YamlTree &tree, const std::string &file)
{
    const YamlTree *version = tree.find("version");
    if (version == nullptr) {
        // Version 1 has services at the top; what has them below "services" is of a version that
        // it does not name.
        const YamlTree *below = tree.find("services");
        if (below != nullptr && below->type() == Type::Map && below->find("image") == nullptr
            && below->find("build") == nullptr)
            return failed(file + " has \"services\" (line " + std::to_string(below->line())
                    + ") but no \"version\"; write version: '2' above it.",
                "version");
        return &tree;
    }
    const bool known
        = version->type() == Type::Text && (version->text() == "1" || isVersion2(tree));
    if (!known)
        return failed(
            file + ": version \"" + version->text() + "\" is not supported, only 1 and 2.",
            "version");
    for (const auto &[key, value] : tree.entries()) {
        const bool empty
            = value.type() == Type::Null || (value.type() == Type::Map && value.entries().empty());
        if (key == "version" || key == "services" || key == "volumes" || key == ".catalog" || empty
            || key.starts_with("x-"))
            continue;
        return failed(file + ": " + key + " (line " + std::to_string(value.line())
                + ") is not supported by the lab.",
            key);
    }
    static const YamlTree none;
    const YamlTree *services = tree.find("services");
    return services == nullptr ? &none : services;
}

bool isServiceName(const std::string &name)
{
    return !name.empty() && name.size() <= 63 && name.front() != '-' && name.back() != '-'
        && std::all_of(name.begin(), name.end(), [](char c) {
               return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_'
                   || c == '.';
           });
}

/// A linked service is found by the link's alias.
tl::expected<void, ComposeError> addLinkAliases(std::vector<ComposeService> &services)
{
    for (const ComposeService &service : services) {
        for (const auto &[alias, target] : service.linkedServices.items()) {
            const auto linked = std::find_if(services.begin(), services.end(),
                [&target = target](const ComposeService &other) { return target == other.name; });
            if (linked == services.end())
                return failed("services." + service.name + ".links names \""
                        + target.get<std::string>() + "\", which is no service of this stack.",
                    "services." + service.name + ".links");
            if (alias != linked->name)
                linked->launchConfig["networkAliases"].push_back(alias);
        }
    }
    return {};
}

ComposeService *serviceNamed(std::vector<ComposeService> &services, const std::string &name)
{
    const auto found = std::find_if(services.begin(), services.end(),
        [&name](const ComposeService &service) { return service.name == name; });
    return found == services.end() ? nullptr : &*found;
}

/// Networks and volumes can be shared within a service and its sidekicks only.
tl::expected<void, ComposeError> checkShared(
    const ComposeService &main, const std::string &name, const Json &launchConfig)
{
    std::vector<std::string> shared = textsOf(launchConfig, "dataVolumesFromLaunchConfigs");
    if (const std::string network = textOf(launchConfig, "networkLaunchConfig"); !network.empty())
        shared.push_back(network);
    for (const std::string &other : shared) {
        const bool isSidekick = std::find(main.sidekicks.begin(), main.sidekicks.end(), other)
            != main.sidekicks.end();
        if (other == name || (other != main.name && !isSidekick))
            return failed("services." + name + " shares with \"" + other
                    + "\", which is neither its sidekick nor the service whose sidekick it is.",
                "services." + name);
    }
    return {};
}

/// Sidekicks become launch configs of the service that names them.
tl::expected<void, ComposeError> joinSidekicks(std::vector<ComposeService> &services)
{
    std::vector<std::string> joined;
    for (ComposeService &main : services) {
        for (const std::string &name : main.sidekicks) {
            const ComposeService *sidekick = serviceNamed(services, name);
            const bool isTaken = std::find(joined.begin(), joined.end(), name) != joined.end();
            if (sidekick == nullptr || sidekick == &main || isTaken || !sidekick->sidekicks.empty())
                return failed("services." + main.name + ".labels: io.rancher.sidekicks names \""
                        + name + "\", which is no service that can be a sidekick.",
                    "services." + main.name + ".labels");
            Json config = sidekick->launchConfig;
            config["name"] = name;
            if (auto checked = checkShared(main, name, config); !checked)
                return checked;
            main.secondaryLaunchConfigs.push_back(std::move(config));
            joined.push_back(name);
        }
    }
    for (const ComposeService &service : services) {
        if (std::find(joined.begin(), joined.end(), service.name) != joined.end())
            continue;
        if (auto checked = checkShared(service, service.name, service.launchConfig); !checked)
            return checked;
    }
    std::erase_if(services, [&joined](const ComposeService &service) {
        return std::find(joined.begin(), joined.end(), service.name) != joined.end();
    });
    return {};
}

tl::expected<void, ComposeError> checkOrder(const std::vector<ComposeService> &services)
{
    for (const ComposeService &service : services) {
        for (const Json &name : service.waitsFor) {
            const bool isKnown = std::any_of(services.begin(), services.end(),
                [&name](const ComposeService &other) { return name == other.name; });
            if (!isKnown)
                return failed("services." + service.name + ".depends_on names \""
                        + name.get<std::string>() + "\", which is no service of this stack.",
                    "services." + service.name + ".depends_on");
        }
    }
    return {};
}

tl::expected<void, ComposeError> applyAll(
    const YamlTree &rancher, std::vector<ComposeService> &services)
{
    const auto parts = servicesOf(rancher, "rancher-compose.yml");
    if (!parts)
        return tl::make_unexpected(parts.error());
    for (const auto &[name, part] : (*parts)->entries()) {
        if (name == ".catalog" || part.type() == Type::Null)
            continue;
        const auto service = std::find_if(services.begin(), services.end(),
            [&name = name](const ComposeService &other) { return other.name == name; });
        if (service == services.end())
            return failed("rancher-compose.yml has a service \"" + name
                    + "\" that docker-compose.yml has not.",
                "services." + name);
        if (auto applied = applyRancherCompose(part, *service); !applied)
            return applied;
    }
    return {};
}

} // namespace

tl::expected<std::vector<ComposeService>, ComposeError> readCompose(
    const std::string &dockerCompose, const std::string &rancherCompose,
    const Environment &environment)
{
    const auto docker = readFile("docker-compose.yml", dockerCompose, environment);
    const auto rancher = readFile("rancher-compose.yml", rancherCompose, environment);
    if (!docker || !rancher)
        return tl::make_unexpected(docker ? rancher.error() : docker.error());
    const auto parts = servicesOf(*docker, "docker-compose.yml");
    if (!parts)
        return tl::make_unexpected(parts.error());
    std::vector<ComposeService> services;
    for (const auto &[name, part] : (*parts)->entries()) {
        if (!isServiceName(name))
            return failed("\"" + name.substr(0, 80) + "\" can't be a service's name.",
                "services." + name.substr(0, 80));
        auto service = composeService(name, part);
        if (!service)
            return tl::make_unexpected(service.error());
        services.push_back(std::move(*service));
    }
    if (auto applied = applyAll(*rancher, services); !applied)
        return tl::make_unexpected(applied.error());
    if (auto linked = addLinkAliases(services); !linked)
        return tl::make_unexpected(linked.error());
    if (auto ordered = checkOrder(services); !ordered)
        return tl::make_unexpected(ordered.error());
    if (auto joined = joinSidekicks(services); !joined)
        return tl::make_unexpected(joined.error());
    return services;
}

} // namespace faultline::lab
