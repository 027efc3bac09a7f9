// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/http/http_server.h"
#include "services/lab/http/workers.h"
#include "services/lab/rancher/hosts.h"
#include "services/lab/rancher/resource_store.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace faultline::lab {

/// Drives every container from what Docker has to what is wanted, one step at a time: each step's
/// end leads to the next look. Nothing depends on who asked or when, so that a killed lab goes on
/// where it was. Lab thread.
class ContainerControl
{
public:
    /// `slow` runs what waits for a container's end, so that it never delays another one's start.
    ContainerControl(std::string instance, ResourceStore &store, Hosts &hosts, Workers &workers,
        Workers &slow, Server &server);
    ~ContainerControl();

    /// Told when a step begins ("instance.start") and how it ended.
    std::function<std::int64_t(const std::string &name, std::int64_t id)> onBegin;
    std::function<void(std::int64_t process, const std::string &error)> onEnd;

    void start(std::int64_t id);
    void stop(std::int64_t id, int graceSeconds);
    void restart(std::int64_t id);
    void remove(std::int64_t id, int graceSeconds);

    /// Applies what was seen of a container and takes the next step. Older looks than the last are
    /// ignored.
    void observe(std::int64_t id, const Observation &seen);
    /// Takes the next step. Nothing while the container's engine is away.
    void drive(std::int64_t id);
    /// Tries again what found no place: hosts or their labels have changed.
    void placeWaiting();

private:
    enum class Step { None, Create, Start, Stop, Restart, Remove };
    /// What is known of a container only while this process lives.
    struct Progress
    {
        Step step = Step::None; ///< under way on a worker
        DockerState docker = DockerState::None;
        std::int64_t process = 0; ///< of the step, in the journal
        std::int64_t seenAt = 0;
        std::int64_t startedAt = 0; ///< ms
        int failures = 0; ///< exits or failed starts in a row
        std::int64_t notBefore = 0; ///< ms: the next try of a start
        Timer wake;
    };

    [[nodiscard]] static std::string processName(Step step);
    void begin(std::int64_t id, Step step);
    void create(const ContainerRecord &container);
    void ended(std::int64_t id, Step step, const FromEngine<Observation> &outcome);
    void failed(std::int64_t id, Step step, const EngineError &error);
    void exited(std::int64_t id, const Observation &seen);
    void waitForNextTry(std::int64_t id, Progress &progress);
    void removedForGood(std::int64_t id);
    void driveToRunning(const ContainerRecord &container, Progress &progress);
    [[nodiscard]] bool restartsByItself(const ContainerRecord &container) const;

    std::string m_instance;
    ResourceStore &m_store;
    Hosts &m_hosts;
    Workers &m_workers;
    Workers &m_slow;
    Server &m_server;
    std::map<std::int64_t, Progress> m_progress;
};

} // namespace faultline::lab
