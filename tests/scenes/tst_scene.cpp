// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/scenes/reaping.h"

#include <QTest>

using namespace faultline;
using namespace faultline::scenes;
using domain::RunnerState;
using namespace std::chrono_literals;

class tst_scene : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aSceneIsReadBackFromItsNotes();
    void aStackWithoutNotesIsNoScene();
    void ofSeveralNotesTheNewestCounts();
    void scenesThatExpireFirstComeFirst();
    void extendingStopsAtItsBound();
    void extendingAnExpiredSceneCountsFromNow();
    void anotherTeamsPersonIsNotTheOldOne();
    void theQuotaCountsLivingScenesOfTheTeam();
    void anExpiredSceneIsReaped();
    void aSceneThatLivesIsNeverReaped();
    void theStackOfADeadRunnerIsReaped();
    void theStackOfALivingRunnerIsNeverReaped();
    void aRunnerElsewhereIsJudgedByItsJobAndItsTime();
    void theStackOfADeadRunnerIsKeptWhereItsCaseSaysSo();
    void aStackThatNoRunMadeIsNeverReaped();
};

namespace {

const QDateTime noon(QDate(2026, 1, 31), QTime(12, 0), Qt::UTC);

Scene someScene()
{
    Scene out;
    out.stackId = domain::StackId(QStringLiteral("1st1"));
    out.stack = QStringLiteral("kv-1");
    out.run = QStringLiteral("0123456789abcdef");
    out.caseName = QStringLiteral("kv");
    out.team = QStringLiteral("storage");
    out.person = QStringLiteral("li");
    out.verdict = QStringLiteral("fail");
    out.reason = QStringLiteral("The sum is 99, not 100: \"money\" is gone.");
    out.keptAt = noon;
    out.expires = noon.addSecs(86'400);
    out.extendMax = 72h;
    out.warnBefore = 2h;
    out.changedAt = noon;
    return out;
}

domain::Service service(const char *id, const QMap<QString, QString> &notes = {})
{
    domain::Service out;
    out.id = domain::ServiceId(QString::fromLatin1(id));
    out.stackId = domain::StackId(QStringLiteral("1st1"));
    out.metadata = notes;
    return out;
}

domain::Stack stack(const char *id = "1st1", const char *name = "kv-1")
{
    domain::Stack out;
    out.id = domain::StackId(QString::fromLatin1(id));
    out.name = QString::fromLatin1(name);
    return out;
}

stacks::StackSnapshot worldOf(const domain::Service &service)
{
    stacks::StackSnapshot out;
    out.stacks += stack();
    out.services += service;
    return out;
}

stacks::StackSnapshot runningWorld(const QMap<QString, QString> &more = {})
{
    domain::Service row = service("1s1");
    row.labels = { { QStringLiteral("faultline.run"), QStringLiteral("0123456789abcdef") },
        { QStringLiteral("faultline.owner"), QStringLiteral("storage") },
        { QStringLiteral("faultline.runner"), QStringLiteral("somebody") },
        { QStringLiteral("faultline.expires"), QStringLiteral("2026-01-31T13:00:00.000000Z") } };
    row.labels.insert(more);
    return worldOf(row);
}

ReapingWitnesses witnesses(RunnerState life)
{
    return { [life](const QString &) { return life; }, {} };
}

} // namespace

void tst_scene::aSceneIsReadBackFromItsNotes()
{
    QMap<QString, QString> notes = notesOf(someScene());
    notes.removeIf([](const auto &entry) { return entry.value().isEmpty(); }); // as a server does
    QCOMPARE(sceneOf(stack(), { service("1s1", notes) }), someScene());
}

void tst_scene::aStackWithoutNotesIsNoScene()
{
    const QMap<QString, QString> others{ { QStringLiteral("faultline.other"),
        QStringLiteral("1") } };
    QVERIFY(!sceneOf(stack(), { service("1s1", others) }));
    QVERIFY(!sceneOf(stack("1st2", "other"), { service("1s1", notesOf(someScene())) }));
}

void tst_scene::ofSeveralNotesTheNewestCounts()
{
    Scene later = someScene();
    later.team = QStringLiteral("query");
    later.changedAt = noon.addSecs(60);
    const auto old = service("1s1", notesOf(someScene()));
    const auto fresh = service("1s2", notesOf(later));
    QCOMPARE(sceneOf(stack(), { old, fresh })->team, QStringLiteral("query"));
    QCOMPARE(sceneOf(stack(), { fresh, old })->team, QStringLiteral("query"));
}

void tst_scene::scenesThatExpireFirstComeFirst()
{
    stacks::StackSnapshot world;
    for (int i = 1; i <= 3; ++i) {
        const QByteArray id = "1st" + QByteArray::number(i);
        world.stacks += stack(id.constData(), id.constData());
        Scene scene = someScene();
        scene.expires = i == 2 ? QDateTime() : noon.addSecs(1'000 - i);
        domain::Service row = service("1s", notesOf(scene));
        row.stackId = domain::StackId(QString::fromLatin1(id));
        world.services += row;
    }
    QStringList order;
    for (const Scene &scene : scenesOf(world))
        order += scene.stack;
    QCOMPARE(order.join(u' '), QStringLiteral("1st3 1st1 1st2"));
}

void tst_scene::extendingStopsAtItsBound()
{
    const auto once = extended(someScene(), 24h, noon);
    QVERIFY(once);
    QCOMPARE(once->expires, noon.addSecs(2 * 86'400));
    const auto twice = extended(*once, 24h, noon);
    QVERIFY(twice);
    const auto thrice = extended(*twice, 1s, noon);
    QVERIFY(!thrice);
    QVERIFY(thrice.error().message.contains(QStringLiteral("2026-02-03T12:00")));
    QVERIFY(!extended(someScene(), 0s, noon));
}

void tst_scene::extendingAnExpiredSceneCountsFromNow()
{
    const QDateTime late = noon.addSecs(86'400 + 3'600);
    QCOMPARE(extended(someScene(), 1h, late)->expires, late.addSecs(3'600));
}

void tst_scene::anotherTeamsPersonIsNotTheOldOne()
{
    const Scene other = handedOver(someScene(), QStringLiteral("query"), {}, noon.addSecs(1));
    QCOMPARE(other.team, QStringLiteral("query"));
    QCOMPARE(other.person, QString());
    const Scene colleague = handedOver(someScene(), {}, QStringLiteral("wu"), noon.addSecs(1));
    QCOMPARE(colleague.team, QStringLiteral("storage"));
    QCOMPARE(colleague.person, QStringLiteral("wu"));
}

void tst_scene::theQuotaCountsLivingScenesOfTheTeam()
{
    Scene expired = someScene();
    expired.expires = noon;
    Scene foreign = someScene();
    foreign.team = QStringLiteral("query");
    QCOMPARE(livingScenesOf(QStringLiteral("storage"), { someScene(), expired, foreign }, noon), 1);
}

void tst_scene::anExpiredSceneIsReaped()
{
    const auto world = worldOf(service("1s1", notesOf(someScene())));
    const auto plan = planReaping(world, noon.addSecs(86'400), witnesses(RunnerState::Gone));
    QCOMPARE(plan.size(), 1);
    QCOMPARE(plan[0].what, Reaping::What::RemoveExpired);
    QCOMPARE(plan[0].stack, QStringLiteral("kv-1"));
}

void tst_scene::aSceneThatLivesIsNeverReaped()
{
    auto world = runningWorld();
    world.services[0].metadata = notesOf(someScene());
    QCOMPARE(planReaping(world, noon.addSecs(86'399), witnesses(RunnerState::Gone)).size(), 0);
    // The negative control: without its notes the same stack goes.
    world.services[0].metadata.clear();
    QCOMPARE(planReaping(world, noon.addSecs(86'399), witnesses(RunnerState::Gone)).size(), 1);
}

void tst_scene::theStackOfADeadRunnerIsReaped()
{
    const auto plan = planReaping(runningWorld(), noon, witnesses(RunnerState::Gone));
    QCOMPARE(plan.size(), 1);
    QCOMPARE(plan[0].what, Reaping::What::RemoveOrphan);
    QCOMPARE(plan[0].run, QStringLiteral("0123456789abcdef"));
}

void tst_scene::theStackOfALivingRunnerIsNeverReaped()
{
    const auto late = noon.addDays(30);
    QCOMPARE(planReaping(runningWorld(), late, witnesses(RunnerState::Lives)).size(), 0);
    QCOMPARE(planReaping(runningWorld(), late, witnesses(RunnerState::OutOfSight)).size(), 1);
}

void tst_scene::aRunnerElsewhereIsJudgedByItsJobAndItsTime()
{
    const auto world = runningWorld({ { QStringLiteral("faultline.job"), QStringLiteral("7") },
        { QStringLiteral("faultline.jobUrl"), QStringLiteral("http://ci/7") } });
    ReapingWitnesses unknown = witnesses(RunnerState::OutOfSight);
    QCOMPARE(planReaping(world, noon, unknown).size(), 0);
    std::optional<bool> answer;
    unknown.jobIsOver = [&](const QString &job, const QString &url) {
        return job == u'7' && url == QStringLiteral("http://ci/7") ? answer : std::nullopt;
    };
    QCOMPARE(planReaping(world, noon, unknown).size(), 0);
    answer = false;
    QCOMPARE(planReaping(world, noon, unknown).size(), 0);
    answer = true;
    QCOMPARE(planReaping(world, noon, unknown).size(), 1);
    QCOMPARE(planReaping(world, noon.addSecs(3'601), witnesses(RunnerState::OutOfSight)).size(), 1);
}

void tst_scene::theStackOfADeadRunnerIsKeptWhereItsCaseSaysSo()
{
    const auto keeps = [](const char *rules) {
        return planReaping(
            runningWorld({ { QStringLiteral("faultline.keeps"), QString::fromLatin1(rules) } }),
            noon, witnesses(RunnerState::Gone))
            .value(0);
    };
    QCOMPARE(keeps("fail=24h").what, Reaping::What::RemoveOrphan);
    QCOMPARE(keeps("always").what, Reaping::What::KeepOrphan);
    const Reaping kept = keeps("fail=24h infrastructure=2h");
    QCOMPARE(kept.what, Reaping::What::KeepOrphan);
    QCOMPARE(kept.scene.expires, noon.addSecs(7'200));
    QCOMPARE(kept.scene.team, QStringLiteral("storage"));
    QCOMPARE(kept.scene.verdict, QStringLiteral("infrastructure"));
}

void tst_scene::aStackThatNoRunMadeIsNeverReaped()
{
    domain::Service plain = service("1s1");
    plain.labels = { { QStringLiteral("faultline.run"), QStringLiteral("by up, not by run") } };
    QCOMPARE(planReaping(worldOf(plain), noon.addYears(1), witnesses(RunnerState::Gone)).size(), 0);
    QCOMPARE(planReaping(worldOf(service("1s1")), noon, witnesses(RunnerState::Gone)).size(), 0);
}

QTEST_GUILESS_MAIN(tst_scene)
#include "tst_scene.moc"
