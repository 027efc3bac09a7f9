// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/http/http_server.h"
#include "services/lab/rancher/api_types.h"

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace faultline::lab {

/// Tells subscribers what changed. A change only marks its resource; the resource is read again
/// when the frame is sent: at once when it was quiet, else when a second has passed since its last
/// frame. A subscriber with more than 100 unsent frames is dropped. Lab thread.
class SubscribeHub
{
public:
    /// Gives the resource as GET would; nothing when it is gone without a trace.
    using Reader = std::function<std::optional<Json>(const ApiScope &)>;

    explicit SubscribeHub(Server &server);

    void add(const ApiScope &scope, std::shared_ptr<WebSocketSession> session);
    /// `id` as in the API ("1s12"), `read` how to make it now.
    void changed(const std::string &id, Reader read);
    /// Closes every subscription.
    void stop();
    [[nodiscard]] std::size_t subscribers() const { return m_subscribers.size(); }

private:
    struct Subscriber
    {
        ApiScope scope;
        std::shared_ptr<WebSocketSession> session;
    };
    struct Change
    {
        Reader read;
        bool dirty = false;
        std::int64_t sentAt = 0; ///< ms
    };

    void flush();
    void scheduleFlush(std::int64_t now);
    void send(const std::string &id, const Change &change);
    void ping();
    void deliver(Subscriber &subscriber, const std::string &frame);

    Server &m_server;
    std::list<Subscriber> m_subscribers;
    std::map<std::string, Change> m_changes;
    Timer m_pings;
    Timer m_next;
    bool m_flushPosted = false;
};

} // namespace faultline::lab
