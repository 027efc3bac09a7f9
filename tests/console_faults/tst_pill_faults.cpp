// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/session/session.h"
#include "tests/ci/gitlab_script.h"
#include "tests/stacks/rancher_script.h"
#include "views/frame/health_pill.h"
#include "views/frame/health_text.h"

#include <QCryptographicHash>
#include <QSslCertificate>
#include <QTest>

using namespace faultline;
using namespace faultline::tests;
using domain::ErrorKind;
using domain::FeedHealth;

namespace {

constexpr int soon = 60'000;

/// A session on two servers with the two pills of the top bar.
class Console
{
public:
    Console(const QUrl &gitlabUrl, const QUrl &rancherUrl, const QString &fingerprint = {})
        : gitlab(m_theme, QStringLiteral("GitLab"))
        , rancher(m_theme, QStringLiteral("Rancher"))
        , m_session(workspaceOf(gitlabUrl, rancherUrl, fingerprint),
              settings::Secrets{ "token-canary", {}, "key-canary", "secret-canary" })
    {
        QObject::connect(
            &m_session, &session::Session::ciHealthChanged, &gitlab, &views::HealthPill::setHealth);
        QObject::connect(&m_session, &session::Session::stacksHealthChanged, &rancher,
            &views::HealthPill::setHealth);
        gitlab.setAcceptedCertificate(fingerprint);
        rancher.setAcceptedCertificate(fingerprint);
        m_session.start();
    }

    views::HealthPill &pill(bool isGitLab) { return isGitLab ? gitlab : rancher; }

private:
    static settings::Workspace workspaceOf(
        const QUrl &gitlabUrl, const QUrl &rancherUrl, const QString &fingerprint)
    {
        settings::Workspace out;
        out.gitlab.emplace();
        out.gitlab->url = gitlabUrl;
        out.gitlab->project = QStringLiteral("faultline/sample");
        out.rancher.emplace();
        out.rancher->url = rancherUrl;
        out.rancher->project = QStringLiteral("1a5");
        out.gitlab->trustedFingerprint = fingerprint;
        out.rancher->trustedFingerprint = fingerprint;
        return out;
    }

    views::Theme m_theme;

public:
    views::HealthPill gitlab;
    views::HealthPill rancher;

private:
    session::Session m_session; // ends first: it signals the pills
};

Answer badAnswer(int number)
{
    switch (number) {
    case 0:
        return json("{\"message\":\"401 Unauthorized\"}", 401);
    case 1:
        return json("{\"error\":\"insufficient_scope\"}", 403);
    case 2:
        return json("{\"message\":\"boom\"}", 500);
    case 3:
        return html("<html><title>Bad gateway</title></html>");
    case 4:
        return bigJson(80);
    case 5:
        return json("{\"data\":[{\"id\":\"1st1\",\"name");
    case 6:
        return truncated("{\"type\":\"collection\",\"data\":[]}", 10);
    default:
        return resetting();
    }
}

} // namespace

class TestPillFaults : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void goodServersAreWell();
    void aBadAnswerIsSaid_data();
    void aBadAnswerIsSaid();
    void aRefusedConnectionIsSaid();
    void anUnknownCertificateIsSaidAndNoByteIsSent();
    void anAcceptedCertificateIsShownForGoodAndAChangedOneIsRefused();
    void aWebSocketThatGoesSilentMakesTheRowsStale();
};

void TestPillFaults::goodServersAreWell()
{
    FaultServer gitlabServer;
    FaultServer rancherServer;
    const GitLabScript gitlab(gitlabServer);
    const RancherScript rancher(rancherServer);
    Console console(gitlabServer.url(), rancherServer.url());
    QTRY_VERIFY_WITH_TIMEOUT(views::isWell(console.gitlab.health()), soon);
    QTRY_COMPARE_WITH_TIMEOUT(console.rancher.words(), QStringLiteral("live"), soon);
}

void TestPillFaults::aBadAnswerIsSaid_data()
{
    QTest::addColumn<int>("number");
    QTest::addColumn<bool>("isGitLab");
    QTest::addColumn<FeedHealth::Kind>("kind");
    QTest::addColumn<ErrorKind>("error");
    QTest::addColumn<QString>("serverWords"); ///< that the details must show
    const auto rows = [](const char *name, int number, FeedHealth::Kind kind, ErrorKind error,
                          const char *words) {
        for (const bool isGitLab : { true, false })
            QTest::addRow("%s from %s", name, isGitLab ? "GitLab" : "Rancher")
                << number << isGitLab << kind << error << QString::fromLatin1(words);
    };
    using Kind = FeedHealth::Kind;
    rows("a wrong token", 0, Kind::Refused, ErrorKind::Auth, "401 Unauthorized");
    rows("a token without rights", 1, Kind::Refused, ErrorKind::Forbidden, "insufficient_scope");
    rows("500s", 2, Kind::Stale, ErrorKind::Server, "boom");
    rows("HTML instead of JSON", 3, Kind::Stale, ErrorKind::Server, "");
    rows("a page above 64 MB", 4, Kind::Stale, ErrorKind::Server, "");
    rows("truncated JSON", 5, Kind::Stale, ErrorKind::Server, "");
    rows("a body that is cut off", 6, Kind::Stale, ErrorKind::Network, "");
    rows("a reset connection", 7, Kind::Stale, ErrorKind::Network, "");
}

void TestPillFaults::aBadAnswerIsSaid()
{
    QFETCH(int, number);
    QFETCH(bool, isGitLab);
    QFETCH(FeedHealth::Kind, kind);
    QFETCH(ErrorKind, error);
    QFETCH(QString, serverWords);
    // Rancher's feed opens its WebSocket first, and a cut answer to that is an answer without one.
    if (!isGitLab && error == ErrorKind::Network && number == 6)
        error = ErrorKind::Server;
    FaultServer bad;
    FaultServer goodGitLab;
    FaultServer goodRancher;
    bad.answerBy([number](const Received &) { return badAnswer(number); });
    const GitLabScript gitlab(goodGitLab); // the other connection goes on
    const RancherScript rancher(goodRancher);
    Console console(
        isGitLab ? bad.url() : goodGitLab.url(), isGitLab ? goodRancher.url() : bad.url());
    views::HealthPill &pill = console.pill(isGitLab);
    QTRY_COMPARE_WITH_TIMEOUT(pill.health().kind, kind, soon);
    QVERIFY(pill.health().error.has_value());
    QVERIFY2(pill.health().error->kind == error, qPrintable(pill.health().error->text()));
    QVERIFY2(!pill.health().error->message.isEmpty(), "no sentence for people");
    QVERIFY2(!pill.words().isEmpty() && !pill.accessibleName().contains(QLatin1String("canary")),
        qPrintable(pill.words()));
    QString details;
    for (const views::Fact &fact :
        views::healthFacts(pill.health(), QDateTime::currentDateTimeUtc()))
        details += fact.value + QLatin1Char('\n');
    QVERIFY2(details.contains(serverWords), qPrintable(details));
    QVERIFY2(!details.contains(QLatin1String("canary")), qPrintable(details));
    QTRY_VERIFY_WITH_TIMEOUT(views::isWell(console.pill(!isGitLab).health()), soon);
}

void TestPillFaults::aRefusedConnectionIsSaid()
{
    const QUrl nobody(QStringLiteral("http://127.0.0.1:%1").arg(closedPort()));
    Console console(nobody, nobody);
    for (const bool isGitLab : { true, false }) {
        const views::HealthPill &pill = console.pill(isGitLab);
        QTRY_COMPARE_WITH_TIMEOUT(pill.health().kind, FeedHealth::Kind::Stale, soon);
        QCOMPARE(pill.health().error->kind, ErrorKind::Network);
        QCOMPARE(pill.words(), QStringLiteral("not reached yet"));
    }
}

void TestPillFaults::anUnknownCertificateIsSaidAndNoByteIsSent()
{
    TlsSetup tls;
    tls.identity = selfSigned();
    FaultServer server(tls);
    Console console(server.url(), server.url());
    for (const bool isGitLab : { true, false }) {
        const views::HealthPill &pill = console.pill(isGitLab);
        QTRY_COMPARE_WITH_TIMEOUT(pill.health().kind, FeedHealth::Kind::Refused, soon);
        QCOMPARE(pill.health().error->kind, ErrorKind::Tls);
        QVERIFY2(pill.words().startsWith(QStringLiteral("refused: ")), qPrintable(pill.words()));
    }
    QCOMPARE(server.receivedBytes(), 0);
}

void TestPillFaults::anAcceptedCertificateIsShownForGoodAndAChangedOneIsRefused()
{
    const TlsIdentity accepted = selfSigned();
    const QString fingerprint = QString::fromLatin1(
        QSslCertificate(accepted.certificate).digest(QCryptographicHash::Sha256).toHex(':'));
    FaultServer gitlabServer(TlsSetup{ accepted });
    FaultServer rancherServer(TlsSetup{ accepted });
    const GitLabScript gitlab(gitlabServer);
    const RancherScript rancher(rancherServer);
    Console console(gitlabServer.url(), rancherServer.url(), fingerprint);
    QTRY_COMPARE_WITH_TIMEOUT(
        console.rancher.words(), QStringLiteral("certificate not verified, live"), soon);
    QTRY_VERIFY_WITH_TIMEOUT(views::isWell(console.gitlab.health()), soon);
    QVERIFY2(console.gitlab.words().startsWith(QStringLiteral("certificate not verified, ")),
        qPrintable(console.gitlab.words()));
    QVERIFY(console.rancher.facts().last().value == fingerprint);

    rancherServer.changeIdentity(selfSigned());
    rancherServer.dropConnections();
    QTRY_COMPARE_WITH_TIMEOUT(console.rancher.health().kind, FeedHealth::Kind::Refused, soon);
    QCOMPARE(console.rancher.health().error->kind, ErrorKind::Tls);
    QVERIFY2(
        console.rancher.words().startsWith(QStringLiteral("certificate not verified, refused: ")),
        qPrintable(console.rancher.words()));
}

void TestPillFaults::aWebSocketThatGoesSilentMakesTheRowsStale()
{
    FaultServer gitlabServer;
    FaultServer rancherServer;
    const GitLabScript gitlab(gitlabServer);
    RancherScript rancher(rancherServer);
    Console console(gitlabServer.url(), rancherServer.url());
    QTRY_COMPARE_WITH_TIMEOUT(console.rancher.words(), QStringLiteral("live"), soon);
    // The script sends no ping by itself: the watchdog of 11 s finds that out.
    QTRY_VERIFY_WITH_TIMEOUT(console.rancher.health().kind == FeedHealth::Kind::Stale, 30'000);
    QVERIFY(console.rancher.health().since.isValid());
    QVERIFY2(console.rancher.words().startsWith(QStringLiteral("stale since ")),
        qPrintable(console.rancher.words()));
}

QTEST_MAIN(TestPillFaults)
#include "tst_pill_faults.moc"
