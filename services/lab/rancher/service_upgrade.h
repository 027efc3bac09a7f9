// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/rancher/container_control.h"

#include <cstdint>
#include <map>
#include <vector>

namespace faultline::lab {

/// Rancher's "in service" upgrade: replaces a service's containers a batch at a time; the old ones
/// stay, stopped, until the upgrade is finished or rolled back. Everything it needs to go on after
/// a restart of the lab is in the records. Lab thread.
class ServiceUpgrade
{
public:
    ServiceUpgrade(ResourceStore &store, ContainerControl &containers, Server &server);

    /// `strategy` is an inServiceStrategy whose launch configs are complete.
    void begin(std::int64_t id, const Json &strategy);
    void finish(std::int64_t id);
    void rollBack(std::int64_t id);
    void cancel(std::int64_t id);
    void resume(std::int64_t id);

    /// Takes the next step of a service in upgrading, finishing-upgrade, canceling-upgrade or
    /// rolling-back.
    void advance(std::int64_t id);
    /// Called when the pause between two batches is over.
    std::function<void(std::int64_t id)> onPauseOver;

private:
    /// One place of a service while its containers are replaced.
    struct Place
    {
        std::vector<std::int64_t> old; ///< of an earlier version, not put away yet
        std::vector<std::int64_t> put; ///< put away, maybe still stopping
        std::vector<std::int64_t> fresh;
    };
    using Places = std::map<int, Place>;

    [[nodiscard]] Places placesOf(const ServiceRecord &service) const;
    [[nodiscard]] bool isFresh(const ServiceRecord &service, const Place &place) const;
    [[nodiscard]] bool isDone(const ServiceRecord &service, const Place &place) const;
    [[nodiscard]] bool hasBegun(const Place &place) const;
    void advancePlace(const ServiceRecord &service, int position, const Place &place);
    void advanceUpgrade(const ServiceRecord &service);
    void advanceRollback(const ServiceRecord &service);
    void putAway(std::int64_t container);
    void addFresh(const ServiceRecord &service, int position);

    ResourceStore &m_store;
    ContainerControl &m_containers;
    Server &m_server;
    std::map<std::int64_t, Timer> m_pauses;
    std::map<std::int64_t, std::size_t> m_batchDone; ///< places that were done at the last pause
};

} // namespace faultline::lab
