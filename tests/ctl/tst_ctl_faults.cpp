// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/e2e/program_run.h"
#include "tests/support/fault_server.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace faultline::tests;
using std::chrono::seconds;

namespace {

constexpr const char *accessKey = "ACCESS-canary-1";
constexpr const char *secretKey = "SECRET-canary-2";
constexpr const char *token = "glpat-canary-3";

QProcessEnvironment environmentFor(const QUrl &url)
{
    QProcessEnvironment out = cleanEnvironment();
    out.insert(QStringLiteral("FAULTLINE_RANCHER_URL"), url.toString());
    out.insert(QStringLiteral("FAULTLINE_RANCHER_PROJECT"), QStringLiteral("1a5"));
    out.insert(QStringLiteral("FAULTLINE_RANCHER_ACCESS_KEY"), QString::fromLatin1(accessKey));
    out.insert(QStringLiteral("FAULTLINE_RANCHER_SECRET_KEY"), QString::fromLatin1(secretKey));
    out.insert(QStringLiteral("FAULTLINE_GITLAB_URL"), url.toString());
    out.insert(QStringLiteral("FAULTLINE_GITLAB_PROJECT"), QStringLiteral("faultline/sample"));
    out.insert(QStringLiteral("FAULTLINE_GITLAB_TOKEN"), QString::fromLatin1(token));
    return out;
}

ProgramOutcome ctl(const QUrl &url, const QStringList &arguments)
{
    return runProgram(
        ownProgram(QStringLiteral("faultlinectl")), arguments, environmentFor(url), seconds(60));
}

QByteArray collection(const QByteArray &items)
{
    return R"({"type":"collection","data":[)" + items + R"(],"pagination":null})";
}

/// A Rancher with one stack of one running container.
std::optional<Answer> smallRancher(const Received &request)
{
    const auto ends = [&request](const char *end) { return request.path.endsWith(end); };
    if (ends("/stacks"))
        return json(collection(
            R"({"id":"1st1","type":"stack","name":"kv","state":"active","transitioning":"no"})"));
    if (ends("/services")) {
        return json(collection(
            R"({"id":"1s1","type":"service","name":"etcd","stackId":"1st1","state":"active",)"
            R"("scale":1,"currentScale":1,"transitioning":"no"})"));
    }
    if (ends("/instances")) {
        return json(collection(
            R"({"id":"1i1","type":"container","name":"kv-etcd-1","stackId":"1st1","state":"running",)"
            R"("serviceIds":["1s1"],"transitioning":"no"})"));
    }
    if (ends("/hosts"))
        return json(collection(""));
    return std::nullopt;
}

} // namespace

class tst_ctl_faults : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aGoodServerIsReadAndTheSwitchesBite();
    void badAnswers_data();
    void badAnswers();
    void aWrongTokenIsSentOnce();
    void aRefusedConnection();
    void anUnknownCertificateGetsNoByte();
    void aServerThatNeverAnswers();
    void aPortThatNeverConnects();
    void aSilentWebSocketEndsTheFollowedLogInTime();
    void ctrlCEndsAWaitWithFour();
    void secretsAreNeitherPrintedNorInUrls();
    void aTokenFileThatOthersCanReadIsRefused();
    void noConfigurationSaysHow();
};

void tst_ctl_faults::aGoodServerIsReadAndTheSwitchesBite()
{
    FaultServer server;
    server.answerBy(smallRancher);
    const auto outcome = ctl(server.url(), { QStringLiteral("inspect") });
    QVERIFY2(outcome.exitCode == 0, outcome.text().constData());
    QVERIFY(outcome.out.contains("kv"));
    QVERIFY(outcome.err.isEmpty());
}

void tst_ctl_faults::badAnswers_data()
{
    QTest::addColumn<int>("row");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QByteArray>("words"); ///< of the server, or of the reason, in standard error
    QTest::newRow("forbidden") << 0 << 13 << QByteArray("insufficient_scope");
    QTest::newRow("500s") << 1 << 17 << QByteArray("boom");
    QTest::newRow("HTML instead of JSON") << 2 << 17 << QByteArray();
    QTest::newRow("64 MB page") << 3 << 17 << QByteArray();
    QTest::newRow("truncated JSON") << 4 << 17 << QByteArray();
    QTest::newRow("404") << 5 << 14 << QByteArray();
    QTest::newRow("escape codes in the words") << 6 << 17 << QByteArray("[2Jhidden");
    QTest::newRow("connection reset") << 7 << 10 << QByteArray();
    QTest::newRow("body cut off") << 8 << 10 << QByteArray();
    QTest::newRow("a sign-in page instead of JSON") << 9 << 12 << QByteArray("Sign in");
}

void tst_ctl_faults::badAnswers()
{
    QFETCH(int, row);
    QFETCH(int, exitCode);
    QFETCH(QByteArray, words);
    Answer big = bigJson(80);
    const QList<Answer> answers{ json(R"({"error":"insufficient_scope"})", 403),
        json(R"({"message":"boom"})", 500), html("<html><title>Bad gateway</title></html>", 200),
        big, json(R"({"data":[{"id":"1st1","name)"), json(R"({"message":"404 Not Found"})", 404),
        json("{\"message\":\"\\u001b[2Jhidden\"}", 500), resetting(),
        truncated(R"({"type":"collection","data":[]})", 10),
        html("<html><title>Sign in</title></html>") };
    FaultServer server;
    server.answerBy([answer = answers.at(row)](const Received &) { return answer; });

    for (const QStringList &arguments : { QStringList{ QStringLiteral("inspect") },
             QStringList{ QStringLiteral("cancel"), QStringLiteral("7") } }) {
        const auto outcome
            = ctl(server.url(), arguments + QStringList{ QStringLiteral("--timeout=30s") });
        QVERIFY2(outcome.exitCode == exitCode, outcome.text().constData());
        QVERIFY2(outcome.err.startsWith("faultlinectl: "), outcome.text().constData());
        QVERIFY2(outcome.err.contains(words), outcome.text().constData());
        QVERIFY2(!outcome.err.contains('\x1b'), outcome.text().constData());
        QVERIFY(outcome.out.isEmpty());
        QVERIFY2(outcome.took < seconds(35), outcome.text().constData());
    }
}

void tst_ctl_faults::aWrongTokenIsSentOnce()
{
    FaultServer server;
    server.answerBy(
        [](const Received &) { return json(R"({"message":"401 Unauthorized"})", 401); });
    const auto outcome = ctl(
        server.url(), { QStringLiteral("log"), QStringLiteral("--job"), QStringLiteral("7") });
    QVERIFY2(outcome.exitCode == 12, outcome.text().constData());
    QVERIFY2(outcome.err.contains("401 Unauthorized"), outcome.text().constData());
    QVERIFY2(outcome.err.contains("next: "), outcome.text().constData());
    QCOMPARE(server.requestCount(), 1);
}

void tst_ctl_faults::aRefusedConnection()
{
    const auto outcome = ctl(QUrl(QStringLiteral("http://127.0.0.1:%1").arg(closedPort())),
        { QStringLiteral("inspect"), QStringLiteral("--timeout=30s") });
    QVERIFY2(outcome.exitCode == 10, outcome.text().constData());
}

void tst_ctl_faults::anUnknownCertificateGetsNoByte()
{
    TlsSetup tls;
    tls.identity = selfSigned();
    FaultServer server(tls);
    server.answerBy(smallRancher);
    const auto outcome = ctl(server.url(), { QStringLiteral("inspect") });
    QVERIFY2(outcome.exitCode == 11, outcome.text().constData());
    QCOMPARE(server.receivedBytes(), 0);
}

void tst_ctl_faults::aServerThatNeverAnswers()
{
    FaultServer server;
    server.answerBy([](const Received &) { return silent(); });
    const auto outcome
        = ctl(server.url(), { QStringLiteral("inspect"), QStringLiteral("--timeout=1s") });
    QVERIFY2(outcome.exitCode == 18, outcome.text().constData());
    QVERIFY2(outcome.took < seconds(10), outcome.text().constData());
}

void tst_ctl_faults::aPortThatNeverConnects()
{
    const UnansweringPort port;
    const auto outcome = ctl(QUrl(QStringLiteral("http://127.0.0.1:%1").arg(port.port())),
        { QStringLiteral("inspect"), QStringLiteral("--timeout=1s") });
    QVERIFY2(outcome.exitCode == 18, outcome.text().constData());
    QVERIFY2(outcome.took < seconds(10), outcome.text().constData());
}

void tst_ctl_faults::aSilentWebSocketEndsTheFollowedLogInTime()
{
    FaultServer server;
    const QByteArray origin = "ws://127.0.0.1:" + QByteArray::number(server.port());
    server.answerBy([origin](const Received &request) -> std::optional<Answer> {
        if (request.path.endsWith("/containers/1i1")) {
            return json(
                R"({"id":"1i1","type":"container","name":"kv-etcd-1","state":"running","actions":{"logs":")"
                R"(/v2-beta/projects/1a5/containers/1i1/?action=logs"}})");
        }
        if (request.query.contains("action=logs"))
            return json(R"({"type":"hostAccess","token":"t","url":")" + origin + R"(/v1/logs/"})");
        if (request.path.startsWith("/v1/logs"))
            return webSocket({});
        return smallRancher(request);
    });
    const auto outcome = ctl(server.url(),
        { QStringLiteral("log"), QStringLiteral("kv"), QStringLiteral("--follow"),
            QStringLiteral("--timeout=2s") });
    QVERIFY2(outcome.exitCode == 18, outcome.text().constData());
    QVERIFY2(outcome.took < seconds(10), outcome.text().constData());
}

void tst_ctl_faults::ctrlCEndsAWaitWithFour()
{
    FaultServer server;
    server.answerBy([](const Received &) { return silent(); });
    QProcess process;
    process.setProcessEnvironment(environmentFor(server.url()));
    process.start(ownProgram(QStringLiteral("faultlinectl")), { QStringLiteral("inspect") });
    QVERIFY(QTest::qWaitFor([&] { return server.requestCount() > 0; }, 10'000));
    process.terminate();
    QVERIFY(process.waitForFinished(5'000));
    QCOMPARE(process.exitCode(), 4);
}

void tst_ctl_faults::secretsAreNeitherPrintedNorInUrls()
{
    FaultServer server;
    server.answerBy([](const Received &) { return json(R"({"message":"boom"})", 500); });
    for (const char *command : { "inspect", "version", "trigger" }) {
        const auto outcome
            = ctl(server.url(), { QString::fromLatin1(command), QStringLiteral("--timeout=5s") });
        for (const char *secret : { accessKey, secretKey, token })
            QVERIFY2(!outcome.text().contains(secret), outcome.text().constData());
    }
    // The negative control: they were used.
    QVERIFY(server.hasReceived(token));
    for (const Received &request : server.requests())
        QVERIFY2(!request.query.contains("canary") && !request.path.contains("canary"),
            request.query.constData());
}

void tst_ctl_faults::aTokenFileThatOthersCanReadIsRefused()
{
    const QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("token")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("glpat-from-file\n");
    file.close();
    FaultServer server;
    server.answerBy([](const Received &) { return json(R"({"id":7,"status":"canceled"})"); });
    const QStringList arguments{ QStringLiteral("--token-file"), file.fileName(),
        QStringLiteral("cancel"), QStringLiteral("7") };
    QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::ReadGroup));
    QCOMPARE(ctl(server.url(), arguments).exitCode, 19);
    QCOMPARE(server.requestCount(), 0);
    QVERIFY(file.setPermissions(QFile::ReadOwner));
    const auto outcome = ctl(server.url(), arguments);
    QVERIFY2(outcome.exitCode == 0, outcome.text().constData());
    QVERIFY(server.hasReceived("glpat-from-file"));
    QVERIFY(!server.hasReceived(token));
}

void tst_ctl_faults::noConfigurationSaysHow()
{
    const auto outcome = runProgram(ownProgram(QStringLiteral("faultlinectl")),
        { QStringLiteral("inspect") }, cleanEnvironment(), seconds(20));
    QVERIFY2(outcome.exitCode == 64, outcome.text().constData());
    QVERIFY(outcome.err.contains("--workspace"));
}

QTEST_GUILESS_MAIN(tst_ctl_faults)
#include "tst_ctl_faults.moc"
