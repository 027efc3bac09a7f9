// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/subscribe_hub.h"

#include "services/lab/rancher/records.h"
#include "services/lab/store/random_text.h"

#include <algorithm>
#include <utility>

namespace faultline::lab {

namespace {

constexpr std::chrono::seconds pingInterval(5);
constexpr std::int64_t quietMs = 1000; ///< at most one frame a second per resource
constexpr std::size_t slowBacklog = 100;

Json event(const std::string &name)
{
    Json frame{ { "id", randomUuid() }, { "name", name }, { "resourceType", nullptr },
        { "resourceId", nullptr }, { "time", nowMs() }, { "data", nullptr } };
    for (const char *key : { "publisher", "replyTo", "previousIds", "previousNames",
             "transitioning", "transitioningMessage", "transitioningProgress",
             "transitioningInternalMessage", "listenerKey", "timeoutMillis", "context" })
        frame[key] = nullptr;
    return frame;
}

} // namespace

SubscribeHub::SubscribeHub(Server &server)
    : m_server(server)
{
    m_pings = m_server.every(pingInterval, [this] { ping(); });
}

void SubscribeHub::add(const ApiScope &scope, std::shared_ptr<WebSocketSession> session)
{
    m_subscribers.push_back({ scope, session });
    WebSocketSession *raw = session.get();
    session->onClosed = [this, raw] {
        m_subscribers.remove_if(
            [raw](const Subscriber &subscriber) { return subscriber.session.get() == raw; });
    };
    session->sendText(dumped(event("ping")));
}

void SubscribeHub::changed(const std::string &id, Reader read)
{
    Change &change = m_changes[id];
    change.read = std::move(read);
    change.dirty = true;
    if (m_flushPosted)
        return;
    m_flushPosted = true;
    // Posted, so that the steps of one handler make one frame.
    m_server.post([this] {
        m_flushPosted = false;
        flush();
    });
}

void SubscribeHub::flush()
{
    const std::int64_t now = nowMs();
    for (auto it = m_changes.begin(); it != m_changes.end();) {
        Change &change = it->second;
        const bool due = now - change.sentAt >= quietMs;
        if (change.dirty && due) {
            change.dirty = false;
            change.sentAt = now;
            send(it->first, change);
        }
        // What has been quiet for long needs no memory of its last frame.
        it = !change.dirty && now - change.sentAt > quietMs ? m_changes.erase(it) : std::next(it);
    }
    scheduleFlush(now);
}

void SubscribeHub::scheduleFlush(std::int64_t now)
{
    std::int64_t next = -1;
    for (const auto &[id, change] : m_changes) {
        if (change.dirty) {
            const std::int64_t wait = std::max<std::int64_t>(change.sentAt + quietMs - now, 1);
            next = next < 0 ? wait : std::min(next, wait);
        }
    }
    if (next >= 0)
        m_next = m_server.after(std::chrono::milliseconds(next), [this] { flush(); });
}

void SubscribeHub::send(const std::string &id, const Change &change)
{
    // Most subscribers came by the same address, so that one text serves them all.
    std::map<std::string, std::string> frames;
    for (auto it = m_subscribers.begin(); it != m_subscribers.end();) {
        Subscriber &subscriber = *it++; // a dropped one leaves the list
        std::string &frame = frames[subscriber.scope.base];
        if (frame.empty()) {
            auto resource = change.read(subscriber.scope);
            if (!resource)
                return;
            Json message = event("resource.change");
            message["resourceType"] = textOf(*resource, "type");
            message["resourceId"] = id;
            message["data"] = { { "resource", std::move(*resource) } };
            frame = dumped(message);
        }
        deliver(subscriber, frame);
    }
}

void SubscribeHub::deliver(Subscriber &subscriber, const std::string &frame)
{
    if (subscriber.session->backlog() > slowBacklog)
        subscriber.session->drop();
    else
        subscriber.session->sendText(frame);
}

void SubscribeHub::ping()
{
    const std::string frame = dumped(event("ping"));
    for (Subscriber &subscriber : m_subscribers)
        deliver(subscriber, frame);
}

void SubscribeHub::stop()
{
    const std::list<Subscriber> subscribers = m_subscribers;
    for (const Subscriber &subscriber : subscribers)
        subscriber.session->close();
}

} // namespace faultline::lab
