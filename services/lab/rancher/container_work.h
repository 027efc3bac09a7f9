// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/docker/engine.h"
#include "services/lab/rancher/container_body.h"

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <set>
#include <string>

namespace faultline::lab {

/// How Docker sees a container.
enum class DockerState { None, Created, Running, Paused, Exited };

/// One look at a container. `at` orders looks and events of different threads: nanoseconds since
/// the epoch, taken before Docker was asked.
struct Observation
{
    DockerState state = DockerState::None;
    std::int64_t at = 0;
    std::string dockerId;
    std::string address;
    Json ports = Json::array();
    int exitCode = 0;
    std::int64_t startedAt = 0; ///< ms since the epoch; 0 = unknown
};

[[nodiscard]] std::int64_t nowNs();

/// The blocking steps that containers go through, for Workers. Thread-safe.
class ContainerWork
{
public:
    explicit ContainerWork(const Engine &engine);

    /// Creates what the plan needs (network, volumes), then the container. A missing image is an
    /// error with Docker's words; it is pulled only when its name holds a registry's host, and not
    /// for long.
    [[nodiscard]] FromEngine<Observation> create(const ContainerPlan &plan);
    [[nodiscard]] FromEngine<Observation> start(const std::string &dockerId) const;
    [[nodiscard]] FromEngine<Observation> stop(
        const std::string &dockerId, std::chrono::seconds grace) const;
    [[nodiscard]] FromEngine<Observation> restart(
        const std::string &dockerId, std::chrono::seconds grace) const;
    /// Stops within `grace`, then removes it with its anonymous volumes; one that is gone already
    /// is a success.
    [[nodiscard]] FromEngine<void> remove(
        const std::string &dockerId, std::chrono::seconds grace) const;
    [[nodiscard]] FromEngine<Observation> look(const std::string &dockerId) const;

    /// Removes a stack's network and volumes by their label.
    [[nodiscard]] FromEngine<void> removeStackLeftovers(const std::string &stackLabel);

    [[nodiscard]] const Engine &engine() const { return m_engine; }

private:
    [[nodiscard]] FromEngine<void> ensureImage(const std::string &image) const;
    [[nodiscard]] FromEngine<void> ensureNetwork(const ContainerPlan &plan);

    const Engine &m_engine;
    std::mutex m_networksMutex;
    std::condition_variable m_networkMade;
    std::set<std::string> m_networks;
    std::set<std::string> m_making; ///< two networks of one name must not be created at once
};

} // namespace faultline::lab
