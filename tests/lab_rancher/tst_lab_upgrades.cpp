// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/lab_rancher/lab_steps.h"

#include <QTest>

using namespace steps;

const QString quickEnd = QStringLiteral(
    "%1: {image: IMAGE, command: [sh, -c, \"trap exit TERM; while true; do sleep 0.1; done\"]}");
const QString nextCommand = QStringLiteral("trap exit TERM; while true; do sleep 0.2; done");

/// Upgrades of services and stacks, on a real engine.
class LabUpgradesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void anUpgradeKeepsTheOldOnesUntilItIsFinished();
    void anUpgradeIsRolledBack();
    void startFirstStartsBeforeItStops();
    void anUpgradeToAMissingImageSaysSoAndRollsBack();
    void anUpgradeIsCanceledAndContinued();
    void badUpgradesAreRefused();
    void aStackIsUpgradedFromComposeFiles();
    void aStackUpgradeWithABadFileKeepsItsWords();

private:
    LabProcess &lab() { return *m_lab; }
    QJsonObject service(const char *name)
    {
        return lab().named(QStringLiteral("services"), QLatin1String(name));
    }
    int run(const QJsonObject &target, const char *action, const QJsonObject &body = {})
    {
        return lab()
            .ask("POST",
                path("services", target) + QStringLiteral("?action=") + QLatin1String(action), body)
            .status;
    }
    QJsonObject upgradeTo(
        const QJsonObject &target, const QString &command, bool startFirst = false);
    QStringList containersOf(const char *prefix, const char *field);

    std::unique_ptr<LabProcess> m_lab;
};

void LabUpgradesTest::initTestCase()
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

void LabUpgradesTest::cleanupTestCase()
{
    if (!m_lab)
        return;
    lab().killHard();
    QVERIFY(lab().removeAll());
    m_lab.reset();
}

QJsonObject LabUpgradesTest::upgradeTo(
    const QJsonObject &target, const QString &command, bool startFirst)
{
    QJsonObject config = target[QStringLiteral("launchConfig")].toObject();
    config[QStringLiteral("command")]
        = QJsonArray{ QStringLiteral("sh"), QStringLiteral("-c"), command };
    return { { QStringLiteral("inServiceStrategy"),
        QJsonObject{ { QStringLiteral("launchConfig"), config }, { QStringLiteral("batchSize"), 1 },
            { QStringLiteral("intervalMillis"), 100 },
            { QStringLiteral("startFirst"), startFirst } } } };
}

QStringList LabUpgradesTest::containersOf(const char *prefix, const char *field)
{
    QStringList values;
    for (const QJsonValue &item :
        lab().list(QStringLiteral("containers?name_prefix=") + QLatin1String(prefix)))
        values << text(item.toObject(), field);
    values.sort();
    return values;
}

void LabUpgradesTest::anUpgradeKeepsTheOldOnesUntilItIsFinished()
{
    QCOMPARE(create(lab(), "u-plain", quickEnd.arg(QStringLiteral("plain")),
                 QStringLiteral("plain: {scale: 2}")),
        QStringLiteral("active"));
    const QStringList before = containersOf("u-plain-", "id");
    Watcher watcher(lab());
    QTRY_VERIFY(watcher.pings() > 0);
    QCOMPARE(run(service("plain"), "upgrade", upgradeTo(service("plain"), nextCommand)), 202);
    QCOMPARE(waitFor(lab(), QStringLiteral("services"), QStringLiteral("plain"), "upgraded"),
        QStringLiteral("upgraded"));
    QCOMPARE(containersOf("u-plain-", "id").size(), 4);
    for (const QString &id : before)
        QCOMPARE(
            text(lab().ask("GET", QStringLiteral("/v2-beta/projects/1a5/containers/") + id).body,
                "state"),
            QStringLiteral("stopped"));
    QCOMPARE(containersOf("u-plain-", "state").count(QStringLiteral("running")), 2);
    QCOMPARE(service("plain")[QStringLiteral("currentScale")].toInt(), 2);
    QVERIFY(service("plain")[QStringLiteral("actions")].toObject().contains(
        QStringLiteral("rollback")));
    QCOMPARE(run(service("plain"), "upgrade"), 422);
    QTRY_VERIFY(watcher.states(QStringLiteral("plain")).contains(QStringLiteral("upgraded")));
    QCOMPARE(run(service("plain"), "finishupgrade"), 202);
    QCOMPARE(waitFor(lab(), QStringLiteral("services"), QStringLiteral("plain"), "active"),
        QStringLiteral("active"));
    QCOMPARE(containersOf("u-plain-", "id").size(), 2);
    for (const QString &id : before)
        QVERIFY(!containersOf("u-plain-", "id").contains(id));
    QVERIFY(watcher.states(QStringLiteral("plain")).contains(QStringLiteral("upgrading")));
    remove(lab(), "u-plain");
}

void LabUpgradesTest::anUpgradeIsRolledBack()
{
    QCOMPARE(create(lab(), "u-back", quickEnd.arg(QStringLiteral("back")),
                 QStringLiteral("back: {scale: 2}")),
        QStringLiteral("active"));
    const QStringList before = containersOf("u-back-", "id");
    const QJsonObject config = service("back")[QStringLiteral("launchConfig")].toObject();
    QCOMPARE(run(service("back"), "upgrade", upgradeTo(service("back"), nextCommand)), 202);
    QCOMPARE(waitFor(lab(), QStringLiteral("services"), QStringLiteral("back"), "upgraded"),
        QStringLiteral("upgraded"));
    QCOMPARE(run(service("back"), "rollback"), 202);
    QCOMPARE(waitFor(lab(), QStringLiteral("services"), QStringLiteral("back"), "active"),
        QStringLiteral("active"));
    QCOMPARE(containersOf("u-back-", "id"), before);
    QCOMPARE(containersOf("u-back-", "state"), QStringList(2, QStringLiteral("running")));
    QCOMPARE(service("back")[QStringLiteral("launchConfig")].toObject(), config);
    remove(lab(), "u-back");
}

void LabUpgradesTest::startFirstStartsBeforeItStops()
{
    QCOMPARE(
        create(lab(), "u-first", quickEnd.arg(QStringLiteral("first"))), QStringLiteral("active"));
    const QString before = containersOf("u-first-", "id").value(0);
    const QString oldDockerId = lab().dockerIdOf(QStringLiteral("u-first-first-1"));
    QCOMPARE(run(service("first"), "upgrade", upgradeTo(service("first"), nextCommand, true)), 202);
    QCOMPARE(waitFor(lab(), QStringLiteral("services"), QStringLiteral("first"), "upgraded"),
        QStringLiteral("upgraded"));
    const QStringList dockerIds = containersOf("u-first-", "externalId");
    QCOMPARE(dockerIds.size(), 2);
    const QString freshId = dockerIds.value(dockerIds.value(0) == oldDockerId ? 1 : 0);
    const QString started = lab().docker({ QStringLiteral("inspect"), QStringLiteral("-f"),
        QStringLiteral("{{.State.StartedAt}}"), freshId });
    const QString ended = lab().docker({ QStringLiteral("inspect"), QStringLiteral("-f"),
        QStringLiteral("{{.State.FinishedAt}}"), oldDockerId });
    QVERIFY2(started < ended, qPrintable(started + QStringLiteral(" / ") + ended));
    QCOMPARE(
        text(lab().ask("GET", QStringLiteral("/v2-beta/projects/1a5/containers/") + before).body,
            "state"),
        QStringLiteral("stopped"));
    remove(lab(), "u-first"); // also with an upgrade that nobody finished
}

void LabUpgradesTest::anUpgradeToAMissingImageSaysSoAndRollsBack()
{
    QCOMPARE(
        create(lab(), "u-miss", quickEnd.arg(QStringLiteral("miss"))), QStringLiteral("active"));
    const QStringList before = containersOf("u-miss-", "id");
    QJsonObject config = service("miss")[QStringLiteral("launchConfig")].toObject();
    config[QStringLiteral("imageUuid")] = QStringLiteral("docker:nobody/nothing:9");
    const QJsonObject body{ { QStringLiteral("inServiceStrategy"),
        QJsonObject{ { QStringLiteral("launchConfig"), config } } } };
    QCOMPARE(run(service("miss"), "upgrade", body), 202);
    QTRY_VERIFY_WITH_TIMEOUT(
        text(service("miss"), "transitioningMessage").contains(QStringLiteral("nobody/nothing:9")),
        30'000);
    QCOMPARE(text(service("miss"), "state"), QStringLiteral("upgrading"));
    QCOMPARE(text(service("miss"), "transitioning"), QStringLiteral("error"));
    QCOMPARE(run(service("miss"), "rollback"), 202);
    QCOMPARE(waitFor(lab(), QStringLiteral("services"), QStringLiteral("miss"), "active"),
        QStringLiteral("active"));
    QCOMPARE(containersOf("u-miss-", "id"), before);
    QCOMPARE(text(service("miss"), "transitioning"), QStringLiteral("no"));
    remove(lab(), "u-miss");
}

void LabUpgradesTest::anUpgradeIsCanceledAndContinued()
{
    QCOMPARE(create(lab(), "u-cancel", quickEnd.arg(QStringLiteral("cancel")),
                 QStringLiteral("cancel: {scale: 3}")),
        QStringLiteral("active"));
    QJsonObject body = upgradeTo(service("cancel"), nextCommand);
    QJsonObject strategy = body[QStringLiteral("inServiceStrategy")].toObject();
    strategy[QStringLiteral("intervalMillis")] = 600'000;
    body[QStringLiteral("inServiceStrategy")] = strategy;
    QCOMPARE(run(service("cancel"), "upgrade", body), 202);
    QTRY_COMPARE_WITH_TIMEOUT(containersOf("u-cancel-", "id").size(), 4, 30'000);
    QCOMPARE(run(service("cancel"), "cancelupgrade"), 202);
    QCOMPARE(text(service("cancel"), "state"), QStringLiteral("canceled-upgrade"));
    QCOMPARE(run(service("cancel"), "continueupgrade"), 202);
    QCOMPARE(text(service("cancel"), "state"), QStringLiteral("upgrading"));
    QCOMPARE(run(service("cancel"), "rollback"), 202);
    QCOMPARE(waitFor(lab(), QStringLiteral("services"), QStringLiteral("cancel"), "active"),
        QStringLiteral("active"));
    QCOMPARE(containersOf("u-cancel-", "id").size(), 3);
    remove(lab(), "u-cancel");
}

void LabUpgradesTest::badUpgradesAreRefused()
{
    QCOMPARE(create(lab(), "u-bad", quickEnd.arg(QStringLiteral("bad"))), QStringLiteral("active"));
    const QJsonObject target = service("bad");
    QCOMPARE(run(target, "upgrade"), 422);
    QCOMPARE(run(target, "upgrade",
                 { { QStringLiteral("toServiceStrategy"),
                     QJsonObject{ { QStringLiteral("finalScale"), 1 } } } }),
        422);
    QCOMPARE(run(target, "upgrade",
                 { { QStringLiteral("inServiceStrategy"),
                     QJsonObject{ { QStringLiteral("batchSize"), 1 } } } }),
        422);
    QJsonObject body = upgradeTo(target, nextCommand);
    QJsonObject strategy = body[QStringLiteral("inServiceStrategy")].toObject();
    strategy[QStringLiteral("intervalMillis")] = 99;
    QCOMPARE(run(target, "upgrade", { { QStringLiteral("inServiceStrategy"), strategy } }), 422);
    QCOMPARE(run(target, "finishupgrade"), 422);
    QCOMPARE(text(service("bad"), "state"), QStringLiteral("active"));
    remove(lab(), "u-bad");
}

void LabUpgradesTest::aStackIsUpgradedFromComposeFiles()
{
    QCOMPARE(create(lab(), "s-up", quickEnd.arg(QStringLiteral("one")),
                 QStringLiteral(
                     "one: {scale: 2, upgrade_strategy: {batch_size: 2, interval_millis: 100}}")),
        QStringLiteral("active"));
    const QJsonObject stack = lab().named(QStringLiteral("stacks"), QStringLiteral("s-up"));
    const QString both
        = quickEnd.arg(QStringLiteral("one")).replace(QStringLiteral("0.1"), QStringLiteral("0.3"))
        + u'\n' + quickEnd.arg(QStringLiteral("two"));
    const QJsonObject body = stackOf("s-up", both,
        QStringLiteral("one: {scale: 7, upgrade_strategy: {batch_size: 2, interval_millis: 100}}"));
    const QString actions = path("stacks", stack) + QStringLiteral("?action=");
    QCOMPARE(lab().ask("POST", actions + QStringLiteral("finishupgrade")).status, 422);
    QCOMPARE(lab().ask("POST", actions + QStringLiteral("upgrade"), body).status, 202);
    QCOMPARE(waitFor(lab(), QStringLiteral("stacks"), QStringLiteral("s-up"), "upgraded"),
        QStringLiteral("upgraded"));
    QCOMPARE(service("one")[QStringLiteral("scale")].toInt(), 2);
    QCOMPARE(text(service("two"), "state"), QStringLiteral("active"));
    QCOMPARE(lab().ask("POST", actions + QStringLiteral("finishupgrade")).status, 202);
    QCOMPARE(waitFor(lab(), QStringLiteral("stacks"), QStringLiteral("s-up"), "active"),
        QStringLiteral("active"));
    QCOMPARE(lab()
                 .ask("POST", actions + QStringLiteral("upgrade"),
                     stackOf("s-up", quickEnd.arg(QStringLiteral("one"))))
                 .status,
        202);
    QCOMPARE(waitFor(lab(), QStringLiteral("stacks"), QStringLiteral("s-up"), "upgraded"),
        QStringLiteral("upgraded"));
    QCOMPARE(lab().ask("POST", actions + QStringLiteral("rollback")).status, 202);
    QCOMPARE(waitFor(lab(), QStringLiteral("stacks"), QStringLiteral("s-up"), "active"),
        QStringLiteral("active"));
    remove(lab(), "s-up");
}

void LabUpgradesTest::aStackUpgradeWithABadFileKeepsItsWords()
{
    QCOMPARE(
        create(lab(), "s-bad", quickEnd.arg(QStringLiteral("worse"))), QStringLiteral("active"));
    const QJsonObject stack = lab().named(QStringLiteral("stacks"), QStringLiteral("s-bad"));
    const QString actions = path("stacks", stack) + QStringLiteral("?action=");
    QCOMPARE(lab()
                 .ask("POST", actions + QStringLiteral("upgrade"),
                     stackOf("s-bad", QStringLiteral("worse: {build: .}")))
                 .status,
        202);
    const QJsonObject now = lab().named(QStringLiteral("stacks"), QStringLiteral("s-bad"));
    QCOMPARE(text(now, "state"), QStringLiteral("upgrading"));
    QCOMPARE(text(now, "transitioning"), QStringLiteral("yes"));
    QVERIFY(text(now, "transitioningMessage").contains(QStringLiteral("services.worse.build")));
    QCOMPARE(lab().ask("POST", actions + QStringLiteral("rollback")).status, 202);
    QCOMPARE(waitFor(lab(), QStringLiteral("stacks"), QStringLiteral("s-bad"), "active"),
        QStringLiteral("active"));
    remove(lab(), "s-bad");
}

QTEST_GUILESS_MAIN(LabUpgradesTest)
#include "tst_lab_upgrades.moc"
