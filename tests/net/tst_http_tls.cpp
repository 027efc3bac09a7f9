// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/net/exchange.h"

#include <QCryptographicHash>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QTemporaryDir>
#include <QTest>

using namespace faultline;
using namespace faultline::tests;
using domain::ErrorKind;
using net::HttpClient;

namespace {

QString fingerprint(const TlsIdentity &identity)
{
    const QSslCertificate certificate(identity.certificate);
    return QString::fromLatin1(certificate.digest(QCryptographicHash::Sha256).toHex(':').toUpper());
}

} // namespace

class TestHttpTls : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void acceptsAServerOfTheCustomAuthority();
    void refusesBadServersBeforeAByteIsSent_data();
    void refusesBadServersBeforeAByteIsSent();
    void carelessManagerSendsTheToken();
    void outdatedProtocolsAreRefused_data();
    void outdatedProtocolsAreRefused();
    void outdatedServerAnswersAnOutdatedClient();
    void trustedFingerprintAcceptsThatCertificate();
    void trustedFingerprintAcceptsNoOther();
    void trustedFingerprintHoldsForItsServerOnly();
    void aChangedCertificateIsRefusedAgain();
    void noEnvironmentVariableTurnsTheCheckOff();
    void missingAuthorityFileIsALocalError();
    void plainHttpOnATlsPortIsNamed();
    void silentHandshakeEndsInTime();

private:
    [[nodiscard]] net::ServerSettings settingsWith(
        const FaultServer &server, const QString &caFile) const;

    QTemporaryDir m_folder;
    TestAuthority m_authority;
    QString m_caFile;
};

void TestHttpTls::initTestCase()
{
    m_caFile = m_folder.filePath(QStringLiteral("ca.pem"));
    QFile file(m_caFile);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QVERIFY(file.write(m_authority.certificate()) > 0);
}

net::ServerSettings TestHttpTls::settingsWith(
    const FaultServer &server, const QString &caFile) const
{
    net::ServerSettings settings = settingsFor(server);
    settings.caFile = caFile;
    return settings;
}

void TestHttpTls::acceptsAServerOfTheCustomAuthority()
{
    FaultServer server(TlsSetup{ m_authority.issue() });
    server.answer("/x", json("{\"ok\":1}"));
    HttpClient client(settingsWith(server, m_caFile));
    const auto answer = answerTo(client, getOf(QStringLiteral("/x")));
    QVERIFY2(answer.has_value(), answer ? "" : qPrintable(answer.error().text()));
    QVERIFY(server.hasReceived("glpat-canary-0001"));
}

void TestHttpTls::refusesBadServersBeforeAByteIsSent_data()
{
    QTest::addColumn<TlsIdentity>("identity");
    QTest::addColumn<QString>("words");
    const TestAuthority stranger(QStringLiteral("Stranger Authority"));
    CertificateWish expired;
    expired.validFromDays = -30;
    expired.validToDays = -3;
    CertificateWish early;
    early.validFromDays = 3;
    CertificateWish elsewhere;
    elsewhere.names = QStringList{ QStringLiteral("gitlab.example.org") };
    QTest::newRow("expired") << m_authority.issue(expired) << QStringLiteral("expired since");
    QTest::newRow("not yet valid") << m_authority.issue(early) << QStringLiteral("valid only from");
    QTest::newRow("wrong host") << m_authority.issue(elsewhere)
                                << QStringLiteral("for gitlab.example.org, not for 127.0.0.1");
    QTest::newRow("self-signed") << selfSigned() << QStringLiteral("self-signed");
    QTest::newRow("unknown authority")
        << stranger.issue() << QStringLiteral("unknown authority \"Stranger Authority\"");
    QTest::newRow("expired and wrong host")
        << m_authority.issue({ elsewhere.names, -30, -3 }) << QStringLiteral("not for 127.0.0.1");
}

void TestHttpTls::refusesBadServersBeforeAByteIsSent()
{
    QFETCH(TlsIdentity, identity);
    QFETCH(QString, words);
    FaultServer server(TlsSetup{ identity });
    server.answer("/x", json("{}"));
    HttpClient client(settingsWith(server, m_caFile));
    const auto answer = answerTo(client, getOf(QStringLiteral("/x")));
    QVERIFY(!answer.has_value());
    QCOMPARE(answer.error().kind, ErrorKind::Tls);
    QVERIFY2(answer.error().message.contains(words), qPrintable(answer.error().message));
    QVERIFY2(
        answer.error().message.contains(fingerprint(identity)), qPrintable(answer.error().message));
    QVERIFY(!answer.error().mayRetry);
    QTRY_COMPARE(server.openConnections(), 0);
    QCOMPARE(server.acceptedConnections(), 1);
    QCOMPARE(server.receivedBytes(), 0);
}

void TestHttpTls::carelessManagerSendsTheToken()
{
    // Negative control: the server does take requests from a client that looks away.
    FaultServer server(TlsSetup{ selfSigned() });
    server.answer("/x", json("{}"));
    QNetworkAccessManager manager;
    QNetworkRequest request(server.url().resolved(QUrl(QStringLiteral("/x"))));
    request.setRawHeader("PRIVATE-TOKEN", "canary");
    const std::unique_ptr<QNetworkReply> reply(manager.get(request));
    reply->ignoreSslErrors();
    QTRY_VERIFY(reply->isFinished());
    QVERIFY(server.hasReceived("canary"));
}

QT_WARNING_PUSH
QT_WARNING_DISABLE_DEPRECATED

void TestHttpTls::outdatedProtocolsAreRefused_data()
{
    QTest::addColumn<int>("protocol");
    QTest::newRow("TLS 1.0") << static_cast<int>(QSsl::TlsV1_0);
    QTest::newRow("TLS 1.1") << static_cast<int>(QSsl::TlsV1_1);
}

void TestHttpTls::outdatedProtocolsAreRefused()
{
    QFETCH(int, protocol);
    FaultServer server(TlsSetup{ m_authority.issue(), static_cast<QSsl::SslProtocol>(protocol) });
    HttpClient client(settingsWith(server, m_caFile));
    const auto answer = answerTo(client, getOf(QStringLiteral("/x")));
    QVERIFY(!answer.has_value());
    QCOMPARE(answer.error().kind, ErrorKind::Tls);
    QVERIFY2(answer.error().message.contains(QStringLiteral("TLS 1.2")),
        qPrintable(answer.error().message));
    QCOMPARE(server.receivedBytes(), 0);
}

void TestHttpTls::outdatedServerAnswersAnOutdatedClient()
{
    // Negative control: the outdated server works, so it is our client that refuses it.
    FaultServer server(TlsSetup{ m_authority.issue(), QSsl::TlsV1_0 });
    server.answer("/x", json("{}"));
    QNetworkAccessManager manager;
    QNetworkRequest request(server.url().resolved(QUrl(QStringLiteral("/x"))));
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setProtocol(QSsl::TlsV1_0OrLater);
    configuration.setPeerVerifyMode(QSslSocket::VerifyNone);
    configuration.setBackendConfigurationOption(
        "CipherString", QByteArrayLiteral("DEFAULT@SECLEVEL=0"));
    request.setSslConfiguration(configuration);
    const std::unique_ptr<QNetworkReply> reply(manager.get(request));
    QTRY_VERIFY(reply->isFinished());
    QCOMPARE(reply->error(), QNetworkReply::NoError);
}

QT_WARNING_POP

void TestHttpTls::trustedFingerprintAcceptsThatCertificate()
{
    const TlsIdentity identity = selfSigned({ { QStringLiteral("elsewhere") }, -30, -3 });
    FaultServer server(TlsSetup{ identity });
    server.answer("/x", json("{}"));
    for (const QString &form :
        { fingerprint(identity), fingerprint(identity).remove(u':').toLower(),
            QStringLiteral("SHA256:") + fingerprint(identity) }) {
        net::ServerSettings settings = settingsFor(server);
        settings.trustedFingerprint = form;
        HttpClient client(settings);
        QVERIFY(answerTo(client, getOf(QStringLiteral("/x"))).has_value());
        QVERIFY(answerTo(client, getOf(QStringLiteral("/x"))).has_value());
    }
}

void TestHttpTls::trustedFingerprintAcceptsNoOther()
{
    FaultServer server(TlsSetup{ selfSigned() });
    server.answer("/x", json("{}"));
    const QString other = fingerprint(selfSigned());
    for (const QString &form :
        { other, other.left(29), QStringLiteral("00"), QStringLiteral("*") }) {
        net::ServerSettings settings = settingsFor(server);
        settings.trustedFingerprint = form;
        HttpClient client(settings);
        QCOMPARE(answerTo(client, getOf(QStringLiteral("/x"))).error().kind, ErrorKind::Tls);
    }
    QCOMPARE(server.receivedBytes(), 0);
}

void TestHttpTls::trustedFingerprintHoldsForItsServerOnly()
{
    const TlsIdentity identity = selfSigned();
    FaultServer server(TlsSetup{ identity });
    FaultServer other(TlsSetup{ identity });
    server.answer("/x", redirect(other.url().resolved(QUrl(QStringLiteral("/y")))));
    other.answer("/y", json("{}"));
    net::ServerSettings settings = settingsFor(server);
    settings.trustedFingerprint = fingerprint(identity);
    HttpClient client(settings);
    QCOMPARE(answerTo(client, getOf(QStringLiteral("/x"))).error().kind, ErrorKind::Tls);
    QCOMPARE(server.requestCount(), 1);
    QCOMPARE(other.receivedBytes(), 0);
}

void TestHttpTls::aChangedCertificateIsRefusedAgain()
{
    const TlsIdentity accepted = selfSigned();
    FaultServer server(TlsSetup{ accepted });
    server.answer("/x", json("{}"));
    net::ServerSettings settings = settingsFor(server);
    settings.trustedFingerprint = fingerprint(accepted);
    HttpClient client(settings);
    QVERIFY(answerTo(client, getOf(QStringLiteral("/x"))).has_value());
    const qint64 received = server.receivedBytes();
    server.changeIdentity(selfSigned());
    server.dropConnections();
    QTRY_COMPARE(server.openConnections(), 0);
    const auto answer = answerTo(client, getOf(QStringLiteral("/x")));
    QVERIFY(!answer.has_value());
    QCOMPARE(answer.error().kind, ErrorKind::Tls);
    QVERIFY2(
        answer.error().message.contains(QStringLiteral("not the certificate that was accepted")),
        qPrintable(answer.error().message));
    QCOMPARE(server.receivedBytes(), received);
    server.changeIdentity(accepted); // the right one is still welcome
    QVERIFY(answerTo(client, getOf(QStringLiteral("/x"))).has_value());
}

void TestHttpTls::noEnvironmentVariableTurnsTheCheckOff()
{
    // Those by which other programs look away.
    const QList<std::pair<const char *, const char *>> tempting{ { "GIT_SSL_NO_VERIFY", "true" },
        { "NODE_TLS_REJECT_UNAUTHORIZED", "0" }, { "PYTHONHTTPSVERIFY", "0" },
        { "FAULTLINE_INSECURE", "1" }, { "FAULTLINE_TRUSTED_FINGERPRINT", "*" } };
    FaultServer server(TlsSetup{ selfSigned() });
    server.answer("/x", json("{}"));
    for (const auto &[name, value] : tempting)
        qputenv(name, value);
    HttpClient client(settingsFor(server));
    const auto answer = answerTo(client, getOf(QStringLiteral("/x")));
    for (const auto &[name, value] : tempting)
        qunsetenv(name);
    QVERIFY(!answer.has_value());
    QCOMPARE(answer.error().kind, ErrorKind::Tls);
    QCOMPARE(server.receivedBytes(), 0);
}

void TestHttpTls::missingAuthorityFileIsALocalError()
{
    FaultServer server(TlsSetup{ m_authority.issue() });
    HttpClient missing(settingsWith(server, m_folder.filePath(QStringLiteral("none.pem"))));
    QCOMPARE(answerTo(missing, getOf(QStringLiteral("/x"))).error().kind, ErrorKind::Local);
    QFile nonsense(m_folder.filePath(QStringLiteral("nonsense.pem")));
    QVERIFY(nonsense.open(QIODevice::WriteOnly));
    nonsense.write("not a certificate");
    nonsense.close();
    HttpClient broken(settingsWith(server, nonsense.fileName()));
    QCOMPARE(answerTo(broken, getOf(QStringLiteral("/x"))).error().kind, ErrorKind::Local);
    QCOMPARE(server.acceptedConnections(), 0);
}

void TestHttpTls::plainHttpOnATlsPortIsNamed()
{
    FaultServer server;
    net::ServerSettings settings = settingsFor(server);
    settings.origin.setScheme(QStringLiteral("https"));
    settings.maxAttempts = 1;
    settings.connectTimeout = std::chrono::milliseconds(1500);
    settings.firstByteTimeout = std::chrono::milliseconds(1500);
    HttpClient client(settings);
    const auto answer = answerTo(client, getOf(QStringLiteral("/x")));
    QVERIFY(!answer.has_value());
    QVERIFY(!server.hasReceived("canary"));
}

void TestHttpTls::silentHandshakeEndsInTime()
{
    FaultServer server(TlsSetup{ {}, QSsl::SecureProtocols, true });
    net::ServerSettings settings = settingsFor(server);
    settings.connectTimeout = std::chrono::milliseconds(400);
    settings.maxAttempts = 1;
    HttpClient client(settings);
    const auto answer = answerTo(client, getOf(QStringLiteral("/x")));
    QCOMPARE(answer.error().kind, ErrorKind::Timeout);
    QTRY_COMPARE(server.openConnections(), 0);
}

QTEST_GUILESS_MAIN(TestHttpTls)
#include "tst_http_tls.moc"
