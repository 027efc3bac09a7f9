// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/zip_reader.h"
#include "tests/lab_rancher/lab_steps.h"

#include <QTest>

using namespace steps;

const QString quickEnd = QStringLiteral(
    "%1: {image: IMAGE, command: [sh, -c, \"trap exit TERM; while true; do sleep 0.1; done\"]}");
/// Health checks, sidekicks, order and placement, on a real engine.
class LabServicesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void aHealthCheckThatFailsRecreatesTheContainer();
    void aHealthCheckWithoutStrategyOnlyTells();
    void anHttpCheckWantsAGoodStatus();
    void belowItsQuorumAServiceIsLeftAsItIs();
    void sidekicksShareANetwork();
    void sidekicksShareVolumes();
    void linkedServicesStartInOrder();
    void linksOfAServiceAreAddedReplacedAndRemoved();
    void aGlobalServiceFollowsTheHostsLabels();
    void affinityThatCannotBeMetIsAnError();
    void theExportedComposeGivesTheSameStack();
    void theComposeFilesComeAsAnArchive();

private:
    LabProcess &lab() { return *m_lab; }
    QJsonObject service(const char *name)
    {
        return lab().named(QStringLiteral("services"), QLatin1String(name));
    }
    QStringList containersOf(const char *prefix, const char *field);

    std::unique_ptr<LabProcess> m_lab;
};

void LabServicesTest::initTestCase()
{
    const QString host
        = qEnvironmentVariable("FAULTLINE_DOCKER_HOST", qEnvironmentVariable("DOCKER_HOST"));
    if (host.isEmpty())
        QSKIP("needs a Docker Engine: set FAULTLINE_DOCKER_HOST");
    m_lab = std::make_unique<LabProcess>(host);
    QVERIFY(lab().start());
    QTRY_COMPARE_WITH_TIMEOUT(text(lab().list(QStringLiteral("hosts")).at(0).toObject(), "state"),
        QStringLiteral("active"), 30'000);
}

void LabServicesTest::cleanupTestCase()
{
    if (!m_lab)
        return;
    lab().killHard();
    QVERIFY(lab().removeAll());
    m_lab.reset();
}

QStringList LabServicesTest::containersOf(const char *prefix, const char *field)
{
    QStringList values;
    for (const QJsonValue &item :
        lab().list(QStringLiteral("containers?name_prefix=") + QLatin1String(prefix)))
        values << text(item.toObject(), field);
    values.sort();
    return values;
}

void LabServicesTest::aHealthCheckThatFailsRecreatesTheContainer()
{
    Watcher watcher(lab());
    QTRY_VERIFY(watcher.pings() > 0);
    QCOMPARE(
        create(lab(), "h-tcp",
            QStringLiteral("tcp: {image: IMAGE, command: [sh, -c, \"trap exit TERM; busybox httpd "
                           "-f -p 7000 & "
                           "echo $$! > /pid; sleep 1000 & wait\"]}"),
            QStringLiteral(
                "tcp: {health_check: {port: 7000, interval: 600, response_timeout: 500, "
                "healthy_threshold: 4, unhealthy_threshold: 2, initializing_timeout: 20000}}")),
        QStringLiteral("active"));
    QTRY_COMPARE_WITH_TIMEOUT(
        text(lab().named(QStringLiteral("containers"), QStringLiteral("h-tcp-tcp-1")),
            "healthState"),
        QStringLiteral("healthy"), 30'000);
    QTRY_COMPARE(
        text(lab().named(QStringLiteral("stacks"), QStringLiteral("h-tcp")), "healthState"),
        QStringLiteral("healthy"));
    QVERIFY(watcher.health(QStringLiteral("h-tcp-tcp-1")).contains(QStringLiteral("initializing")));
    const QString before
        = text(lab().named(QStringLiteral("containers"), QStringLiteral("h-tcp-tcp-1")), "id");
    lab().docker({ QStringLiteral("exec"), lab().dockerIdOf(QStringLiteral("h-tcp-tcp-1")),
        QStringLiteral("sh"), QStringLiteral("-c"), QStringLiteral("kill $(cat /pid)") });
    QTRY_VERIFY_WITH_TIMEOUT(
        text(lab().ask("GET", QStringLiteral("/v2-beta/projects/1a5/containers/") + before).body,
            "state")
            == QStringLiteral("removed"),
        30'000);
    QTRY_COMPARE_WITH_TIMEOUT(
        text(lab().named(QStringLiteral("containers"), QStringLiteral("h-tcp-tcp-1")),
            "healthState"),
        QStringLiteral("healthy"), 30'000);
    remove(lab(), "h-tcp");
}

void LabServicesTest::aHealthCheckWithoutStrategyOnlyTells()
{
    QCOMPARE(
        create(lab(), "h-none",
            QStringLiteral(
                "none: {image: IMAGE, command: [sh, -c, \"trap exit TERM; sleep 1000 & wait\"]}"),
            QStringLiteral("none: {health_check: {port: 7000, interval: 200, response_timeout: "
                           "500, initializing_timeout: 600, strategy: none}}")),
        QStringLiteral("active"));
    const QString id = lab().dockerIdOf(QStringLiteral("h-none-none-1"));
    QTRY_COMPARE_WITH_TIMEOUT(
        text(lab().named(QStringLiteral("containers"), QStringLiteral("h-none-none-1")),
            "healthState"),
        QStringLiteral("unhealthy"), 30'000);
    QCOMPARE(text(service("none"), "healthState"), QStringLiteral("unhealthy"));
    QCOMPARE(lab().dockerIdOf(QStringLiteral("h-none-none-1")), id);
    remove(lab(), "h-none");
}

void LabServicesTest::anHttpCheckWantsAGoodStatus()
{
    QCOMPARE(
        create(lab(), "h-http",
            QStringLiteral("http: {image: IMAGE, command: [sh, -c, \"mkdir /w; echo ok > /w/good; "
                           "exec busybox httpd -f -p 8000 -h /w\"]}"),
            QStringLiteral("http: {health_check: {port: 8000, interval: 200, initializing_timeout: "
                           "20000, strategy: none, request_line: 'GET \"/good\" \"HTTP/1.0\"'}}")),
        QStringLiteral("active"));
    const auto health = [&] {
        return text(lab().named(QStringLiteral("containers"), QStringLiteral("h-http-http-1")),
            "healthState");
    };
    QTRY_COMPARE_WITH_TIMEOUT(health(), QStringLiteral("healthy"), 30'000);
    lab().docker({ QStringLiteral("exec"), lab().dockerIdOf(QStringLiteral("h-http-http-1")),
        QStringLiteral("busybox"), QStringLiteral("rm"), QStringLiteral("/w/good") });
    QTRY_COMPARE_WITH_TIMEOUT(health(), QStringLiteral("unhealthy"), 30'000);
    remove(lab(), "h-http");
}

void LabServicesTest::belowItsQuorumAServiceIsLeftAsItIs()
{
    QCOMPARE(
        create(lab(), "h-quorum",
            QStringLiteral("q: {image: IMAGE, command: [sh, -c, \"trap exit TERM; touch /up; while "
                           "true; do if test -e /up; then busybox httpd -f -p 7000 & echo $$! > "
                           "/pid; wait $$!; fi; sleep 0.2; done\"]}"),
            QStringLiteral(
                "q: {scale: 2, health_check: {port: 7000, interval: 500, response_timeout: 500, "
                "healthy_threshold: 2, unhealthy_threshold: 2, strategy: recreateOnQuorum, "
                "recreate_on_quorum_strategy_config: {quorum: 2}}}")),
        QStringLiteral("active"));
    const auto healthy = [&] {
        return containersOf("h-quorum-q-", "healthState").count(QStringLiteral("healthy"));
    };
    QTRY_COMPARE_WITH_TIMEOUT(healthy(), 2, 60'000);
    const QStringList before = containersOf("h-quorum-q-", "id");
    lab().docker({ QStringLiteral("exec"), lab().dockerIdOf(QStringLiteral("h-quorum-q-1")),
        QStringLiteral("sh"), QStringLiteral("-c"),
        QStringLiteral("rm -f /up; kill $(cat /pid)") });
    // One is left, below the quorum, so nothing may be thrown away.
    QTRY_COMPARE_WITH_TIMEOUT(healthy(), 1, 30'000);
    QTest::qWait(1'500); // nothing happens, which can't be waited for
    QCOMPARE(containersOf("h-quorum-q-", "id"), before);
    // A third one makes the quorum: now the broken one is replaced.
    QCOMPARE(
        lab().ask("PUT", path("services", service("q")), { { QStringLiteral("scale"), 3 } }).status,
        200);
    QTRY_COMPARE_WITH_TIMEOUT(healthy(), 3, 60'000);
    QStringList kept = containersOf("h-quorum-q-", "id");
    QCOMPARE(kept.size(), 3);
    kept.removeIf([&](const QString &id) { return !before.contains(id); });
    QCOMPARE(kept.size(), 1);
    remove(lab(), "h-quorum");
}

void LabServicesTest::sidekicksShareVolumes()
{
    QCOMPARE(
        create(lab(), "k-disk",
            QStringLiteral(
                "main: {labels: {io.rancher.sidekicks: disk}, image: IMAGE, volumes_from: [disk],\n"
                "  command: [sh, -c, \"trap exit TERM; while true; do sleep 0.1; done\"]}\n"
                "disk: {image: IMAGE, volumes: [/shared],\n"
                "  command: [sh, -c, \"echo from the sidekick > /shared/note\"],\n"
                "  labels: {io.rancher.container.start_once: 'true'}}\n")),
        QStringLiteral("active"));
    const QString main = lab().dockerIdOf(QStringLiteral("k-disk-main-1"));
    QTRY_COMPARE_WITH_TIMEOUT(lab().docker({ QStringLiteral("exec"), main, QStringLiteral("cat"),
                                  QStringLiteral("/shared/note") }),
        QStringLiteral("from the sidekick"), 30'000);
    remove(lab(), "k-disk");
}

void LabServicesTest::sidekicksShareANetwork()
{
    QCOMPARE(create(lab(), "k-pair",
                 quickEnd.arg(QStringLiteral("main"))
                         .replace(QStringLiteral("{image"),
                             QStringLiteral("{labels: {io.rancher.sidekicks: helper}, image"))
                     + u'\n'
                     + quickEnd.arg(QStringLiteral("helper"))
                           .replace(QStringLiteral("{image"),
                               QStringLiteral("{network_mode: 'container:main', image")),
                 QStringLiteral("main: {scale: 2}")),
        QStringLiteral("active"));
    QVERIFY(service("helper").isEmpty());
    QCOMPARE(containersOf("k-pair-main-", "state"), QStringList(4, QStringLiteral("running")));
    const QString mode = lab().docker({ QStringLiteral("inspect"), QStringLiteral("-f"),
        QStringLiteral("{{.HostConfig.NetworkMode}}"),
        lab().dockerIdOf(QStringLiteral("k-pair-main-helper-1")) });
    QCOMPARE(
        mode, QStringLiteral("container:") + lab().dockerIdOf(QStringLiteral("k-pair-main-1")));
    const auto unit = [&](const char *name) {
        return text(
            lab().named(QStringLiteral("containers"), QLatin1String(name)), "deploymentUnitUuid");
    };
    QCOMPARE(unit("k-pair-main-helper-1"), unit("k-pair-main-1"));
    QVERIFY(unit("k-pair-main-2") != unit("k-pair-main-1"));
    remove(lab(), "k-pair");
}

void LabServicesTest::linkedServicesStartInOrder()
{
    QCOMPARE(create(lab(), "o-order",
                 quickEnd.arg(QStringLiteral("front"))
                         .replace(QStringLiteral("{image"), QStringLiteral("{links: [back], image"))
                     + u'\n'
                     + quickEnd.arg(QStringLiteral("back"))
                           .replace(QStringLiteral("{image"),
                               QStringLiteral("{depends_on: [base], image"))
                     + u'\n' + quickEnd.arg(QStringLiteral("base"))),
        QStringLiteral("active"));
    const auto started = [&](const char *name) {
        return lab().docker({ QStringLiteral("inspect"), QStringLiteral("-f"),
            QStringLiteral("{{.State.StartedAt}}"), lab().dockerIdOf(QLatin1String(name)) });
    };
    QVERIFY(started("o-order-base-1") < started("o-order-back-1"));
    QVERIFY(started("o-order-back-1") < started("o-order-front-1"));
    remove(lab(), "o-order");
    // A circle waits for nobody.
    QCOMPARE(
        create(lab(), "o-circle",
            quickEnd.arg(QStringLiteral("left"))
                    .replace(QStringLiteral("{image"), QStringLiteral("{links: [right], image"))
                + u'\n'
                + quickEnd.arg(QStringLiteral("right"))
                      .replace(QStringLiteral("{image"), QStringLiteral("{links: [left], image"))),
        QStringLiteral("active"));
    remove(lab(), "o-circle");
}

void LabServicesTest::linksOfAServiceAreAddedReplacedAndRemoved()
{
    QCOMPARE(
        create(lab(), "o-links",
            quickEnd.arg(QStringLiteral("front")) + u'\n' + quickEnd.arg(QStringLiteral("left"))
                + u'\n' + quickEnd.arg(QStringLiteral("right"))),
        QStringLiteral("active"));
    const auto linkTo = [&](const char *name, const char *alias) {
        return QJsonObject{ { QStringLiteral("serviceId"), text(service(name), "id") },
            { QStringLiteral("name"), QLatin1String(alias) } };
    };
    const auto act = [&](const char *action, const char *key, const QJsonValue &links) {
        return lab()
            .ask("POST",
                path("services", service("front")) + QStringLiteral("?action=")
                    + QLatin1String(action),
                { { QLatin1String(key), links } })
            .status;
    };
    const auto links
        = [&] { return service("front")[QStringLiteral("linkedServices")].toObject(); };
    QCOMPARE(act("addservicelink", "serviceLink", linkTo("left", "l")), 200);
    QCOMPARE(act("addservicelink", "serviceLink", linkTo("right", "")), 200);
    QCOMPARE(text(links(), "l"), text(service("left"), "id"));
    QCOMPARE(text(links(), "right"), text(service("right"), "id")); // named as the service
    QCOMPARE(act("removeservicelink", "serviceLink", linkTo("left", "l")), 200);
    QCOMPARE(links().keys(), QStringList{ QStringLiteral("right") });
    QCOMPARE(act("setservicelinks", "serviceLinks", QJsonArray{ linkTo("left", "other") }), 200);
    QCOMPARE(links().keys(), QStringList{ QStringLiteral("other") });
    QCOMPARE(act("addservicelink", "serviceLink",
                 QJsonObject{ { QStringLiteral("serviceId"), QStringLiteral("1s99999") } }),
        422);
    remove(lab(), "o-links");
}

void LabServicesTest::aGlobalServiceFollowsTheHostsLabels()
{
    const QString host = QStringLiteral("/v2-beta/projects/1a5/hosts/1h1");
    QCOMPARE(create(lab(), "g-all",
                 quickEnd.arg(QStringLiteral("everywhere"))
                     .replace(QStringLiteral("{image"),
                         QStringLiteral(
                             "{labels: {io.rancher.scheduler.global: 'true', "
                             "'io.rancher.scheduler.affinity:host_label': 'disk=fast'}, image"))),
        QStringLiteral("active"));
    QCOMPARE(containersOf("g-all-", "id").size(), 0);
    QCOMPARE(lab()
                 .ask("PUT", host,
                     { { QStringLiteral("labels"),
                         QJsonObject{ { QStringLiteral("disk"), QStringLiteral("fast") } } } })
                 .status,
        200);
    QTRY_COMPARE_WITH_TIMEOUT(
        containersOf("g-all-", "state"), QStringList{ QStringLiteral("running") }, 30'000);
    lab().ask("PUT", host, { { QStringLiteral("labels"), QJsonObject{} } });
    QTRY_COMPARE_WITH_TIMEOUT(containersOf("g-all-", "id").size(), 0, 30'000);
    remove(lab(), "g-all");
}

void LabServicesTest::affinityThatCannotBeMetIsAnError()
{
    QCOMPARE(
        create(lab(), "a-never",
            quickEnd.arg(QStringLiteral("never"))
                .replace(QStringLiteral("{image"),
                    QStringLiteral(
                        "{labels: {'io.rancher.scheduler.affinity:container_label_ne': "
                        "'io.rancher.stack_service.name=$${stack_name}/$${service_name}'}, image")),
            QStringLiteral("never: {scale: 2}"), "error"),
        QStringLiteral("error"));
    QVERIFY(text(
        lab().named(QStringLiteral("stacks"), QStringLiteral("a-never")), "transitioningMessage")
                .contains(QStringLiteral("Allocation failed")));
    QTRY_COMPARE_WITH_TIMEOUT(
        containersOf("a-never-", "state").count(QStringLiteral("running")), 1, 30'000);
    remove(lab(), "a-never");
}

void LabServicesTest::theExportedComposeGivesTheSameStack()
{
    QCOMPARE(create(lab(), "x-one",
                 QStringLiteral("version: '2'\nservices:\n  web:\n    image: IMAGE\n    command: "
                                "[sh, -c, 'trap exit TERM; A=$${HOME:-none}; sleep 1000 & wait']\n "
                                "   environment: {KEY: 'va: lue'}\n    cap_add: [NET_ADMIN]\n"),
                 QStringLiteral("web: {scale: 2, metadata: {a: b}}")),
        QStringLiteral("active"));
    const QJsonObject stack = lab().named(QStringLiteral("stacks"), QStringLiteral("x-one"));
    const QJsonObject files
        = lab().ask("POST", path("stacks", stack) + QStringLiteral("?action=exportconfig")).body;
    const QString docker = text(files, "dockerComposeConfig");
    QVERIFY2(docker.startsWith(QStringLiteral("version: '2'\r\n")), qPrintable(docker));
    QVERIFY(docker.contains(QStringLiteral("$${HOME:-none}")));
    QJsonObject config = service("web")[QStringLiteral("launchConfig")].toObject();
    remove(lab(), "x-one");
    QCOMPARE(create(lab(), "x-two", docker, text(files, "rancherComposeConfig")),
        QStringLiteral("active"));
    QCOMPARE(service("web")[QStringLiteral("launchConfig")].toObject(), config);
    QCOMPARE(service("web")[QStringLiteral("scale")].toInt(), 2);
    remove(lab(), "x-two");
}

void LabServicesTest::theComposeFilesComeAsAnArchive()
{
    QCOMPARE(
        create(lab(), "x-zip", quickEnd.arg(QStringLiteral("packed"))), QStringLiteral("active"));
    const QJsonObject stack = lab().named(QStringLiteral("stacks"), QStringLiteral("x-zip"));
    const QString link
        = stack[QStringLiteral("links")].toObject()[QStringLiteral("composeConfig")].toString();
    QVERIFY(link.endsWith(QStringLiteral("/composeconfig")));
    const auto headers = lab().headers(QUrl(link).path());
    QCOMPARE(headers.value("content-type"), QByteArray("application/zip"));
    QCOMPARE(headers.value("content-encoding"), QByteArray("zip"));
    QCOMPARE(headers.value("content-disposition"), QByteArray("attachment; filename=compose.zip"));
    QCOMPARE(headers.value("pragma"), QByteArray("private"));
    QTemporaryDir folder;
    QFile archive(folder.filePath(QStringLiteral("compose.zip")));
    QVERIFY(archive.open(QIODevice::WriteOnly));
    archive.write(lab().download(QUrl(link).path()));
    archive.close();
    const auto unpacked = [&](const char *name) {
        return QString::fromStdString(
            faultline::lab::fileOfZip(archive.fileName().toStdString(), name).value_or("(none)"));
    };
    const QJsonObject files
        = lab().ask("POST", path("stacks", stack) + QStringLiteral("?action=exportconfig")).body;
    QCOMPARE(unpacked("docker-compose.yml"), text(files, "dockerComposeConfig"));
    QCOMPARE(unpacked("rancher-compose.yml"), text(files, "rancherComposeConfig"));
    remove(lab(), "x-zip");
}

QTEST_GUILESS_MAIN(LabServicesTest)
#include "tst_lab_services.moc"
