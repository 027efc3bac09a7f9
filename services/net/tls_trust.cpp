// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/net/tls_trust.h"

#include "services/net/origins.h"
#include "services/net/server_words.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QFile>
#include <QSsl>
#include <QStringList>

namespace faultline::net {

using domain::ErrorKind;

namespace {

QString text(const char *source)
{
    return QCoreApplication::translate("net", source);
}

QByteArray digestOf(const QString &fingerprint)
{
    QString hex = fingerprint.toLower();
    hex.remove(QStringLiteral("sha256")).remove(u':').remove(u' ').remove(u'=');
    const QByteArray digest = QByteArray::fromHex(hex.toLatin1());
    return digest.size() == 32 ? digest : QByteArray();
}

domain::Result<QSslConfiguration> configurationWith(const QString &caFile)
{
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setProtocol(QSsl::TlsV1_2OrLater);
    configuration.setPeerVerifyMode(QSslSocket::VerifyPeer);
    if (caFile.isEmpty())
        return configuration;
    QFile file(caFile);
    if (!file.open(QIODevice::ReadOnly))
        return domain::failure(ErrorKind::Local,
            text("The file of trusted authorities can't be read: %1.").arg(file.errorString()),
            caFile);
    const QList<QSslCertificate> authorities = QSslCertificate::fromData(file.readAll(), QSsl::Pem);
    if (authorities.isEmpty())
        return domain::failure(ErrorKind::Local,
            text("The file of trusted authorities holds no PEM certificate."), caFile);
    configuration.addCaCertificates(authorities);
    return configuration;
}

QString namesOf(const QSslCertificate &certificate)
{
    QStringList names = certificate.subjectAlternativeNames().values();
    if (names.isEmpty())
        names = certificate.subjectInfo(QSslCertificate::CommonName);
    names.sort();
    return tidied(names.mid(0, 5).join(QStringLiteral(", ")));
}

QString day(const QDateTime &date)
{
    return date.toUTC().toString(QStringLiteral("yyyy-MM-dd hh:mm 'UTC'"));
}

QString faultOf(const QSslError &error, const QUrl &url, const QSslCertificate &leaf)
{
    const QSslCertificate certificate = error.certificate().isNull() ? leaf : error.certificate();
    const QString issuer = tidied(certificate.issuerDisplayName());
    switch (error.error()) {
    case QSslError::CertificateExpired:
        return text("its certificate is expired since %1").arg(day(certificate.expiryDate()));
    case QSslError::CertificateNotYetValid:
        return text("its certificate is valid only from %1 on")
            .arg(day(certificate.effectiveDate()));
    case QSslError::HostNameMismatch:
        return text("its certificate is for %1, not for %2").arg(namesOf(leaf), url.host());
    case QSslError::SelfSignedCertificate:
        return text("its certificate is self-signed");
    case QSslError::SelfSignedCertificateInChain:
    case QSslError::UnableToGetIssuerCertificate:
    case QSslError::UnableToGetLocalIssuerCertificate:
    case QSslError::UnableToVerifyFirstCertificate:
    case QSslError::CertificateUntrusted:
        return text("its certificate comes from the unknown authority \"%1\"").arg(issuer);
    case QSslError::CertificateRevoked:
        return text("its certificate was revoked");
    default:
        return tidied(error.errorString());
    }
}

} // namespace

TlsTrust::TlsTrust(const ServerSettings &settings)
    : m_origin(settings.origin)
    , m_fingerprint(digestOf(settings.trustedFingerprint))
    , m_configuration(configurationWith(settings.caFile))
{
}

bool TlsTrust::isOnServer(QUrl url) const
{
    if (url.scheme() == QLatin1StringView("wss"))
        url.setScheme(QStringLiteral("https"));
    return isSameOrigin(url, m_origin);
}

bool TlsTrust::accepts(const QUrl &url, const QSslCertificate &leaf) const
{
    return !m_fingerprint.isEmpty() && !leaf.isNull() && isOnServer(url)
        && leaf.digest(QCryptographicHash::Sha256) == m_fingerprint;
}

domain::Error TlsTrust::refusal(
    const QList<QSslError> &errors, const QUrl &url, const QSslCertificate &leaf) const
{
    domain::Error error = errorOfTls(errors, url, leaf);
    if (!m_fingerprint.isEmpty() && isOnServer(url))
        error.message
            += u' ' + text("It is not the certificate that was accepted for this server.");
    return error;
}

QString fingerprintOf(const QSslCertificate &certificate)
{
    return QString::fromLatin1(certificate.digest(QCryptographicHash::Sha256).toHex(':').toUpper());
}

domain::Error errorOfTls(
    const QList<QSslError> &errors, const QUrl &url, const QSslCertificate &leaf)
{
    QStringList faults;
    for (const QSslError &error : errors) {
        const QString fault = faultOf(error, url, leaf);
        if (!faults.contains(fault))
            faults << fault;
    }
    domain::Error error;
    error.kind = ErrorKind::Tls;
    error.message = text("The identity of %1 could not be verified: %2. SHA-256 fingerprint: %3.")
                        .arg(url.host(), faults.join(QStringLiteral("; ")), fingerprintOf(leaf));
    return error;
}

domain::Error errorOfHandshake(const QString &words, const QUrl &url)
{
    domain::Error error;
    error.kind = ErrorKind::Tls;
    error.message = text("No protected connection with %1: the TLS handshake failed (%2). TLS 1.2 "
                         "or newer is needed.")
                        .arg(url.host(), tidied(words));
    return error;
}

} // namespace faultline::net
