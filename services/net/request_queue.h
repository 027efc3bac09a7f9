// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/net/http_attempt.h"
#include "services/net/http_client.h"
#include "services/net/network_lanes.h"
#include "services/net/origins.h"
#include "services/net/request_gate.h"

#include <list>
#include <memory>
#include <optional>

namespace faultline::net {

/// Takes requests of one client from "asked for" to "answered": starts them when the gate lets
/// them, follows redirects, repeats what may be repeated, and refuses everything after a 401.
class RequestQueue : public QObject
{
    Q_OBJECT

public:
    RequestQueue(ServerSettings settings, Surroundings surroundings, QObject *parent);
    ~RequestQueue() override;

    [[nodiscard]] Call send(HttpRequest request, domain::Done<HttpResponse> done);
    void resume();

    [[nodiscard]] const ServerSettings &settings() const { return m_settings; }
    [[nodiscard]] RateState rateState() const { return m_gate.state(); }

private:
    struct Exchange;
    using ExchangePointer = std::shared_ptr<Exchange>;

    void pump();
    void wakeAt(std::optional<std::chrono::milliseconds> time);
    void start(const ExchangePointer &exchange);
    void forget(const ExchangePointer &exchange);

    void takeResult(const ExchangePointer &exchange, domain::Result<HttpResponse> result);
    void learnPatience(const Exchange &exchange);
    void takeResponse(const ExchangePointer &exchange, HttpResponse response);
    void takeRedirect(const ExchangePointer &exchange, const HttpResponse &response);
    void takeStatusError(
        const ExchangePointer &exchange, const HttpResponse &response, const RateLimits &limits);
    void takeError(const ExchangePointer &exchange, domain::Error error);
    [[nodiscard]] std::optional<std::chrono::milliseconds> waitBeforeRepeating(
        const Exchange &exchange, const domain::Error &error) const;
    void checkTotal(const ExchangePointer &exchange);

    void latch(const domain::Error &error);
    void finish(const ExchangePointer &exchange, domain::Result<HttpResponse> result);
    void refuse(
        const Promise<HttpResponse> &promise, domain::Error error, const HttpRequest &request);

    ServerSettings m_settings;
    Surroundings m_surroundings;
    TlsTrust m_trust;
    RequestGate m_gate;
    NetworkLanes m_lanes;
    std::chrono::milliseconds m_reusePatience;
    std::list<ExchangePointer> m_waiting;
    std::list<ExchangePointer> m_running;
    std::optional<domain::Error> m_signInNeeded;
    int m_failuresInRow = 0;
    Call m_wake;
};

} // namespace faultline::net
