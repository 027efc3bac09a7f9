// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/lab/remove_all.h"

#include "app/lab/state_directory.h"
#include "services/lab/docker/engine.h"
#include "services/lab/rancher/container_plan.h"

#include <iostream>

namespace faultline::lab {

namespace {

constexpr int exitNetwork = 10;
constexpr int exitLocal = 19;

/// Removes each of a list by a member of it; the first real failure ends it.
template <typename Remove>
FromEngine<int> removeEach(const FromEngine<Json> &list, const char *key, const Remove &remove)
{
    if (!list)
        return tl::make_unexpected(list.error());
    int count = 0;
    for (const Json &item : *list) {
        const auto removed = remove(textOf(item, key));
        if (!removed && !removed.error().isNotFound())
            return tl::make_unexpected(removed.error());
        ++count;
    }
    return count;
}

struct Removed
{
    int containers = 0;
    int networks = 0;
    int volumes = 0;
};

FromEngine<void> removeFrom(const Engine &engine, const std::string &label, Removed &sum)
{
    const auto containers = removeEach(engine.containers(label), "Id",
        [&](const std::string &id) { return engine.remove(id, true, true); });
    const auto networks = !containers
        ? containers
        : removeEach(engine.networks(label), "Id",
            [&](const std::string &id) { return engine.removeNetwork(id); });
    const auto volumes = !networks
        ? networks
        : removeEach(engine.volumes(label), "Name",
            [&](const std::string &name) { return engine.removeVolume(name); });
    if (!volumes)
        return tl::make_unexpected(volumes.error());
    sum.containers += *containers;
    sum.networks += *networks;
    sum.volumes += *volumes;
    return {};
}

} // namespace

int removeAll(
    const std::filesystem::path &stateDirectory, const std::vector<std::string> &dockerHosts)
{
    const auto state = StateDirectory::open(stateDirectory);
    if (!state) {
        std::cerr << "faultline-lab: " << state.error() << std::endl;
        return exitLocal;
    }
    const std::string instance = state->read("instance");
    if (instance.empty()) {
        std::cout << "Nothing to remove: no lab has run with " << state->path().string() << "."
                  << std::endl;
        return 0;
    }
    Removed sum;
    int code = 0;
    for (const std::string &host : dockerHosts) {
        const auto removed = removeFrom(Engine(host), instanceLabel + ("=" + instance), sum);
        if (removed)
            continue;
        std::cerr << "faultline-lab: " << removed.error().message << std::endl;
        code = removed.error().isUnreachable() ? exitNetwork : exitLocal;
    }
    if (code == 0)
        std::cout << "Removed " << sum.containers << " containers, " << sum.networks
                  << " networks and " << sum.volumes << " volumes." << std::endl;
    return code;
}

} // namespace faultline::lab
