// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/rancher/container_work.h"
#include "services/lab/rancher/placement.h"

#include <memory>
#include <set>
#include <string>
#include <vector>

namespace faultline::lab {

/// What is known of one engine's machine. Lab thread.
struct HostFacts
{
    bool connected = false;
    std::string reason; ///< why not
    std::int64_t lostAt = 0; ///< ms: since when not; 0 = it was not asked yet
    std::int64_t givenUpAfterMs = 180'000; ///< Rancher's agent.disconnect.after.seconds
    Json info = Json::object(); ///< Docker's GET /info
    std::int64_t since = 0; ///< ms: when the lab was created

    /// Rancher's words: "reconnecting" for three minutes, then "disconnected" (facts: rancher.md
    /// §2).
    [[nodiscard]] const char *state(std::int64_t now) const;
};

/// One Docker Engine, which is a host of the lab.
struct LabHost
{
    LabHost(std::int64_t number, const std::string &address)
        : id(number)
        , engine(address)
    {
    }

    const std::int64_t id;
    Engine engine;
    ContainerWork work{ engine };
    HostFacts facts;
};

/// Every engine that this lab was given. Lab thread; a LabHost lives as long as this object.
class Hosts
{
public:
    explicit Hosts(ResourceStore &store);

    /// Gives each engine's address the number that it had before (hostNumbers), and forgets the
    /// hosts that are gone together with their containers, as Rancher does with a deleted host.
    void open(const std::vector<std::string> &addresses, std::int64_t givenUpAfterMs);

    [[nodiscard]] const std::vector<std::unique_ptr<LabHost>> &all() const { return m_hosts; }
    [[nodiscard]] LabHost *find(std::int64_t id) const; ///< null when there is none
    [[nodiscard]] bool isUp(std::int64_t id) const;
    [[nodiscard]] bool isAnyUp() const;

    /// Its own labels, and those that Rancher's agent gives by itself.
    [[nodiscard]] HostLabels labelsOf(const LabHost &host) const;
    /// For the placement of containers.
    [[nodiscard]] std::vector<HostPlace> places() const;

    /// The engine answered with this GET /info. False when another host is the same engine.
    [[nodiscard]] bool cameUp(LabHost &host, const Json &info) const;
    /// The engine is away. True when that is news.
    [[nodiscard]] bool wentDown(LabHost &host, const std::string &reason) const;

private:
    void forget(std::int64_t id);

    ResourceStore &m_store;
    std::vector<std::unique_ptr<LabHost>> m_hosts;
};

/// The number of each address: the one it had in `known`; else one whose address is not used any
/// more, so that an engine may move; else a new one.
[[nodiscard]] std::map<std::int64_t, std::string> hostNumbers(
    const std::map<std::int64_t, HostRecord> &known, const std::vector<std::string> &addresses);

} // namespace faultline::lab
