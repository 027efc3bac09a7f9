// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/lab_rancher/lab_steps.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QJsonDocument>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTest>

namespace {

const QString image = QStringLiteral("faultline/busybox:1");

} // namespace

using namespace steps;

class LabRancherTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void wrongKeysAre401InRanchersShape();
    void whoeverAsksForItsHealthIsAnswered();
    void foreignProjectsAre403();
    void schemasCarryTheirHeader();
    void aStackComesAndGoesInOrder();
    void servicesScaleBothWays();
    void aKillFromOutsideIsToldWithinTwoSeconds();
    void aMissingImageIsSaidInDockersWords();
    void aContainerThatExitsAtOnceIsStartedAgainWithPauses();
    void aContainerThatRunsOnceIsLeftInPeace();
    void stoppingByActionLasts();
    void takenPortsAreAnError();
    void aStackRemovedWhileItStartsLeavesNothing();
    void logsComeWithStreamsAndEnd();
    void servicesFindEachOtherByName();
    void anActionThatIsNotOfferedIs422();
    void killedLabsFindTheirContainersAgain();
    void aSecondLabOnTheSameFolderSaysSo();
    void theLabEndsInTimeAndLeavesStacks();

private:
    QString waitForStack(const char *name, const char *state);
    LabProcess &lab() { return *m_lab; }

    std::unique_ptr<LabProcess> m_lab;
};

void LabRancherTest::initTestCase()
{
    QString host
        = qEnvironmentVariable("FAULTLINE_DOCKER_HOST", qEnvironmentVariable("DOCKER_HOST"));
    if (host.isEmpty())
        QSKIP("needs a Docker Engine: set FAULTLINE_DOCKER_HOST");
    m_lab = std::make_unique<LabProcess>(host);
    if (lab().docker({ QStringLiteral("image"), QStringLiteral("inspect"), image }).size() < 10) {
        const QString script = QStringLiteral(
            "set -e; d=$(mktemp -d); mkdir $d/bin; cp /bin/busybox $d/bin/; for a in sh sleep echo "
            "true cat nslookup; do "
            "ln -s busybox $d/bin/$a; done; tar -C $d -c . | docker -H %1 import - %2; rm -r $d")
                                   .arg(host, image);
        QCOMPARE(QProcess::execute(QStringLiteral("bash"), { QStringLiteral("-c"), script }), 0);
    }
    QVERIFY(lab().start());
    QTRY_COMPARE(text(lab().list(QStringLiteral("hosts")).at(0).toObject(), "state"),
        QStringLiteral("active"));
}

void LabRancherTest::cleanupTestCase()
{
    if (!m_lab)
        return;
    lab().killHard();
    QVERIFY(lab().removeAll());
    const QString label
        = QStringLiteral("label=faultline.lab=") + lab().file(QStringLiteral("instance"));
    QCOMPARE(lab().docker({ QStringLiteral("ps"), QStringLiteral("-aq"), QStringLiteral("--filter"),
                 label }),
        QString());
    QCOMPARE(lab().docker({ QStringLiteral("network"), QStringLiteral("ls"), QStringLiteral("-q"),
                 QStringLiteral("--filter"), label }),
        QString());
    m_lab.reset();
}

QString LabRancherTest::waitForStack(const char *name, const char *state)
{
    QString seen;
    const bool reached = QTest::qWaitFor(
        [&] {
            seen = text(lab().named(QStringLiteral("stacks"), QLatin1String(name)), "state");
            return seen == QLatin1String(state);
        },
        30'000);
    return reached ? seen : seen + QStringLiteral(" (timed out)");
}

void LabRancherTest::wrongKeysAre401InRanchersShape()
{
    const auto answer = lab().ask("GET", QStringLiteral("/v2-beta/projects"), {}, false);
    QCOMPARE(answer.status, 401);
    QCOMPARE(text(answer.body, "type"), QStringLiteral("error"));
    QCOMPARE(text(answer.body, "code"), QStringLiteral("Unauthorized"));
    QCOMPARE(answer.body[QStringLiteral("status")].toInt(), 401);
    const auto socket = lab().socket(QStringLiteral("/v2-beta/projects/1a5/subscribe"), false);
    QSignalSpy failed(socket.get(), &QWebSocket::disconnected);
    QTRY_COMPARE(socket->state(), QAbstractSocket::UnconnectedState);
    QVERIFY(socket->errorString().contains(QStringLiteral("401")));
}

void LabRancherTest::whoeverAsksForItsHealthIsAnswered()
{
    QCOMPARE(lab().ask("GET", QStringLiteral("/ping"), {}, false).status, 200);
    const auto root = lab().ask("GET", QStringLiteral("/v2-beta"));
    QCOMPARE(root.status, 200);
    QVERIFY(root.body[QStringLiteral("links")].toObject().contains(QStringLiteral("projects")));
}

void LabRancherTest::foreignProjectsAre403()
{
    QCOMPARE(lab().ask("GET", QStringLiteral("/v2-beta/projects/1a7/stacks")).status, 403);
    QCOMPARE(lab().ask("GET", QStringLiteral("/v2-beta/projects/1a5/stacks/1st999")).status, 404);
    QCOMPARE(lab().ask("GET", QStringLiteral("/v2-beta/projects/1a5/nonsense")).status, 404);
    QCOMPARE(lab().ask("DELETE", QStringLiteral("/v2-beta/projects/1a5/hosts/1h1")).status, 405);
}

void LabRancherTest::schemasCarryTheirHeader()
{
    const auto answer = lab().ask("GET", QStringLiteral("/v2-beta/projects/1a5/schemas/schemas"));
    QCOMPARE(answer.status, 200);
    QVERIFY(answer.body[QStringLiteral("data")].toArray().size() >= 6);
}

void LabRancherTest::aStackComesAndGoesInOrder()
{
    Watcher watcher(lab());
    QTRY_VERIFY(watcher.pings() > 0);
    const auto created = lab().ask("POST", QStringLiteral("/v2-beta/projects/1a5/stacks"),
        stackOf("t-order", QStringLiteral("web: {image: IMAGE, command: sleep 600}")));
    QCOMPARE(created.status, 201);
    QCOMPARE(text(created.body, "state"), QStringLiteral("activating"));
    QCOMPARE(text(created.body, "transitioning"), QStringLiteral("yes"));
    QTRY_VERIFY_WITH_TIMEOUT(
        watcher.states(QStringLiteral("t-order")).contains(QStringLiteral("active")), 20'000);
    QTRY_VERIFY(
        watcher.states(QStringLiteral("t-order-web-1")).contains(QStringLiteral("running")));
    const QString path = QStringLiteral("/v2-beta/projects/1a5/stacks/") + text(created.body, "id");
    QCOMPARE(lab()
                 .ask("POST", QStringLiteral("/v2-beta/projects/1a5/stacks"),
                     stackOf("t-order", QString()))
                 .status,
        422);
    QCOMPARE(lab().ask("DELETE", path).status, 200);
    QTRY_VERIFY_WITH_TIMEOUT(
        watcher.states(QStringLiteral("t-order")).contains(QStringLiteral("removed")), 20'000);
    const QStringList expected{ QStringLiteral("activating"), QStringLiteral("active"),
        QStringLiteral("removing"), QStringLiteral("removed") };
    QCOMPARE(watcher.states(QStringLiteral("t-order")), expected);
    QVERIFY(lab().named(QStringLiteral("stacks"), QStringLiteral("t-order")).isEmpty());
    QCOMPARE(text(lab().ask("GET", path).body, "state"), QStringLiteral("removed"));
}

void LabRancherTest::servicesScaleBothWays()
{
    lab().ask("POST", QStringLiteral("/v2-beta/projects/1a5/stacks"),
        stackOf("t-scale", QStringLiteral("web: {image: IMAGE, command: sleep 600}")));
    QCOMPARE(waitForStack("t-scale", "active"), QStringLiteral("active"));
    const QString service = QStringLiteral("/v2-beta/projects/1a5/services/")
        + text(lab().named(QStringLiteral("services"), QStringLiteral("web")), "id");
    const auto running = [&] {
        int count = 0;
        for (const QJsonValue &item : lab().list(QStringLiteral("containers?name_prefix=t-scale-")))
            count += text(item.toObject(), "state") == QStringLiteral("running") ? 1 : 0;
        return count;
    };
    QCOMPARE(lab().ask("PUT", service, { { QStringLiteral("scale"), 3 } }).status, 200);
    QTRY_COMPARE_WITH_TIMEOUT(running(), 3, 20'000);
    lab().ask("PUT", service, { { QStringLiteral("scale"), 1 } });
    QTRY_COMPARE_WITH_TIMEOUT(
        lab().list(QStringLiteral("containers?name_prefix=t-scale-")).size(), 1, 20'000);
    QCOMPARE(running(), 1);
    QCOMPARE(lab().ask("PUT", service, { { QStringLiteral("scale"), -1 } }).status, 422);
    lab().ask("POST", service + QStringLiteral("?action=remove"));
    QTRY_COMPARE_WITH_TIMEOUT(lab().list(QStringLiteral("services?name=web")).size(), 0, 20'000);
}

void LabRancherTest::aKillFromOutsideIsToldWithinTwoSeconds()
{
    lab().ask("POST", QStringLiteral("/v2-beta/projects/1a5/stacks"),
        stackOf("t-kill", QStringLiteral("web: {image: IMAGE, command: sleep 600}")));
    QCOMPARE(waitForStack("t-kill", "active"), QStringLiteral("active"));
    Watcher watcher(lab());
    QTRY_VERIFY(watcher.pings() > 0);
    const QString id = lab().dockerIdOf(QStringLiteral("t-kill-web-1"));
    lab().docker({ QStringLiteral("kill"), id });
    QElapsedTimer clock;
    clock.start();
    const QString name = QStringLiteral("t-kill-web-1");
    QTRY_VERIFY_WITH_TIMEOUT(watcher.states(name).contains(QStringLiteral("stopped")), 2000);
    qInfo("told after %lld ms", static_cast<long long>(clock.elapsed()));
    QTRY_COMPARE_WITH_TIMEOUT(watcher.states(name).last(), QStringLiteral("running"), 10'000);
    QCOMPARE(lab().dockerIdOf(name), id);
    lab().docker({ QStringLiteral("pause"), id });
    QTRY_COMPARE_WITH_TIMEOUT(watcher.states(name).last(), QStringLiteral("paused"), 2000);
    lab().docker({ QStringLiteral("rm"), QStringLiteral("-f"), id });
    QTRY_VERIFY_WITH_TIMEOUT(
        !lab().dockerIdOf(name).isEmpty() && lab().dockerIdOf(name) != id, 10'000);
}

void LabRancherTest::aMissingImageIsSaidInDockersWords()
{
    lab().ask("POST", QStringLiteral("/v2-beta/projects/1a5/stacks"),
        stackOf("t-miss", QStringLiteral("web: {image: 'nobody/nothing:9'}")));
    QCOMPARE(waitForStack("t-miss", "error"), QStringLiteral("error"));
    const QJsonObject stack = lab().named(QStringLiteral("stacks"), QStringLiteral("t-miss"));
    QCOMPARE(text(stack, "transitioning"), QStringLiteral("error"));
    QVERIFY(text(stack, "transitioningMessage")
                .contains(QStringLiteral("No such image: nobody/nothing:9")));
    const QJsonObject container
        = lab().named(QStringLiteral("containers"), QStringLiteral("t-miss-web-1"));
    QCOMPARE(text(container, "state"), QStringLiteral("error"));
    QCOMPARE(text(container, "transitioning"), QStringLiteral("error"));
    lab().ask("DELETE", QStringLiteral("/v2-beta/projects/1a5/stacks/") + text(stack, "id"));
    QTRY_VERIFY_WITH_TIMEOUT(
        lab().named(QStringLiteral("stacks"), QStringLiteral("t-miss")).isEmpty(), 10'000);
}

void LabRancherTest::aContainerThatExitsAtOnceIsStartedAgainWithPauses()
{
    lab().ask("POST", QStringLiteral("/v2-beta/projects/1a5/stacks"),
        stackOf("t-exit", QStringLiteral("web: {image: IMAGE, command: \"sh -c 'exit 3'\"}")));
    const auto starts = [&] {
        return lab()
            .named(QStringLiteral("containers"),
                QStringLiteral("t-exit-web-1"))[QStringLiteral("startCount")]
            .toInt();
    };
    QElapsedTimer clock;
    clock.start();
    QTRY_VERIFY_WITH_TIMEOUT(starts() >= 3, 30'000);
    QVERIFY2(clock.elapsed() >= 2500, "two pauses of 1 s and 2 s lie between three starts");
    QVERIFY(starts() <= 4);
}

void LabRancherTest::aContainerThatRunsOnceIsLeftInPeace()
{
    lab().ask("POST", QStringLiteral("/v2-beta/projects/1a5/stacks"),
        stackOf("t-once",
            QStringLiteral("web: {image: IMAGE, command: 'true', labels: "
                           "{io.rancher.container.start_once: 'true'}}")));
    QCOMPARE(waitForStack("t-once", "active"), QStringLiteral("active"));
    QTRY_COMPARE(
        text(lab().named(QStringLiteral("containers"), QStringLiteral("t-once-web-1")), "state"),
        QStringLiteral("stopped"));
    QCOMPARE(text(lab().named(QStringLiteral("stacks"), QStringLiteral("t-once")), "healthState"),
        QStringLiteral("started-once"));
}

void LabRancherTest::stoppingByActionLasts()
{
    lab().ask("POST", QStringLiteral("/v2-beta/projects/1a5/stacks"),
        stackOf("t-stop", QStringLiteral("web: {image: IMAGE, command: sleep 600}")));
    QCOMPARE(waitForStack("t-stop", "active"), QStringLiteral("active"));
    const QString name = QStringLiteral("t-stop-web-1");
    const auto state
        = [&] { return text(lab().named(QStringLiteral("containers"), name), "state"); };
    const QString path = QStringLiteral("/v2-beta/projects/1a5/containers/")
        + text(lab().named(QStringLiteral("containers"), name), "id");
    QCOMPARE(lab()
                 .ask("POST", path + QStringLiteral("/?action=stop"),
                     { { QStringLiteral("timeout"), 0 } })
                 .status,
        202);
    QTRY_COMPARE_WITH_TIMEOUT(state(), QStringLiteral("stopped"), 10'000);
    QTest::qWait(1500); // longer than the first pause before a restart
    QCOMPARE(state(), QStringLiteral("stopped"));
    QCOMPARE(lab().ask("POST", path + QStringLiteral("/?action=start")).status, 202);
    QTRY_COMPARE_WITH_TIMEOUT(state(), QStringLiteral("running"), 10'000);
    QCOMPARE(lab().ask("POST", path + QStringLiteral("/?action=restart")).status, 202);
    QTRY_COMPARE_WITH_TIMEOUT(
        lab().named(QStringLiteral("containers"), name)[QStringLiteral("startCount")].toInt(), 3,
        20'000);
}

void LabRancherTest::takenPortsAreAnError()
{
    QTcpServer holder;
    QVERIFY(holder.listen(QHostAddress::LocalHost));
    lab().ask("POST", QStringLiteral("/v2-beta/projects/1a5/stacks"),
        stackOf("t-port",
            QStringLiteral("web: {image: IMAGE, command: sleep 600, ports: ['%1:80']}")
                .arg(holder.serverPort())));
    const auto message = [&] {
        return text(lab().named(QStringLiteral("containers"), QStringLiteral("t-port-web-1")),
            "transitioningMessage");
    };
    QTRY_VERIFY_WITH_TIMEOUT(message().contains(QStringLiteral("address already in use"))
            || message().contains(QStringLiteral("port is already allocated")),
        20'000);
    holder.close();
    QCOMPARE(waitForStack("t-port", "active"), QStringLiteral("active"));
}

void LabRancherTest::aStackRemovedWhileItStartsLeavesNothing()
{
    const auto created = lab().ask("POST", QStringLiteral("/v2-beta/projects/1a5/stacks"),
        stackOf("t-early", QStringLiteral("web: {image: IMAGE, command: sleep 600}"),
            "web: {scale: 4}"));
    lab().ask("DELETE", QStringLiteral("/v2-beta/projects/1a5/stacks/") + text(created.body, "id"));
    QTRY_VERIFY_WITH_TIMEOUT(
        lab().named(QStringLiteral("stacks"), QStringLiteral("t-early")).isEmpty(), 30'000);
    QCOMPARE(lab().docker({ QStringLiteral("ps"), QStringLiteral("-aq"), QStringLiteral("--filter"),
                 QStringLiteral("label=io.rancher.stack.name=t-early") }),
        QString());
}

void LabRancherTest::logsComeWithStreamsAndEnd()
{
    lab().ask("POST", QStringLiteral("/v2-beta/projects/1a5/stacks"),
        stackOf("t-logs",
            QStringLiteral("web: {image: IMAGE, command: [sh, -c, \"echo out; echo err >&2; printf "
                           "'bad \\\\377\\\\n'; sleep 600\"]}")));
    QCOMPARE(waitForStack("t-logs", "active"), QStringLiteral("active"));
    const QString path = QStringLiteral("/v2-beta/projects/1a5/containers/")
        + text(lab().named(QStringLiteral("containers"), QStringLiteral("t-logs-web-1")), "id");
    const auto open = [&](bool follow) {
        const auto granted = lab().ask("POST", path + QStringLiteral("?action=logs"),
            { { QStringLiteral("follow"), follow }, { QStringLiteral("lines"), 50 },
                { QStringLiteral("timestamps"), false } });
        const QString url = text(granted.body, "url");
        return lab().socket(
            QUrl(url).path() + QStringLiteral("?token=") + text(granted.body, "token"), false);
    };
    const auto once = open(false);
    QSignalSpy lines(once.get(), &QWebSocket::textMessageReceived);
    QTRY_COMPARE(lines.count(), 3);
    QStringList seen;
    for (const auto &line : lines)
        seen << line.at(0).toString();
    QVERIFY(seen.contains(QStringLiteral("01 out\n")));
    QVERIFY(seen.contains(QStringLiteral("02 err\n")));
    QVERIFY(seen.contains(
        QStringLiteral("01 bad ") + QChar(QChar::ReplacementCharacter) + QLatin1Char('\n')));
    QTRY_COMPARE(once->state(), QAbstractSocket::UnconnectedState);
    QCOMPARE(once->closeCode(), QWebSocketProtocol::CloseCodeNormal);
    const auto following = open(true);
    QTRY_COMPARE(following->state(), QAbstractSocket::ConnectedState);
    lab().docker({ QStringLiteral("kill"), lab().dockerIdOf(QStringLiteral("t-logs-web-1")) });
    QTRY_COMPARE(following->state(), QAbstractSocket::UnconnectedState);
    const auto forged = lab().socket(QStringLiteral("/v1/logs/?token=nonsense"), false);
    QTRY_VERIFY(forged->errorString().contains(QStringLiteral("401")));
}

void LabRancherTest::servicesFindEachOtherByName()
{
    lab().ask("POST", QStringLiteral("/v2-beta/projects/1a5/stacks"),
        stackOf("t-names",
            QStringLiteral("web: {image: IMAGE, command: sleep 600, links: ['db:database']}\ndb: "
                           "{image: IMAGE, command: sleep 600}")));
    QCOMPARE(waitForStack("t-names", "active"), QStringLiteral("active"));
    const QString web = lab().dockerIdOf(QStringLiteral("t-names-web-1"));
    const QString address
        = text(lab().named(QStringLiteral("containers"), QStringLiteral("t-names-db-1")),
            "primaryIpAddress");
    QVERIFY(!address.isEmpty());
    for (const char *name : { "db", "database", "t-names-db-1", "db.t-names" }) {
        const QString found = lab().docker({ QStringLiteral("exec"), web, QStringLiteral("busybox"),
            QStringLiteral("nslookup"), QLatin1String(name) });
        QVERIFY2(found.contains(address), name);
    }
}

void LabRancherTest::anActionThatIsNotOfferedIs422()
{
    const QString service = QStringLiteral("/v2-beta/projects/1a5/services/")
        + text(lab().named(QStringLiteral("services"), QStringLiteral("db")), "id");
    const auto refused = lab().ask("POST", service + QStringLiteral("?action=activate"));
    QCOMPARE(refused.status, 422);
    QCOMPARE(text(refused.body, "code"), QStringLiteral("ActionNotAvailable"));
    QCOMPARE(lab().ask("POST", service + QStringLiteral("?action=deactivate")).status, 202);
    QTRY_COMPARE_WITH_TIMEOUT(
        text(lab().ask("GET", service).body, "state"), QStringLiteral("inactive"), 20'000);
    QCOMPARE(lab().ask("POST", service + QStringLiteral("?action=activate")).status, 202);
    QTRY_COMPARE_WITH_TIMEOUT(
        text(lab().ask("GET", service).body, "state"), QStringLiteral("active"), 20'000);
}

void LabRancherTest::killedLabsFindTheirContainersAgain()
{
    lab().ask("POST", QStringLiteral("/v2-beta/projects/1a5/stacks"),
        stackOf("t-again", QStringLiteral("web: {image: IMAGE, command: sleep 600}"),
            QStringLiteral("web: {scale: 3}")));
    QCOMPARE(waitForStack("t-again", "active"), QStringLiteral("active"));
    const auto containers = [&] {
        QMap<QString, QString> found;
        for (const QJsonValue &item : lab().list(QStringLiteral("containers?name_prefix=t-again-")))
            found[text(item.toObject(), "id")] = text(item.toObject(), "externalId");
        return found;
    };
    const QMap<QString, QString> before = containers();
    QCOMPARE(before.size(), 3);
    const QString url = lab().url();
    // One stack is half made and one half removed when the lab dies.
    const auto half = lab().ask("POST", QStringLiteral("/v2-beta/projects/1a5/stacks"),
        stackOf("t-half", QStringLiteral("web: {image: IMAGE, command: sleep 600}"),
            QStringLiteral("web: {scale: 3}")));
    lab().ask("DELETE",
        QStringLiteral("/v2-beta/projects/1a5/stacks/")
            + text(lab().named(QStringLiteral("stacks"), QStringLiteral("t-once")), "id"));
    lab().killHard();
    lab().docker({ QStringLiteral("kill"), before.first() });
    QElapsedTimer clock;
    clock.start();
    QVERIFY(lab().start());
    qInfo("ready again after %lld ms", static_cast<long long>(clock.elapsed()));
    QCOMPARE(lab().url(), url);
    QCOMPARE(containers(), before);
    const auto allRun = [&] {
        int count = 0;
        for (const QJsonValue &item : lab().list(QStringLiteral("containers?name_prefix=t-again-")))
            count += text(item.toObject(), "state") == QStringLiteral("running") ? 1 : 0;
        return count;
    };
    const auto told = [&] {
        QString lines;
        for (const QJsonValue &item : lab().list(QStringLiteral("containers?name_prefix=t-again-")))
            lines += text(item.toObject(), "name") + QLatin1Char(' ')
                + text(item.toObject(), "state") + QLatin1Char(' ')
                + text(item.toObject(), "transitioningMessage") + QLatin1Char('\n');
        return lines;
    };
    QVERIFY2(QTest::qWaitFor([&] { return allRun() == 3; }, 30'000), qPrintable(told()));
    qInfo("all run again after %lld ms", static_cast<long long>(clock.elapsed()));
    QCOMPARE(containers(), before);
    QCOMPARE(waitForStack("t-half", "active"), QStringLiteral("active"));
    QCOMPARE(text(lab().named(QStringLiteral("stacks"), QStringLiteral("t-half")), "id"),
        text(half.body, "id"));
    QCOMPARE(lab().list(QStringLiteral("containers?name_prefix=t-half-")).size(), 3);
    QTRY_VERIFY_WITH_TIMEOUT(
        lab().named(QStringLiteral("stacks"), QStringLiteral("t-once")).isEmpty(), 20'000);
    QCOMPARE(lab()
                 .docker({ QStringLiteral("ps"), QStringLiteral("-q"), QStringLiteral("--filter"),
                     QStringLiteral("label=io.rancher.stack.name=t-half") })
                 .split(QLatin1Char('\n'))
                 .size(),
        3);
}

void LabRancherTest::aSecondLabOnTheSameFolderSaysSo()
{
    QProcess second;
    second.setProcessChannelMode(QProcess::MergedChannels);
    const QString state = QFileInfo(lab()
                                        .file(QStringLiteral("workspace.yaml"))
                                        .section(QStringLiteral("file:"), 1)
                                        .section(QLatin1Char('"'), 0, 0))
                              .dir()
                              .path();
    second.start(QStringLiteral(FAULTLINE_BIN_DIR "/faultline-lab"),
        { QStringLiteral("serve"), QStringLiteral("--state"), QFileInfo(state).dir().path() });
    QVERIFY(second.waitForFinished(10'000));
    QCOMPARE(second.exitCode(), 19);
    QVERIFY(second.readAll().contains("runs already, as process"));
}

void LabRancherTest::theLabEndsInTimeAndLeavesStacks()
{
    const QString id = lab().dockerIdOf(QStringLiteral("t-again-web-2"));
    Watcher watcher(lab());
    QTRY_VERIFY(watcher.pings() > 0);
    QVERIFY(lab().terminate(5000));
    QCOMPARE(lab().docker({ QStringLiteral("inspect"), QStringLiteral("-f"),
                 QStringLiteral("{{.State.Running}}"), id }),
        QStringLiteral("true"));
}

QTEST_GUILESS_MAIN(LabRancherTest)
#include "tst_lab_rancher.moc"
