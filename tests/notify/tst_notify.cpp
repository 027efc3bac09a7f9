// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/notify/commit_status.h"
#include "services/notify/slack_message.h"
#include "tests/support/fault_server.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <QThread>

using namespace faultline;
using namespace faultline::tests;
using namespace faultline::notify;
using namespace std::chrono_literals;

class tst_notify : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aMessageSaysWhatAndWhoseAndWhere();
    void nothingInAMessageCanMentionOrLink();
    void aMessageStaysWithinSlacksBounds();
    void aLinkOfAnotherSchemeIsLeftOut();
    void anExpiryWarningSaysWhatToDo();
    void aMessageArrivesOnce();
    void aBusyServerIsAskedAgain();
    void aRefusedMessageIsReportedWithoutItsAddress_data();
    void aRefusedMessageIsReportedWithoutItsAddress();
    void anAddressThatIsNoWebhookIsRefusedWithoutRepeatingIt_data();
    void anAddressThatIsNoWebhookIsRefusedWithoutRepeatingIt();
    void aWebhookIsFoundByItsName();
    void theUpstreamIsFoundInTheEnvironment();
    void aTokenGoesToItsOwnServerOnly();
    void gitLabIsToldInItsWords();
    void gitHubIsToldInItsWords();
    void aStatusThatIsThereAlreadyIsNoError();
    void withoutATokenNothingIsSent();
};

namespace {

const QByteArray secretPath = "/services/T000/B000/canary5150";

RunNotice someNotice()
{
    RunNotice out;
    out.caseName = QStringLiteral("etcd-crud");
    out.verdict = QStringLiteral("fail");
    out.run = QStringLiteral("0123456789abcdef");
    out.seed = QStringLiteral("42");
    out.team = QStringLiteral("storage");
    out.person = QStringLiteral("li");
    out.mentions = { QStringLiteral("U012AB3CD"), QStringLiteral("here") };
    out.anomaly = QStringLiteral("The sum is 99, not 100.");
    out.anomalyLines = { QStringLiteral("first line"), QStringLiteral("second line") };
    out.stack = QStringLiteral("etcd-crud-20260131120000-0123");
    out.expires = QDateTime(QDate(2026, 2, 1), QTime(12, 0), Qt::UTC);
    out.containers
        = { { QStringLiteral("etcd-1"), QStringLiteral("rack-1"), QStringLiteral("32768->2379") } };
    out.links
        = { { QStringLiteral("Faultline"), QStringLiteral("faultline://scene/lab/etcd-crud") },
              { QStringLiteral("job"), QStringLiteral("https://ci.example.org/jobs/7") } };
    return out;
}

QJsonObject parsed(const QByteArray &json)
{
    return QJsonDocument::fromJson(json).object();
}

/// Runs on another thread while this one's event loop runs.
template <typename T>
T onWorker(const std::function<T()> &work)
{
    std::optional<T> out;
    const std::unique_ptr<QThread> thread(QThread::create([&] { out = work(); }));
    thread->start();
    if (!QTest::qWaitFor([&] { return thread->isFinished(); }, 60'000))
        qFatal("the worker did not end");
    thread->wait();
    return std::move(*out);
}

using Sent = domain::Result<net::HttpResponse>;

Sent sendTo(const FaultServer &server, const QByteArray &body = "{}")
{
    const auto delivery = webhookDelivery(server.url().toEncoded() + secretPath, body);
    if (!delivery)
        return domain::failure(delivery.error());
    return onWorker<Sent>([&] { return deliver(*delivery, 20s); });
}

domain::Result<void> statusOn(const FaultServer &server, StatusTarget::Kind kind,
    const QString &verdict, const QByteArray &token = "canary-token-5150")
{
    StatusTarget target;
    target.kind = kind;
    target.origin = server.url();
    target.project = QStringLiteral("group/project");
    target.sha = QStringLiteral("abc123");
    target.ref = QStringLiteral("main");
    const CommitStatus status{ verdict, QStringLiteral("faultline/kv"), QStringLiteral("words"),
        QStringLiteral("http://ci/7") };
    return onWorker<domain::Result<void>>([&] { return postStatus(target, status, token, 20s); });
}

} // namespace

void tst_notify::aMessageSaysWhatAndWhoseAndWhere()
{
    const QByteArray json = slackMessage(someNotice());
    const QJsonArray blocks = parsed(json).value(QStringLiteral("blocks")).toArray();
    QCOMPARE(blocks[0][QStringLiteral("type")].toString(), QStringLiteral("header"));
    QCOMPARE(blocks[0][QStringLiteral("text")][QStringLiteral("text")].toString(),
        QStringLiteral(":red_circle: etcd-crud: fail"));
    for (const char *text : { "storage/li <@U012AB3CD> <!here>", "The sum is 99, not 100.",
             "first line\\nsecond line", "etcd-1  rack-1  32768-&gt;2379", "2026-02-01T12:00:00Z",
             "<faultline://scene/lab/etcd-crud|Faultline>", "<https://ci.example.org/jobs/7|job>" })
        QVERIFY2(json.contains(text), text);
    QVERIFY(parsed(json)
                .value(QStringLiteral("text"))
                .toString()
                .startsWith(QStringLiteral("etcd-crud: fail.")));
}

void tst_notify::nothingInAMessageCanMentionOrLink()
{
    RunNotice notice = someNotice();
    const QString hostile = QStringLiteral("<!channel> <http://evil|x> & ```\x01");
    notice.mentions = { hostile, QStringLiteral("everyone>") };
    notice.caseName = notice.team = notice.person = notice.anomaly = notice.trouble = hostile;
    notice.stack = notice.run = hostile;
    notice.anomalyLines = { hostile, hostile };
    notice.containers = { { hostile, hostile, hostile } };
    notice.links = { { hostile, QStringLiteral("https://ok.example.org/a|b") } };
    const QJsonObject message = parsed(slackMessage(notice));
    for (const QJsonValue &block : message.value(QStringLiteral("blocks")).toArray()) {
        if (block[QStringLiteral("type")].toString() == QStringLiteral("header"))
            continue; // plain text
        const QByteArray text = QJsonDocument(block.toObject()).toJson(QJsonDocument::Compact);
        QVERIFY2(!text.contains("<!") && !text.contains("<http://evil"), text.constData());
        QVERIFY2(text.count("```") % 2 == 0, text.constData());
    }
}

void tst_notify::aMessageStaysWithinSlacksBounds()
{
    RunNotice notice = someNotice();
    const QString huge(100'000, u'<');
    notice.caseName = notice.anomaly = notice.stack = notice.team = huge;
    notice.anomalyLines = { huge, huge };
    notice.containers = QList<RunNotice::Container>(500, { huge, huge, huge });
    notice.links = QList<RunNotice::Link>(500, { huge, QStringLiteral("https://ok/") });
    const QJsonObject message = parsed(slackMessage(notice));
    const QJsonArray blocks = message.value(QStringLiteral("blocks")).toArray();
    QVERIFY(blocks.size() <= 50);
    for (const QJsonValue &block : blocks) {
        const qsizetype size
            = block[QStringLiteral("text")][QStringLiteral("text")].toString().size();
        const bool isHeader = block[QStringLiteral("type")].toString() == QStringLiteral("header");
        QVERIFY2(size <= (isHeader ? 150 : 3'000), QByteArray::number(size).constData());
        for (const QJsonValue &field : block[QStringLiteral("fields")].toArray())
            QVERIFY(field[QStringLiteral("text")].toString().size() <= 2'000);
    }
}

void tst_notify::aLinkOfAnotherSchemeIsLeftOut()
{
    RunNotice notice = someNotice();
    notice.links = { { QStringLiteral("a"), QStringLiteral("javascript:alert(1)") },
        { QStringLiteral("b"), QStringLiteral("file:///etc/passwd") },
        { QStringLiteral("c"), QStringLiteral("https://user:pw@host/") } };
    const QByteArray json = slackMessage(notice);
    QVERIFY(!json.contains("javascript") && !json.contains("passwd") && !json.contains("pw@"));
}

void tst_notify::anExpiryWarningSaysWhatToDo()
{
    const QByteArray json = slackExpiryWarning(someNotice());
    QVERIFY(json.contains("expires at 2026-02-01T12:00:00Z"));
    QVERIFY(json.contains("faultlinectl scene extend etcd-crud-20260131120000-0123 --by 4h"));
}

void tst_notify::aMessageArrivesOnce()
{
    FaultServer server;
    server.answer(secretPath, plainText("ok"));
    const QByteArray message = slackMessage(someNotice());
    const Sent sent = sendTo(server, message);
    QVERIFY2(sent, qPrintable(sent ? QString() : sent.error().text()));
    QCOMPARE(server.requestCount(), 1);
    QCOMPARE(server.requests()[0].method, QByteArray("POST"));
    QCOMPARE(server.requests()[0].body, message);
    QCOMPARE(server.requests()[0].header("Content-Type"), QByteArray("application/json"));
}

void tst_notify::aBusyServerIsAskedAgain()
{
    FaultServer server;
    server.answer(secretPath, { limited("1"), plainText("oh no", 503), plainText("ok") });
    QVERIFY(sendTo(server));
    QCOMPARE(server.requestCount(), 3);
}

void tst_notify::aRefusedMessageIsReportedWithoutItsAddress_data()
{
    QTest::addColumn<int>("kind");
    QTest::newRow("the webhook is gone") << 0;
    QTest::newRow("a server that fails again and again") << 1;
    QTest::newRow("nobody listens") << 2;
    QTest::newRow("the server repeats the address") << 3;
}

void tst_notify::aRefusedMessageIsReportedWithoutItsAddress()
{
    QFETCH(int, kind);
    FaultServer server;
    if (kind == 0)
        server.answer(secretPath, plainText("no_service", 404));
    else if (kind == 1)
        server.answer(secretPath, plainText("oh no", 500));
    else if (kind == 2)
        server.stop();
    else
        server.answer(secretPath, plainText("no such path: " + secretPath, 403));
    const Sent sent = sendTo(server);
    QVERIFY(!sent);
    const QString text = sent.error().text();
    QVERIFY2(!text.contains(QStringLiteral("canary5150")), qPrintable(text));
    QVERIFY2(text.contains(QStringLiteral("127.0.0.1")), qPrintable(text));
    if (kind == 1)
        QVERIFY(server.requestCount() > 1);
    if (kind == 0)
        QCOMPARE(server.requestCount(), 1);
}

void tst_notify::anAddressThatIsNoWebhookIsRefusedWithoutRepeatingIt_data()
{
    QTest::addColumn<QByteArray>("address");
    for (const char *address : { "", "canary5150", "http://hooks.example.org/canary5150",
             "ftp://127.0.0.1/canary5150", "https://me:canary5150@hooks.example.org/x" })
        QTest::addRow("%s", address) << QByteArray(address);
}

void tst_notify::anAddressThatIsNoWebhookIsRefusedWithoutRepeatingIt()
{
    QFETCH(QByteArray, address);
    const auto delivery = webhookDelivery(address, "{}");
    QVERIFY(!delivery);
    QVERIFY(!delivery.error().text().contains(QStringLiteral("canary5150")));
}

void tst_notify::aWebhookIsFoundByItsName()
{
    const QString usual = QStringLiteral("FAULTLINE_SLACK_WEBHOOK");
    const QString special = QStringLiteral("FAULTLINE_SLACK_WEBHOOK_TEST_ALERTS");
    const QMap<QString, QString> both{ { usual, QStringLiteral("a") },
        { special, QStringLiteral("b") } };
    QCOMPARE(slackWebhook(QStringLiteral("test-alerts"), both).value_or(""), QByteArray("b"));
    QCOMPARE(slackWebhook(QStringLiteral("others"), both).value_or(""), QByteArray("a"));
}

void tst_notify::theUpstreamIsFoundInTheEnvironment()
{
    QMap<QString, QString> environment;
    QVERIFY(!statusTarget(environment));
    environment
        = { { QStringLiteral("CI_SERVER_URL"), QStringLiteral("https://gitlab.example.org") },
              { QStringLiteral("CI_PROJECT_PATH"), QStringLiteral("a/b") },
              { QStringLiteral("CI_COMMIT_SHA"), QStringLiteral("111") } };
    QCOMPARE(statusTarget(environment)->project, QStringLiteral("a/b"));
    environment.insert(QStringLiteral("FAULTLINE_UPSTREAM_PROJECT"), QStringLiteral("c/d"));
    environment.insert(QStringLiteral("FAULTLINE_UPSTREAM_SHA"), QStringLiteral("222"));
    QCOMPARE(statusTarget(environment)->project, QStringLiteral("c/d"));
    QCOMPARE(statusTarget(environment)->origin, QUrl(QStringLiteral("https://gitlab.example.org")));
    environment.insert(QStringLiteral("FAULTLINE_UPSTREAM_KIND"), QStringLiteral("github"));
    QCOMPARE(statusTarget(environment)->origin, QUrl(QStringLiteral("https://api.github.com")));
}

void tst_notify::aTokenGoesToItsOwnServerOnly()
{
    const QMap<QString, QString> environment{ { QStringLiteral("CI_SERVER_URL"),
                                                  QStringLiteral("https://gitlab.example.org") },
        { QStringLiteral("FAULTLINE_GITLAB_TOKEN"), QStringLiteral("own") } };
    StatusTarget target;
    target.origin = QUrl(QStringLiteral("https://gitlab.example.org"));
    QCOMPARE(statusToken(target, environment), QByteArray("own"));
    target.origin = QUrl(QStringLiteral("https://elsewhere.example.org"));
    QCOMPARE(statusToken(target, environment), QByteArray());
}

void tst_notify::gitLabIsToldInItsWords()
{
    const std::pair<const char *, const char *> words[] = { { "pending", "pending" },
        { "pass", "success" }, { "fail", "failed" }, { "aborted", "canceled" },
        { "infrastructure", "failed" }, { "unknown", "failed" }, { "leaked", "failed" } };
    for (const auto &[verdict, state] : words) {
        FaultServer server;
        server.answer("/api/v4/projects/group%2Fproject/statuses/abc123", json("{}", 201));
        const auto told = statusOn(server, StatusTarget::Kind::GitLab, QLatin1StringView(verdict));
        QVERIFY2(told, qPrintable(told ? QString() : told.error().text()));
        const Received request = server.requests()[0];
        QCOMPARE(request.header("PRIVATE-TOKEN"), QByteArray("canary-token-5150"));
        const QJsonObject body = parsed(request.body);
        QCOMPARE(body.value(QStringLiteral("state")).toString(), QLatin1StringView(state));
        QCOMPARE(body.value(QStringLiteral("name")).toString(), QStringLiteral("faultline/kv"));
        QCOMPARE(body.value(QStringLiteral("ref")).toString(), QStringLiteral("main"));
    }
}

void tst_notify::gitHubIsToldInItsWords()
{
    const std::pair<const char *, const char *> words[]
        = { { "pending", "pending" }, { "pass", "success" }, { "fail", "failure" },
              { "aborted", "error" }, { "infrastructure", "error" } };
    for (const auto &[verdict, state] : words) {
        FaultServer server;
        server.answer("/repos/group/project/statuses/abc123", json("{}", 201));
        const auto told = statusOn(server, StatusTarget::Kind::GitHub, QLatin1StringView(verdict));
        QVERIFY2(told, qPrintable(told ? QString() : told.error().text()));
        const Received request = server.requests()[0];
        QCOMPARE(request.header("Authorization"), QByteArray("Bearer canary-token-5150"));
        const QJsonObject body = parsed(request.body);
        QCOMPARE(body.value(QStringLiteral("state")).toString(), QLatin1StringView(state));
        QCOMPARE(body.value(QStringLiteral("context")).toString(), QStringLiteral("faultline/kv"));
        QCOMPARE(
            body.value(QStringLiteral("target_url")).toString(), QStringLiteral("http://ci/7"));
    }
}

void tst_notify::aStatusThatIsThereAlreadyIsNoError()
{
    const auto answered = [](const char *words) {
        FaultServer server;
        server.answer("/api/v4/projects/group%2Fproject/statuses/abc123",
            json(QByteArray("{\"message\":\"") + words + "\"}", 400));
        return statusOn(server, StatusTarget::Kind::GitLab, QStringLiteral("pending")).has_value();
    };
    QVERIFY(answered("Cannot transition status via :enqueue from :pending"));
    QVERIFY(!answered("Cannot transition status via :enqueue from :success"));
    QVERIFY(!answered("name is too long"));
}

void tst_notify::withoutATokenNothingIsSent()
{
    FaultServer server;
    const auto told = statusOn(server, StatusTarget::Kind::GitLab, QStringLiteral("pass"), {});
    QVERIFY(!told);
    QCOMPARE(told.error().kind, domain::ErrorKind::Auth);
    QCOMPARE(server.requestCount(), 0);
}

QTEST_GUILESS_MAIN(tst_notify)
#include "tst_notify.moc"
