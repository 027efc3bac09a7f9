// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/net/across_threads.h"
#include "services/net/http_client.h"

namespace faultline::notify {

/// Something to post. What of the address is secret (a webhook's path) is never in an error.
struct Delivery
{
    QUrl origin; ///< scheme, host, port
    QString path; ///< absolute, with query
    bool isPathSecret = false;
    QByteArray method = "POST";
    QByteArray body; ///< JSON
    QList<net::Header> authHeaders;
    QList<net::Header> headers;
    QString caFile;
    bool expectJson = false;
};

/// Sends it, again on 429 (when the server says), 5xx and broken connections, within `limit`. Call
/// it on a worker thread while the application's own thread runs its event loop. The error names
/// the server and its words, without what is secret.
[[nodiscard]] domain::Result<net::HttpResponse> deliver(
    const Delivery &delivery, std::chrono::milliseconds limit, const net::CancelToken &token = {});

/// An incoming webhook's address as a delivery. ErrorKind::Invalid when it is no http(s) address,
/// or plain http to another machine; the error does not repeat it.
[[nodiscard]] domain::Result<Delivery> webhookDelivery(
    const QByteArray &address, const QByteArray &body);

/// The webhook of a name that a case uses: the environment variable FAULTLINE_SLACK_WEBHOOK_<NAME>
/// (upper case, "_" for other characters) or FAULTLINE_SLACK_WEBHOOK, else the keychain's entry
/// "slack/<name>". NotFound when there is none.
[[nodiscard]] domain::Result<QByteArray> slackWebhook(
    const QString &name, const QMap<QString, QString> &environment);

} // namespace faultline::notify
