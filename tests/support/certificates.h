// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <memory>

namespace faultline::tests {

/// A certificate with its private key, PEM.
struct TlsIdentity
{
    QByteArray certificate;
    QByteArray key; ///< EC P-256
};

/// What a test certificate says.
struct CertificateWish
{
    QStringList names{ QStringLiteral("localhost"),
        QStringLiteral("127.0.0.1") }; ///< host names and IPv4 addresses
    int validFromDays = -1; ///< relative to now
    int validToDays = 30;
};

/// A certificate authority made for one test.
class TestAuthority
{
public:
    explicit TestAuthority(const QString &name = QStringLiteral("Faultline Test Authority"));
    ~TestAuthority();

    /// The authority's own certificate, PEM, for caFile.
    [[nodiscard]] QByteArray certificate() const;

    [[nodiscard]] TlsIdentity issue(const CertificateWish &wish = {}) const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

/// A certificate that vouches for itself.
[[nodiscard]] TlsIdentity selfSigned(const CertificateWish &wish = {});

} // namespace faultline::tests
