// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/net/http_client.h"
#include "tests/support/fault_server.h"

#include <QEventLoop>
#include <QTest>
#include <QTimer>

#include <optional>

namespace faultline::tests {

using Outcome = std::optional<domain::Result<net::HttpResponse>>;

inline net::ServerSettings settingsFor(const FaultServer &server)
{
    net::ServerSettings settings;
    settings.origin = server.url();
    settings.authHeaders = { net::Header("PRIVATE-TOKEN", "glpat-canary-0001") };
    return settings;
}

inline net::HttpRequest getOf(const QString &path)
{
    net::HttpRequest request;
    request.path = path;
    return request;
}

inline net::HttpRequest postOf(const QString &path, const QByteArray &body = "{}")
{
    net::HttpRequest request = getOf(path);
    request.method = "POST";
    request.body = body;
    request.contentType = "application/json";
    return request;
}

/// No waiting between repetitions.
inline net::Surroundings eager()
{
    net::Surroundings surroundings;
    surroundings.random = [] { return 0.0; };
    return surroundings;
}

/// Sends and waits for the end; a Timeout error of its own ("no end") after `deadline`.
inline domain::Result<net::HttpResponse> answerTo(net::HttpClient &client,
    const net::HttpRequest &request, std::chrono::milliseconds deadline = std::chrono::seconds(20))
{
    Outcome outcome;
    QEventLoop loop; // QTest::qWaitFor would sleep 10 ms at a time
    const net::Call call = client.send(request, [&](domain::Result<net::HttpResponse> result) {
        outcome = std::move(result);
        loop.quit();
    });
    QTimer::singleShot(deadline, &loop, &QEventLoop::quit);
    loop.exec();
    if (!outcome)
        return domain::failure(domain::ErrorKind::Local, QStringLiteral("no end"));
    return *outcome;
}

} // namespace faultline::tests
