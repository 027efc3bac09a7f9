// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/runs/declared_run.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QTest>

#include <csignal>

using namespace faultline;
using namespace faultline::tests;

/// Stacks that stay after their run: by the real programs, on real containers.
class tst_scene_life : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aCaseTakesFilesOfItsContainersAlong();
    void aFailedRunLeavesASceneThatSaysWhose();
    void itIsExtendedAndHandedOver();
    void itsEvidenceIsOneArchiveWithoutSecrets();
    void aShellIsOpenedInItAndRecorded();
    void theReaperLeavesItWhileItLives();
    void aSceneBeyondTheQuotaIsNotKept();
    void releasingItRemovesItsStack();
    void anExpiredSceneIsReaped();
    void aKilledRunnersStackIsReaped();
    void nothingIsLeftBehind();

private:
    [[nodiscard]] QJsonObject json(const QStringList &arguments) const;
    [[nodiscard]] QJsonArray scenes() const;

    std::unique_ptr<LabProcess> m_lab;
    QString m_stack;
};

namespace {

/// Prints a secret, then fails; kept for a day, two days at most, one scene for the team.
const QByteArray failing = R"(workload: {command: "exit 1"}
timeout: 3m
retention: {fail: {keep: true, ttl: 24h, extendMax: 48h, quota: 1}}
)";

} // namespace

QJsonObject tst_scene_life::json(const QStringList &arguments) const
{
    const auto outcome = m_lab->ctl(QStringList{ QStringLiteral("--output=json") } + arguments);
    if (outcome.exitCode != 0)
        qWarning("%s", outcome.text().constData());
    return QJsonDocument::fromJson(outcome.out).object();
}

QJsonArray tst_scene_life::scenes() const
{
    return json({ QStringLiteral("scene"), QStringLiteral("list") })
        .value(QStringLiteral("scenes"))
        .toArray();
}

void tst_scene_life::initTestCase()
{
    if (!LabProcess::dockerHost())
        QSKIP("no Docker Engine answers (FAULTLINE_DOCKER_HOST, DOCKER_HOST)");
    m_lab = std::make_unique<LabProcess>();
    QVERIFY2(m_lab->start(), qPrintable(m_lab->why()));
}

void tst_scene_life::aCaseTakesFilesOfItsContainersAlong()
{
    DeclaredRun run(*m_lab);
    // The container ends by itself: its files are to be had all the same.
    run.write(R"(workload: {command: "sleep 2; exit 1"}
timeout: 3m
retention:
  evidence: [/etc/app.conf, "worker:/etc/app.d", /no/such/file, core, dmesg]
)",
        "faultline/busybox:1",
        "printf 'port: 1\\ndb_password: hunter2\\n' > /etc/app.conf; mkdir /etc/app.d; "
        "echo one > /etc/app.d/one; ln -s /etc/passwd /etc/app.d/link; printf 'a\\0b' > "
        "/tmp/core.12; "
        "trap \"exit 0\" TERM; while true; do sleep 0.2; done");
    const auto outcome = run.run();
    QVERIFY2(outcome.exitCode == 1, outcome.text().constData());
    const QString node = QStringLiteral("nodes/worker-1/");
    QCOMPARE(run.file(node + QStringLiteral("files/etc/app.conf")), "port: 1\ndb_password: ***\n");
    QCOMPARE(run.file(node + QStringLiteral("files/etc/app.d/one")), "one\n");
    QCOMPARE(run.file(node + QStringLiteral("files/tmp/core.12")), QByteArray("a\0b", 3));
    QVERIFY(!QFileInfo(run.bundle() + u'/' + node + QStringLiteral("files/etc/app.d/link"))
                 .isSymLink());
    QByteArray missing;
    for (const QJsonObject &event : run.events(QStringLiteral("evidence.missing")))
        missing += event.value(QStringLiteral("what")).toString().toUtf8() + '\n';
    QVERIFY2(missing.contains("/no/such/file: the engine answered 404"), missing.constData());
    QVERIFY2(missing.contains("link is no plain file"), missing.constData());
    // Docker lets no container read the kernel's messages unless it is given the right to.
    QVERIFY2(missing.contains("the kernel's messages can't be read from")
            || !run.file(node + QStringLiteral("dmesg.txt")).isEmpty(),
        missing.constData());
}

void tst_scene_life::aFailedRunLeavesASceneThatSaysWhose()
{
    DeclaredRun run(*m_lab);
    run.write(failing);
    const auto outcome = run.run();
    QVERIFY2(outcome.exitCode == 1, outcome.text().constData());
    QVERIFY2(outcome.out.contains("docker exec -it"), outcome.text().constData());
    QCOMPARE(scenes().size(), 1);
    const QJsonObject scene = scenes()[0].toObject();
    m_stack = scene.value(QStringLiteral("stack")).toString();
    QVERIFY2(m_stack.startsWith(QStringLiteral("small-case-")), qPrintable(m_stack));
    QCOMPARE(scene.value(QStringLiteral("team")).toString(), QStringLiteral("storage"));
    QCOMPARE(scene.value(QStringLiteral("verdict")).toString(), QStringLiteral("fail"));
    QVERIFY(
        scene.value(QStringLiteral("reason")).toString().contains(QStringLiteral("exit code 1")));
    const auto time = [&](const char *name) {
        return QDateTime::fromString(scene.value(QLatin1StringView(name)).toString(), Qt::ISODate);
    };
    QCOMPARE(time("kept").secsTo(time("expires")), 86'400);
    const QJsonObject shown = json({ QStringLiteral("scene"), QStringLiteral("show"), m_stack });
    const QJsonArray containers = shown.value(QStringLiteral("containers")).toArray();
    QCOMPARE(containers.size(), 1);
    QCOMPARE(run.containers().size(), 1);
}

void tst_scene_life::itIsExtendedAndHandedOver()
{
    const QJsonObject extended = json({ QStringLiteral("scene"), QStringLiteral("extend"), m_stack,
        QStringLiteral("--by"), QStringLiteral("20h") });
    QVERIFY(!extended.isEmpty());
    const auto tooLong = m_lab->ctl({ QStringLiteral("scene"), QStringLiteral("extend"), m_stack,
        QStringLiteral("--by"), QStringLiteral("20h") });
    QVERIFY2(tooLong.exitCode == 64, tooLong.text().constData());
    QVERIFY2(tooLong.err.contains("may live until"), tooLong.text().constData());
    QVERIFY(!json({ QStringLiteral("scene"), QStringLiteral("hand-over"), m_stack,
                      QStringLiteral("--person"), QStringLiteral("li") })
                 .isEmpty());
    const QJsonObject now = scenes()[0].toObject();
    QCOMPARE(now.value(QStringLiteral("person")).toString(), QStringLiteral("li"));
    QCOMPARE(now.value(QStringLiteral("expires")), extended.value(QStringLiteral("expires")));
    // What a scene is lives with the orchestrator, not with the lab's process.
    m_lab->killHard();
    QVERIFY2(m_lab->start(m_lab->port()), qPrintable(m_lab->why()));
    QTRY_COMPARE_WITH_TIMEOUT(scenes().size(), 1, 30'000);
    QCOMPARE(scenes()[0].toObject(), now);
}

void tst_scene_life::itsEvidenceIsOneArchiveWithoutSecrets()
{
    QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("evidence.tar.gz"));
    const QJsonObject report = json({ QStringLiteral("scene"), QStringLiteral("evidence"), m_stack,
        QStringLiteral("--file"), file, QStringLiteral("--path"), QStringLiteral("/etc/passwd") });
    QCOMPARE(report.value(QStringLiteral("containers")).toInt(), 1);
    QCOMPARE(report.value(QStringLiteral("missing")).toArray().size(), 0);
    QCOMPARE(QDir(folder.path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot),
        QStringList{ QStringLiteral("evidence.tar.gz") });
    const auto tar = runProgram(QStringLiteral("tar"),
        { QStringLiteral("-xzf"), file, QStringLiteral("-C"), folder.path() }, cleanEnvironment(),
        std::chrono::seconds(30));
    QVERIFY2(tar.exitCode == 0, tar.text().constData());
    QFile log(folder.filePath(m_stack + QStringLiteral("/logs/worker-1.log")));
    QVERIFY(log.open(QIODevice::ReadOnly));
    const QByteArray text = log.readAll();
    QVERIFY2(text.contains("worker begins"), text.constData());
    QVERIFY2(text.contains("DB_PASSWORD=***") && !text.contains("hunter2"), text.constData());
    QVERIFY(
        QFile::exists(folder.filePath(m_stack + QStringLiteral("/nodes/worker-1/inspect.json"))));
    QVERIFY(QFile::exists(folder.filePath(m_stack + QStringLiteral("/stack.json"))));
    QVERIFY(QFile::exists(
        folder.filePath(m_stack + QStringLiteral("/nodes/worker-1/files/etc/passwd"))));
}

void tst_scene_life::aShellIsOpenedInItAndRecorded()
{
    const QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("shell.cast"));
    const auto shell = m_lab->ctl({ QStringLiteral("scene"), QStringLiteral("shell"),
        m_stack + QStringLiteral("/worker-1"), QStringLiteral("--record"), file,
        QStringLiteral("--"), QStringLiteral("echo"), QStringLiteral("in-the-scene") });
    QVERIFY2(shell.exitCode == 0, shell.text().constData());
    QVERIFY2(shell.out.contains("in-the-scene"), shell.text().constData());
    QVERIFY2(shell.err.contains("is recorded in"), shell.text().constData());
    QFile cast(file);
    QVERIFY(cast.open(QIODevice::ReadOnly));
    QCOMPARE(QJsonDocument::fromJson(cast.readLine())[QStringLiteral("version")].toInt(), 2);
    QVERIFY(cast.readAll().contains("in-the-scene"));
}

void tst_scene_life::theReaperLeavesItWhileItLives()
{
    const QJsonObject report = json({ QStringLiteral("scene"), QStringLiteral("reap") });
    QVERIFY(report.contains(QStringLiteral("actions")));
    QCOMPARE(report.value(QStringLiteral("actions")).toArray().size(), 0);
    QCOMPARE(scenes().size(), 1);
}

void tst_scene_life::aSceneBeyondTheQuotaIsNotKept()
{
    DeclaredRun run(*m_lab);
    run.write(failing);
    const auto outcome = run.run();
    QVERIFY2(outcome.exitCode == 1, outcome.text().constData());
    QCOMPARE(run.events(QStringLiteral("scene.quota")).size(), 1);
    QCOMPARE(run.containers(), QStringList());
    QCOMPARE(scenes().size(), 1);
}

void tst_scene_life::releasingItRemovesItsStack()
{
    const auto released = m_lab->ctl(
        { QStringLiteral("scene"), QStringLiteral("release"), m_stack }, std::chrono::minutes(2));
    QVERIFY2(released.exitCode == 0, released.text().constData());
    QCOMPARE(scenes().size(), 0);
    QCOMPARE(m_lab->leftovers(), QStringList());
}

void tst_scene_life::anExpiredSceneIsReaped()
{
    DeclaredRun run(*m_lab);
    run.write("workload: {command: \"exit 1\"}\ntimeout: 3m\nretention: {fail: {keep: true, ttl: "
              "1s}}\n");
    const auto outcome = run.run();
    QVERIFY2(outcome.exitCode == 1, outcome.text().constData());
    QTRY_VERIFY_WITH_TIMEOUT(
        scenes().at(0).toObject().value(QStringLiteral("expired")).toBool(), 20'000);
    const QJsonObject dry
        = json({ QStringLiteral("scene"), QStringLiteral("reap"), QStringLiteral("--dry-run") });
    QCOMPARE(dry.value(QStringLiteral("actions")).toArray().size(), 1);
    QCOMPARE(scenes().size(), 1);
    const QJsonObject done = json({ QStringLiteral("scene"), QStringLiteral("reap") });
    const QJsonObject action = done.value(QStringLiteral("actions")).toArray().at(0).toObject();
    QCOMPARE(action.value(QStringLiteral("what")).toString(), QStringLiteral("removeExpired"));
    QCOMPARE(action.value(QStringLiteral("done")).toBool(), true);
    QCOMPARE(scenes().size(), 0);
    QCOMPARE(m_lab->leftovers(), QStringList());
}

void tst_scene_life::aKilledRunnersStackIsReaped()
{
    DeclaredRun run(*m_lab);
    run.write("workload: {command: \"exec sleep 600\"}\nphases: [{name: work, duration: "
              "100s}]\ntimeout: 5m\n");
    const auto process = run.startUntil("phase work");
    QVERIFY(process);
    const auto reap = [&] {
        return run.ctl(
            { QStringLiteral("--output=json"), QStringLiteral("scene"), QStringLiteral("reap") });
    };
    const auto before = reap(); // its runner lives
    QVERIFY2(QJsonDocument::fromJson(before.out)[QStringLiteral("actions")].toArray().isEmpty()
            && before.exitCode == 0,
        before.text().constData());
    process->kill();
    QVERIFY(process->waitForFinished(30'000));
    QCOMPARE(run.containers().size(), 1);
    const auto outcome = reap();
    const QJsonObject after = QJsonDocument::fromJson(outcome.out).object();
    const QJsonObject action = after.value(QStringLiteral("actions")).toArray().at(0).toObject();
    QVERIFY2(outcome.exitCode == 0, outcome.text().constData());
    QCOMPARE(action.value(QStringLiteral("what")).toString(), QStringLiteral("removeOrphan"));
    QCOMPARE(action.value(QStringLiteral("done")).toBool(), true);
    QCOMPARE(after.value(QStringLiteral("endedRuns")).toArray().size(), 1);
    QCOMPARE(run.findings().value(QStringLiteral("verdict")).toString(),
        QStringLiteral("infrastructure"));
    QCOMPARE(run.records(), QStringList());
    QCOMPARE(run.containers(), QStringList());
    QCOMPARE(m_lab->leftovers(), QStringList());
}

void tst_scene_life::nothingIsLeftBehind()
{
    QVERIFY(m_lab->stop());
    const auto removed = m_lab->removeAll();
    QVERIFY2(removed.exitCode == 0, removed.text().constData());
    QCOMPARE(m_lab->leftovers(), QStringList());
}

QTEST_GUILESS_MAIN(tst_scene_life)
#include "tst_scene_life.moc"
