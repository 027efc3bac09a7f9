// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <memory>

class QNetworkAccessManager;

namespace faultline::net {

/// The connections to one server. A QNetworkAccessManager opens at most six to a host, and before
/// Qt 6.5 (QHttp1Configuration) nothing changes that; what goes beyond takes a second one, so that
/// a long list on a distant server is not bound to six round trips at a time. On one thread.
class NetworkLanes
{
public:
    NetworkLanes();

    struct Lane
    {
        std::shared_ptr<QNetworkAccessManager> network; // shared with the attempts that run on it
        bool hasAnswered = false; ///< so it keeps connections
    };

    /// The lane for one more request when `busyOf(lane)` requests run on each.
    template <typename BusyOf>
    [[nodiscard]] const Lane &freest(BusyOf busyOf) const
    {
        return busyOf(m_lanes.front()) < connectionsPerLane ? m_lanes.front() : m_lanes.back();
    }

    /// Drops the connections of the lane that an attempt `isOn`; later requests open new ones.
    template <typename IsOn>
    void renew(IsOn isOn)
    {
        for (Lane &lane : m_lanes)
            if (isOn(lane))
                lane = fresh();
    }

    /// An answer has begun on the lane that an attempt `isOn`.
    template <typename IsOn>
    void noteAnswer(IsOn isOn)
    {
        for (Lane &lane : m_lanes)
            lane.hasAnswered = lane.hasAnswered || isOn(lane);
    }

private:
    static constexpr int connectionsPerLane = 6; // QNetworkAccessManager's own limit to a host

    [[nodiscard]] static Lane fresh();

    std::array<Lane, 2> m_lanes;
};

} // namespace faultline::net
