// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/net/http_client.h"

#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslError>

namespace faultline::net {

/// Whom a client of one server trusts: the system's authorities, those of `caFile`, and the one
/// certificate whose fingerprint a person accepted, for this server only. TLS 1.2 or newer.
class TlsTrust
{
public:
    explicit TlsTrust(const ServerSettings &settings);

    /// For every request and socket; an error (Local) when `caFile` can't be read.
    [[nodiscard]] const domain::Result<QSslConfiguration> &configuration() const
    {
        return m_configuration;
    }

    /// True when `leaf` is the accepted certificate and `url` is on the server of the settings.
    [[nodiscard]] bool accepts(const QUrl &url, const QSslCertificate &leaf) const;

    /// errorOfTls(), and that another certificate was accepted once, where that is so.
    [[nodiscard]] domain::Error refusal(
        const QList<QSslError> &errors, const QUrl &url, const QSslCertificate &leaf) const;

private:
    [[nodiscard]] bool isOnServer(QUrl url) const;

    QUrl m_origin;
    QByteArray m_fingerprint; // of 32 bytes, or empty
    domain::Result<QSslConfiguration> m_configuration;
};

/// SHA-256 of a certificate as people compare it: "AB:CD:…".
[[nodiscard]] QString fingerprintOf(const QSslCertificate &certificate);

/// Exactly what is wrong with the peer's certificate, and its fingerprint; ErrorKind::Tls.
[[nodiscard]] domain::Error errorOfTls(
    const QList<QSslError> &errors, const QUrl &url, const QSslCertificate &leaf);

/// A handshake that failed before there was a certificate to judge (protocol versions, alerts);
/// ErrorKind::Tls.
[[nodiscard]] domain::Error errorOfHandshake(const QString &words, const QUrl &url);

} // namespace faultline::net
