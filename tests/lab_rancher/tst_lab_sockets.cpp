// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/lab_rancher/lab_steps.h"

#include <QElapsedTimer>
#include <QJsonDocument>
#include <QNetworkReply>
#include <QSignalSpy>
#include <QTest>
#include <QUrlQuery>
#include <QWebSocketHandshakeOptions>

using namespace steps;

/// The sockets to hosts and containers, tokens, and the books that the lab keeps.
class LabSocketsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void aCommandTalksBothWaysInBase64();
    void theTerminalIsResized();
    void rawBytesComeWithTheBinarySubprotocol();
    void aBadTokenIs401();
    void aContainerThatIsGoneJustCloses();
    void statsOfAContainerComeEverySecond();
    void statsOfTheHostNameIt();
    void theDockerSocketSpeaksHttp();
    void aHelperSharesTheNetworkOfAnother();
    void badHelpersAreRefused();
    void aBearerTokenOpensTheApi();
    void whatHappenedIsWrittenDown();
    void listsIgnoreWhatTheyDoNotKnow();
    void schemasOfferSubscribeInProjectsOnly();

private:
    LabProcess &lab() { return *m_lab; }
    QJsonObject main()
    {
        return lab().named(QStringLiteral("containers"), QStringLiteral("w-one-main-1"));
    }
    /// Opens what an action or a link gave.
    std::unique_ptr<QWebSocket> open(const QJsonObject &access);
    QJsonObject execute(const QStringList &command);
    static bool hasText(const QSignalSpy &spy, const QByteArray &wanted);

    std::unique_ptr<LabProcess> m_lab;
};

void LabSocketsTest::initTestCase()
{
    const QString host
        = qEnvironmentVariable("FAULTLINE_DOCKER_HOST", qEnvironmentVariable("DOCKER_HOST"));
    if (host.isEmpty())
        QSKIP("needs a Docker Engine: set FAULTLINE_DOCKER_HOST");
    m_lab = std::make_unique<LabProcess>(host);
    QVERIFY(lab().start());
    QTRY_COMPARE_WITH_TIMEOUT(text(lab().list(QStringLiteral("hosts")).at(0).toObject(), "state"),
        QStringLiteral("active"), 30'000);
    QCOMPARE(
        create(lab(), "w-one",
            QStringLiteral(
                "main: {image: IMAGE, command: [sh, -c, \"trap exit TERM; sleep 1000 & wait\"]}")),
        QStringLiteral("active"));
}

void LabSocketsTest::cleanupTestCase()
{
    if (!m_lab)
        return;
    lab().killHard();
    QVERIFY(lab().removeAll());
    m_lab.reset();
}

std::unique_ptr<QWebSocket> LabSocketsTest::open(const QJsonObject &access)
{
    const QUrl url(text(access, "url"));
    return lab().socket(url.path() + QStringLiteral("?token=") + text(access, "token"), false);
}

QJsonObject LabSocketsTest::execute(const QStringList &command)
{
    return lab()
        .ask("POST", path("containers", main()) + QStringLiteral("?action=execute"),
            { { QStringLiteral("command"), QJsonArray::fromStringList(command) } })
        .body;
}

bool LabSocketsTest::hasText(const QSignalSpy &spy, const QByteArray &wanted)
{
    QByteArray all;
    for (const QList<QVariant> &frame : spy)
        all += QByteArray::fromBase64(frame.at(0).toString().toLatin1());
    return all.contains(wanted);
}

void LabSocketsTest::aCommandTalksBothWaysInBase64()
{
    const auto socket = open(execute({ QStringLiteral("sh") }));
    QSignalSpy frames(socket.get(), &QWebSocket::textMessageReceived);
    QSignalSpy closed(socket.get(), &QWebSocket::disconnected);
    QTRY_COMPARE_WITH_TIMEOUT(socket->state(), QAbstractSocket::ConnectedState, 30'000);
    socket->sendTextMessage(
        QString::fromLatin1(QByteArray("echo sum $((40+2)); tty\n").toBase64()));
    QTRY_VERIFY_WITH_TIMEOUT(hasText(frames, "sum 42"), 30'000);
    QTRY_VERIFY_WITH_TIMEOUT(hasText(frames, "/dev/pts/"), 30'000);
    socket->sendTextMessage(QString::fromLatin1(QByteArray("exit\n").toBase64()));
    QTRY_COMPARE_WITH_TIMEOUT(closed.size(), 1, 30'000);
    QCOMPARE(socket->closeCode(), QWebSocketProtocol::CloseCodeNormal);
}

void LabSocketsTest::theTerminalIsResized()
{
    const auto socket = open(execute({ QStringLiteral("sh") }));
    QSignalSpy frames(socket.get(), &QWebSocket::textMessageReceived);
    QTRY_COMPARE_WITH_TIMEOUT(socket->state(), QAbstractSocket::ConnectedState, 30'000);
    socket->sendTextMessage(QString::fromLatin1(QByteArray("echo rea''dy\n").toBase64()));
    QTRY_VERIFY_WITH_TIMEOUT(hasText(frames, "ready"), 30'000);
    socket->sendTextMessage(QStringLiteral(":resizeTTY:132,43"));
    QTRY_VERIFY_WITH_TIMEOUT(
        (socket->sendTextMessage(QString::fromLatin1(QByteArray("busybox stty size\n").toBase64())),
            QTest::qWait(200), hasText(frames, "43 132")),
        30'000);
}

void LabSocketsTest::rawBytesComeWithTheBinarySubprotocol()
{
    const QJsonObject access = execute({ QStringLiteral("cat") });
    QWebSocket socket;
    QWebSocketHandshakeOptions options;
    options.setSubprotocols({ QStringLiteral("binary") });
    QSignalSpy frames(&socket, &QWebSocket::binaryMessageReceived);
    QUrl url(QString(lab().url()).replace(0, 4, QStringLiteral("ws"))
        + QUrl(text(access, "url")).path());
    url.setQuery(QStringLiteral("token=") + text(access, "token"));
    socket.open(url, options);
    QTRY_COMPARE_WITH_TIMEOUT(socket.state(), QAbstractSocket::ConnectedState, 30'000);
    QCOMPARE(socket.subprotocol(), QStringLiteral("binary"));
    socket.sendBinaryMessage("plain bytes\n");
    QTRY_VERIFY_WITH_TIMEOUT(
        !frames.isEmpty() && frames.at(0).at(0).toByteArray().contains("plain bytes"), 30'000);
}

void LabSocketsTest::aBadTokenIs401()
{
    for (const char *path : { "/v1/exec/", "/v1/dockersocket/", "/v1/containerstats/",
             "/v1/hoststats/", "/v1/logs/" }) {
        const auto socket = lab().socket(QLatin1String(path) + QStringLiteral("?token=guessed"));
        QTRY_COMPARE_WITH_TIMEOUT(socket->state(), QAbstractSocket::UnconnectedState, 30'000);
        QVERIFY2(socket->errorString().contains(QStringLiteral("401")), path);
    }
}

void LabSocketsTest::aContainerThatIsGoneJustCloses()
{
    QCOMPARE(
        create(lab(), "w-gone",
            QStringLiteral(
                "x: {image: IMAGE, command: [sh, -c, \"trap exit TERM; sleep 1000 & wait\"]}")),
        QStringLiteral("active"));
    const QJsonObject gone
        = lab().named(QStringLiteral("containers"), QStringLiteral("w-gone-x-1"));
    const QJsonObject access
        = lab()
              .ask("POST", path("containers", gone) + QStringLiteral("?action=execute"),
                  { { QStringLiteral("command"), QJsonArray{ QStringLiteral("sh") } } })
              .body;
    remove(lab(), "w-gone");
    const auto socket = open(access);
    QSignalSpy closed(socket.get(), &QWebSocket::disconnected);
    QTRY_COMPARE_WITH_TIMEOUT(closed.size(), 1, 30'000);
    QCOMPARE(socket->closeCode(), QWebSocketProtocol::CloseCodeNormal);
}

void LabSocketsTest::statsOfAContainerComeEverySecond()
{
    const auto socket = open(
        lab().ask("GET", path("containers", main()) + QStringLiteral("/containerstats")).body);
    QSignalSpy frames(socket.get(), &QWebSocket::textMessageReceived);
    QTRY_VERIFY_WITH_TIMEOUT(frames.size() >= 2, 30'000);
    const QJsonArray list = QJsonDocument::fromJson(frames.at(1).at(0).toString().toUtf8()).array();
    QCOMPARE(list.size(), 1);
    const QJsonObject entry = list.at(0).toObject();
    QCOMPARE(text(entry, "id"), lab().dockerIdOf(QStringLiteral("w-one-main-1")));
    QVERIFY(entry[QStringLiteral("memLimit")].toDouble() > 1e6);
    QVERIFY(entry[QStringLiteral("memory")].toObject()[QStringLiteral("usage")].toDouble() > 0);
    QVERIFY(entry[QStringLiteral("cpu")]
                .toObject()[QStringLiteral("usage")]
                .toObject()[QStringLiteral("total")]
                .toDouble()
        > 0);
}

void LabSocketsTest::statsOfTheHostNameIt()
{
    const auto socket
        = open(lab().ask("GET", QStringLiteral("/v2-beta/projects/1a5/hosts/1h1/hoststats")).body);
    QSignalSpy frames(socket.get(), &QWebSocket::textMessageReceived);
    QTRY_VERIFY_WITH_TIMEOUT(!frames.isEmpty(), 30'000);
    const QJsonObject entry
        = QJsonDocument::fromJson(frames.at(0).at(0).toString().toUtf8()).array().at(0).toObject();
    QCOMPARE(text(entry, "id"), QStringLiteral("1h1"));
    QCOMPARE(text(entry, "resourceType"), QStringLiteral("host"));
    QVERIFY(
        !text(lab().ask("GET", QStringLiteral("/v2-beta/projects/1a5/projects/1a5/hoststats")).body,
            "token")
             .isEmpty());
    QVERIFY(!text(
        lab().ask("GET", QStringLiteral("/v2-beta/projects/1a5/hosts/1h1/containerstats")).body,
        "token")
                 .isEmpty());
}

void LabSocketsTest::theDockerSocketSpeaksHttp()
{
    const auto socket = open(
        lab()
            .ask("POST", QStringLiteral("/v2-beta/projects/1a5/hosts/1h1?action=dockersocket"))
            .body);
    QSignalSpy frames(socket.get(), &QWebSocket::textMessageReceived);
    QTRY_COMPARE_WITH_TIMEOUT(socket->state(), QAbstractSocket::ConnectedState, 30'000);
    socket->sendTextMessage(
        QString::fromLatin1(QByteArray("GET /_ping HTTP/1.1\r\nHost: docker\r\n\r\n").toBase64()));
    QTRY_VERIFY_WITH_TIMEOUT(hasText(frames, "200 OK") && hasText(frames, "Api-Version"), 30'000);
}

void LabSocketsTest::aHelperSharesTheNetworkOfAnother()
{
    const auto created = lab().ask("POST", QStringLiteral("/v2-beta/projects/1a5/containers"),
        { { QStringLiteral("name"), QStringLiteral("probe-1") },
            { QStringLiteral("imageUuid"), QStringLiteral("docker:faultline/busybox:1") },
            { QStringLiteral("requestedHostId"), QStringLiteral("1h1") },
            { QStringLiteral("networkMode"), QStringLiteral("container") },
            { QStringLiteral("networkContainerId"), text(main(), "id") },
            { QStringLiteral("pidMode"), QStringLiteral("host") },
            { QStringLiteral("capAdd"), QJsonArray{ QStringLiteral("NET_ADMIN") } },
            { QStringLiteral("dataVolumes"), QJsonArray{ QStringLiteral("/tmp:/host-tmp:ro") } },
            { QStringLiteral("command"),
                QJsonArray{ QStringLiteral("sh"), QStringLiteral("-c"),
                    QStringLiteral("busybox hostname -i; ls -d /host-tmp; echo done") } },
            { QStringLiteral("labels"),
                QJsonObject{ { QStringLiteral("io.rancher.container.start_once"),
                    QStringLiteral("true") } } } });
    QCOMPARE(created.status, 201);
    QCOMPARE(waitFor(lab(), QStringLiteral("containers"), QStringLiteral("probe-1"), "stopped"),
        QStringLiteral("stopped"));
    const QJsonObject probe = lab().named(QStringLiteral("containers"), QStringLiteral("probe-1"));
    QCOMPARE(probe[QStringLiteral("startCount")].toInt(), 1);
    const QString inspected = lab().docker({ QStringLiteral("inspect"), QStringLiteral("-f"),
        QStringLiteral("{{.HostConfig.NetworkMode}} {{.HostConfig.PidMode}} {{.HostConfig.CapAdd}} "
                       "{{.HostConfig.Binds}}"),
        text(probe, "externalId") });
    QCOMPARE(inspected,
        QStringLiteral("container:%1 host [NET_ADMIN] [/tmp:/host-tmp:ro]")
            .arg(lab().dockerIdOf(QStringLiteral("w-one-main-1"))));
    const auto log = lab().ask("POST", path("containers", probe) + QStringLiteral("?action=logs"),
        { { QStringLiteral("follow"), false }, { QStringLiteral("timestamps"), false } });
    const auto socket = open(log.body);
    QSignalSpy frames(socket.get(), &QWebSocket::textMessageReceived);
    QTRY_VERIFY_WITH_TIMEOUT(
        !frames.isEmpty() && frames.last().at(0).toString() == QStringLiteral("01 done\n"), 30'000);
    QCOMPARE(lab().ask("DELETE", path("containers", probe)).status, 200);
    QTRY_VERIFY_WITH_TIMEOUT(
        lab().named(QStringLiteral("containers"), QStringLiteral("probe-1")).isEmpty(), 30'000);
    QCOMPARE(
        lab().ask("POST", path("containers", probe) + QStringLiteral("?action=purge")).status, 202);
}

void LabSocketsTest::badHelpersAreRefused()
{
    const QString containers = QStringLiteral("/v2-beta/projects/1a5/containers");
    const QJsonObject good{ { QStringLiteral("name"), QStringLiteral("bad-1") },
        { QStringLiteral("imageUuid"), QStringLiteral("docker:faultline/busybox:1") } };
    const auto with = [&](const char *key, const QString &value) {
        QJsonObject body = good;
        body[QLatin1String(key)] = value;
        return lab().ask("POST", containers, body);
    };
    QCOMPARE(text(with("requestedHostId", QStringLiteral("1h9")).body, "fieldName"),
        QStringLiteral("requestedHostId"));
    QCOMPARE(with("imageUuid", QStringLiteral("faultline/busybox:1")).status, 422);
    QCOMPARE(with("pidMode", QStringLiteral("container:1")).status, 422);
    QJsonObject alone = good;
    alone[QStringLiteral("networkMode")] = QStringLiteral("container");
    QCOMPARE(lab().ask("POST", containers, alone).status, 422);
}

void LabSocketsTest::aBearerTokenOpensTheApi()
{
    const QString code = lab().file(QStringLiteral("secrets/rancher-access-key")) + u':'
        + lab().file(QStringLiteral("secrets/rancher-secret-key"));
    QCOMPARE(lab()
                 .ask("POST", QStringLiteral("/v2-beta/token"),
                     { { QStringLiteral("code"), QStringLiteral("a:b") } }, false)
                 .status,
        401);
    const auto given = lab().ask(
        "POST", QStringLiteral("/v2-beta/token"), { { QStringLiteral("code"), code } }, false);
    QCOMPARE(given.status, 201);
    const QString stacks
        = QStringLiteral("/v2-beta/projects/1a5/stacks?token=") + text(given.body, "jwt");
    QCOMPARE(lab().ask("GET", stacks, {}, false).status, 200);
    QCOMPARE(lab().ask("GET", stacks + QStringLiteral("x"), {}, false).status, 401);
    QCOMPARE(lab()
                 .ask("DELETE",
                     QStringLiteral("/v2-beta/token/current?token=") + text(given.body, "jwt"))
                 .status,
        200);
    QCOMPARE(lab().ask("GET", stacks, {}, false).status, 401);
}

void LabSocketsTest::whatHappenedIsWrittenDown()
{
    const QJsonArray processes = lab().list(
        QStringLiteral("processinstances?processName=instance.start&endTime_notnull=true"));
    QVERIFY(!processes.isEmpty());
    QCOMPARE(text(processes.at(0).toObject(), "result"), QStringLiteral("SUCCESS"));
    const QJsonArray audits
        = lab().list(QStringLiteral("auditlogs?eventType=api.stack.create&sort=id&order=desc"));
    QVERIFY(!audits.isEmpty());
    QVERIFY(QJsonDocument::fromJson(text(audits.at(0).toObject(), "requestObject").toUtf8())
                .object()
                .contains(QStringLiteral("dockerCompose")));
    const QString service
        = text(lab().named(QStringLiteral("services"), QStringLiteral("main")), "id");
    const QJsonArray story = lab().list(QStringLiteral("servicelogs?serviceId=") + service);
    QStringList events;
    for (const QJsonValue &item : story)
        events << text(item.toObject(), "eventType");
    QVERIFY2(events.contains(QStringLiteral("service.trigger.activating"))
            && events.contains(QStringLiteral("service.trigger.active")),
        qPrintable(events.join(u' ')));
}

void LabSocketsTest::listsIgnoreWhatTheyDoNotKnow()
{
    QCOMPARE(lab().list(QStringLiteral("stacks?nonsense=1&name=w-one&removed_null=1")).size(), 1);
    const auto all = lab().ask("GET", QStringLiteral("/v2-beta/projects/1a5/containers?limit=-1"));
    QCOMPARE(
        all.body[QStringLiteral("pagination")].toObject()[QStringLiteral("limit")].toInt(), 3000);
    const QJsonObject stack
        = lab()
              .list(QStringLiteral("stacks?name=w-one&include=services&include=account"))
              .at(0)
              .toObject();
    QCOMPARE(stack[QStringLiteral("services")].toArray().size(), 1);
}

void LabSocketsTest::schemasOfferSubscribeInProjectsOnly()
{
    const auto has = [&](const QString &scope, const QString &id) {
        for (const QJsonValue &schema : lab()
                                            .ask("GET", scope + QStringLiteral("/schemas"))
                                            .body[QStringLiteral("data")]
                                            .toArray()) {
            if (text(schema.toObject(), "id") == id)
                return true;
        }
        return false;
    };
    QVERIFY(has(QStringLiteral("/v2-beta/projects/1a5"), QStringLiteral("subscribe")));
    QVERIFY(!has(QStringLiteral("/v2-beta"), QStringLiteral("subscribe")));
    QVERIFY(has(QStringLiteral("/v2-beta"), QStringLiteral("auditLog")));
}

QTEST_GUILESS_MAIN(LabSocketsTest)
#include "tst_lab_sockets.moc"
