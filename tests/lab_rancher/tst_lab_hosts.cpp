// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/lab_rancher/lab_steps.h"
#include "tests/runs/own_engine.h"

#include <QJsonDocument>
#include <QSet>
#include <QSignalSpy>
#include <QTest>

#include <csignal>

#include <unistd.h>

using namespace steps;

namespace {

const QString quickEnd = QStringLiteral("{image: IMAGE, command: [sh, -c, \"echo here; trap exit "
                                        "TERM; while true; do sleep 0.1; done\"]");
const QString hosts = QStringLiteral("/v2-beta/projects/1a5/hosts/");

} // namespace

/// A lab with two engines: the usual one is host 1h1, one of the test's own is 1h2.
class LabHostsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void eachEngineIsAHost();
    void aStackStaysTogetherAndTheNextGoesElsewhere();
    void replicasSpreadWhenTheyAskForIt();
    void globalServicesRunOnEveryHost();
    void aHostsLabelsChooseIt();
    void aRequestedHostIsTaken();
    void socketsGoToTheEngineOfTheContainer();
    void aHostThatIsGoneKeepsItsContainersAndGetsNoNewOnes();
    void aRestartedLabFindsEveryContainerOnItsHost();
    void oneEngineIsNotTwoHosts();

private:
    LabProcess &lab() { return *m_lab; }
    QString hostState(const char *id)
    {
        return text(lab().ask("GET", hosts + QLatin1String(id)).body, "state");
    }
    QStringList valuesOf(const char *prefix, const char *field);
    QString secondDocker(QStringList arguments) const;
    /// The text that a socket gives, once it holds `wanted`.
    QByteArray read(const QJsonObject &access, const QByteArray &wanted,
        const QByteArray &send = {}, bool isBase64 = true);
    bool startLab(const QString &second);

    QString m_first;
    std::unique_ptr<faultline::tests::OwnEngine> m_engine;
    std::unique_ptr<LabProcess> m_lab;
};

void LabHostsTest::initTestCase()
{
    m_first = qEnvironmentVariable("FAULTLINE_DOCKER_HOST", qEnvironmentVariable("DOCKER_HOST"));
    if (m_first.isEmpty())
        QSKIP("needs a Docker Engine: set FAULTLINE_DOCKER_HOST");
    if (geteuid() != 0)
        QSKIP("only root can start a Docker Engine of the test's own");
    m_engine = std::make_unique<faultline::tests::OwnEngine>();
    QVERIFY2(m_engine->start(), qPrintable(m_engine->why()));
    QVERIFY2(m_engine->copyImage(m_first, QStringLiteral("faultline/busybox:1")),
        qPrintable(m_engine->why()));
    m_lab = std::make_unique<LabProcess>(m_first);
    QVERIFY(startLab(m_engine->host()));
    QTRY_COMPARE_WITH_TIMEOUT(hostState("1h1"), QStringLiteral("active"), 30'000);
    QTRY_COMPARE_WITH_TIMEOUT(hostState("1h2"), QStringLiteral("active"), 30'000);
}

bool LabHostsTest::startLab(const QString &second)
{
    return lab().start({ QStringLiteral("--docker"), second });
}

void LabHostsTest::cleanupTestCase()
{
    if (m_lab) {
        lab().killHard();
        QVERIFY(lab().removeAll());
    }
    m_lab.reset();
    m_engine.reset();
}

QStringList LabHostsTest::valuesOf(const char *prefix, const char *field)
{
    QStringList values;
    for (const QJsonValue &item :
        lab().list(QStringLiteral("containers?name_prefix=") + QLatin1String(prefix)))
        values << text(item.toObject(), field);
    values.sort();
    return values;
}

QString LabHostsTest::secondDocker(QStringList arguments) const
{
    arguments.prepend(m_engine->host());
    arguments.prepend(QStringLiteral("-H"));
    return QString::fromUtf8(faultline::tests::runProgram(QStringLiteral("docker"), arguments,
                                 faultline::tests::cleanEnvironment(), std::chrono::minutes(1))
                                 .out)
        .trimmed();
}

QByteArray LabHostsTest::read(
    const QJsonObject &access, const QByteArray &wanted, const QByteArray &send, bool isBase64)
{
    const QUrl url(text(access, "url"));
    const auto socket
        = lab().socket(url.path() + QStringLiteral("?token=") + text(access, "token"), false);
    QByteArray all;
    connect(socket.get(), &QWebSocket::textMessageReceived, this, [&](const QString &frame) {
        all += isBase64 ? QByteArray::fromBase64(frame.toLatin1()) : frame.toUtf8();
    });
    if (!send.isEmpty())
        connect(socket.get(), &QWebSocket::connected, this,
            [&] { socket->sendTextMessage(QString::fromLatin1(send.toBase64())); });
    (void)QTest::qWaitFor([&] { return all.contains(wanted); }, 30'000);
    return all;
}

void LabHostsTest::eachEngineIsAHost()
{
    const QJsonArray all = lab().list(QStringLiteral("hosts"));
    QCOMPARE(all.size(), 2);
    QVERIFY(text(all.at(0).toObject(), "hostname") != text(all.at(1).toObject(), "hostname"));
    QVERIFY(text(all.at(0).toObject(), "uuid") != text(all.at(1).toObject(), "uuid"));
}

void LabHostsTest::aStackStaysTogetherAndTheNextGoesElsewhere()
{
    QCOMPARE(create(lab(), "s-one",
                 QStringLiteral("a: ") + quickEnd + QStringLiteral("}\nb: ") + quickEnd
                     + QStringLiteral("}"),
                 QStringLiteral("a: {scale: 2}")),
        QStringLiteral("active"));
    const QStringList first = valuesOf("s-one-", "hostId");
    QCOMPARE(first.size(), 3);
    QCOMPARE(QSet<QString>(first.begin(), first.end()).size(), 1);
    QCOMPARE(create(lab(), "s-two", QStringLiteral("a: ") + quickEnd + QStringLiteral("}")),
        QStringLiteral("active"));
    QVERIFY(valuesOf("s-two-", "hostId") != QStringList{ first.at(0) });
    remove(lab(), "s-one");
    remove(lab(), "s-two");
    QCOMPARE(secondDocker({ QStringLiteral("network"), QStringLiteral("ls"), QStringLiteral("-q"),
                 QStringLiteral("-f"), QStringLiteral("name=s-") }),
        QString());
}

void LabHostsTest::replicasSpreadWhenTheyAskForIt()
{
    QCOMPARE(create(lab(), "r-one",
                 QStringLiteral("a: ") + quickEnd
                     + QStringLiteral(
                         ", labels: {'io.rancher.scheduler.affinity:container_label_soft_ne': "
                         "'io.rancher.stack_service.name=$${stack_name}/$${service_name}'}}"),
                 QStringLiteral("a: {scale: 4}")),
        QStringLiteral("active"));
    QCOMPARE(valuesOf("r-one-", "hostId"),
        (QStringList{ QStringLiteral("1h1"), QStringLiteral("1h1"), QStringLiteral("1h2"),
            QStringLiteral("1h2") }));
    QCOMPARE(secondDocker({ QStringLiteral("ps"), QStringLiteral("-q"), QStringLiteral("-f"),
                              QStringLiteral("name=r-one") })
                 .split(u'\n')
                 .size(),
        2);
    remove(lab(), "r-one");
}

void LabHostsTest::globalServicesRunOnEveryHost()
{
    QCOMPARE(create(lab(), "g-one",
                 QStringLiteral("a: ") + quickEnd
                     + QStringLiteral(", labels: {io.rancher.scheduler.global: 'true'}}")),
        QStringLiteral("active"));
    QCOMPARE(valuesOf("g-one-", "hostId"),
        (QStringList{ QStringLiteral("1h1"), QStringLiteral("1h2") }));
    remove(lab(), "g-one");
}

void LabHostsTest::aHostsLabelsChooseIt()
{
    const auto label = [&](const char *disk) {
        return lab()
            .ask("PUT", hosts + QStringLiteral("1h2"),
                { { QStringLiteral("labels"),
                    QJsonObject{ { QStringLiteral("disk"), QLatin1String(disk) } } } })
            .status;
    };
    QCOMPARE(label("slow"), 200);
    QCOMPARE(create(lab(), "l-one",
                 QStringLiteral("a: ") + quickEnd
                     + QStringLiteral(
                         ", labels: {'io.rancher.scheduler.affinity:host_label': 'disk=fast'}}"),
                 {}, "error"),
        QStringLiteral("error"));
    QCOMPARE(label("fast"), 200);
    QCOMPARE(waitFor(lab(), QStringLiteral("containers"), QStringLiteral("l-one-a-1"), "running"),
        QStringLiteral("running"));
    QCOMPARE(valuesOf("l-one-", "hostId"), QStringList{ QStringLiteral("1h2") });
    remove(lab(), "l-one");
}

void LabHostsTest::aRequestedHostIsTaken()
{
    const auto ask = [&](const char *name, const char *host) {
        return lab()
            .ask("POST", QStringLiteral("/v2-beta/projects/1a5/containers"),
                { { QStringLiteral("name"), QLatin1String(name) },
                    { QStringLiteral("imageUuid"), QStringLiteral("docker:faultline/busybox:1") },
                    { QStringLiteral("requestedHostId"), QLatin1String(host) },
                    { QStringLiteral("networkMode"), QStringLiteral("none") },
                    { QStringLiteral("command"),
                        QJsonArray{ QStringLiteral("sh"), QStringLiteral("-c"),
                            QStringLiteral("echo from $HOSTNAME; sleep 3600") } } })
            .status;
    };
    QCOMPARE(ask("nowhere", "1h3"), 422);
    for (const char *host : { "1h1", "1h2" })
        QCOMPARE(ask((QByteArray("pinned-") + host).constData(), host), 201);
    for (const char *host : { "1h1", "1h2" }) {
        const QString name = QStringLiteral("pinned-") + QLatin1String(host);
        QCOMPARE(waitFor(lab(), QStringLiteral("containers"), name, "running"),
            QStringLiteral("running"));
        QCOMPARE(
            text(lab().named(QStringLiteral("containers"), name), "hostId"), QLatin1String(host));
    }
}

void LabHostsTest::socketsGoToTheEngineOfTheContainer()
{
    const QJsonObject pinned
        = lab().named(QStringLiteral("containers"), QStringLiteral("pinned-1h2"));
    const QString self = path("containers", pinned);
    const QByteArray shortId = text(pinned, "externalId").left(12).toUtf8();
    QCOMPARE(secondDocker({ QStringLiteral("inspect"), QStringLiteral("-f"),
                 QStringLiteral("{{.State.Running}}"), text(pinned, "externalId") }),
        QStringLiteral("true"));
    const auto log = lab().ask("POST", self + QStringLiteral("?action=logs"));
    QVERIFY(read(log.body, "from " + shortId, {}, false).contains("from " + shortId));
    const auto command = lab().ask("POST", self + QStringLiteral("?action=execute"),
        { { QStringLiteral("command"),
            QJsonArray{ QStringLiteral("sh"), QStringLiteral("-c"),
                QStringLiteral("echo exec $HOSTNAME") } } });
    QVERIFY(read(command.body, "exec " + shortId).contains("exec " + shortId));
    const auto stats = lab().ask("GET", self + QStringLiteral("/containerstats"));
    QVERIFY(read(stats.body, shortId, {}, false).contains(shortId));
    const auto all = lab().ask("GET", hosts + QStringLiteral("1h2/containerstats"));
    const QByteArray publicId = text(pinned, "id").toUtf8();
    QVERIFY(read(all.body, publicId, {}, false).contains(publicId));
    const auto socket = lab().ask("POST", hosts + QStringLiteral("1h2?action=dockersocket"));
    const QByteArray id = text(pinned, "externalId").toUtf8();
    QVERIFY(read(socket.body, id, "GET /containers/json HTTP/1.0\r\nHost: docker\r\n\r\n")
                .contains(id));
}

void LabHostsTest::aHostThatIsGoneKeepsItsContainersAndGetsNoNewOnes()
{
    QVERIFY(m_engine->signal(SIGTERM));
    QTRY_VERIFY_WITH_TIMEOUT(!m_engine->signal(0), 60'000);
    QTRY_COMPARE_WITH_TIMEOUT(hostState("1h2"), QStringLiteral("reconnecting"), 30'000);
    QCOMPARE(hostState("1h1"), QStringLiteral("active"));
    const auto pinned
        = [&] { return lab().named(QStringLiteral("containers"), QStringLiteral("pinned-1h2")); };
    QCOMPARE(text(pinned(), "hostId"), QStringLiteral("1h2"));
    QCOMPARE(lab().ask("POST", hosts + QStringLiteral("1h2?action=dockersocket")).status, 503);
    for (const char *name : { "away-1", "away-2" }) {
        QCOMPARE(create(lab(), name, QStringLiteral("a: ") + quickEnd + QStringLiteral("}")),
            QStringLiteral("active"));
        QCOMPARE(valuesOf(name, "hostId"), QStringList{ QStringLiteral("1h1") });
        remove(lab(), name);
    }
    QVERIFY2(m_engine->start(), qPrintable(m_engine->why()));
    QTRY_COMPARE_WITH_TIMEOUT(hostState("1h2"), QStringLiteral("active"), 60'000);
    // A standalone container without a restart policy stays as its engine left it.
    QTRY_COMPARE_WITH_TIMEOUT(text(pinned(), "state"), QStringLiteral("stopped"), 30'000);
    QCOMPARE(
        lab().ask("POST", path("containers", pinned()) + QStringLiteral("?action=start")).status,
        202);
    QTRY_COMPARE_WITH_TIMEOUT(text(pinned(), "state"), QStringLiteral("running"), 30'000);
}

void LabHostsTest::aRestartedLabFindsEveryContainerOnItsHost()
{
    const auto facts = [&] {
        QStringList all;
        for (const char *name : { "pinned-1h1", "pinned-1h2" }) {
            const QJsonObject container
                = lab().named(QStringLiteral("containers"), QLatin1String(name));
            all << text(container, "id") + u' ' + text(container, "hostId") + u' '
                    + text(container, "externalId") + u' ' + text(container, "state") + u' '
                    + QString::number(container[QStringLiteral("startCount")].toInt());
        }
        return all;
    };
    const QStringList before = facts();
    lab().killHard();
    QVERIFY(startLab(m_engine->host()));
    QTRY_COMPARE_WITH_TIMEOUT(hostState("1h1"), QStringLiteral("active"), 30'000);
    QTRY_COMPARE_WITH_TIMEOUT(hostState("1h2"), QStringLiteral("active"), 30'000);
    QCOMPARE(facts(), before);
}

void LabHostsTest::oneEngineIsNotTwoHosts()
{
    QTemporaryDir folder;
    const QString alias = folder.filePath(QStringLiteral("alias.sock"));
    QVERIFY(QFile::link(m_first.mid(7), alias));
    lab().killHard();
    QVERIFY(!startLab(m_first)); // the same address
    QVERIFY(lab().start({ QStringLiteral("--docker"), m_engine->host(), QStringLiteral("--docker"),
        QStringLiteral("unix://") + alias }));
    QTRY_COMPARE_WITH_TIMEOUT(hostState("1h2"), QStringLiteral("active"), 30'000);
    const auto thin = [&] { return lab().ask("GET", hosts + QStringLiteral("1h3")).body; };
    const auto message = [&](const char *id) {
        return text(lab().ask("GET", hosts + QLatin1String(id)).body, "transitioningMessage");
    };
    QTRY_VERIFY_WITH_TIMEOUT(
        (message("1h1") + message("1h3")).contains(QStringLiteral("the same Docker Engine")),
        30'000);
    QCOMPARE(
        QStringList({ hostState("1h1"), hostState("1h3") }).count(QStringLiteral("active")), 1);
    // Whichever of the two came first, the container is still there.
    const QJsonObject pinned
        = lab().named(QStringLiteral("containers"), QStringLiteral("pinned-1h1"));
    QCOMPARE(text(pinned, "state"), QStringLiteral("running"));
    QCOMPARE(lab().docker({ QStringLiteral("inspect"), QStringLiteral("-f"),
                 QStringLiteral("{{.State.Running}}"), text(pinned, "externalId") }),
        QStringLiteral("true"));
    QVERIFY(!thin().isEmpty());
}

QTEST_GUILESS_MAIN(LabHostsTest)
#include "tst_lab_hosts.moc"
