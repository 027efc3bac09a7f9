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

} // namespace

int removeAll(const std::filesystem::path &stateDirectory, const std::string &dockerHost)
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
    const Engine engine(dockerHost);
    const std::string label = instanceLabel + ("=" + instance);
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
    if (!volumes) {
        std::cerr << "faultline-lab: " << volumes.error().message << std::endl;
        return volumes.error().isUnreachable() ? exitNetwork : exitLocal;
    }
    std::cout << "Removed " << *containers << " containers, " << *networks << " networks and "
              << *volumes << " volumes." << std::endl;
    return 0;
}

} // namespace faultline::lab
