// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/e2e/lab_process.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace faultline;
using namespace faultline::tests;

/// Declared cases of the sample repository as jobs of its pipeline, on etcd.
class tst_declared_pipeline : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aCasePassesAsAJob_data();
    void aCasePassesAsAJob();
    void aSuiteThatPassedIsReleased();
    void aCaseThatFailsLeavesAScene();
    void aCheckerThatGivesUpDoesNotPass();
    void nothingIsLeftBehind();

private:
    struct Outcome
    {
        int exitCode = 0;
        QJsonArray jobs;
        QByteArray log; ///< of the first job, and what the command said
    };
    [[nodiscard]] Outcome trigger(const QStringList &what) const;
    [[nodiscard]] QJsonArray asked(const QString &path) const;

    std::unique_ptr<LabProcess> m_lab;
};

void tst_declared_pipeline::initTestCase()
{
    if (!LabProcess::dockerHost())
        QSKIP("no Docker Engine answers (FAULTLINE_DOCKER_HOST, DOCKER_HOST)");
    m_lab = std::make_unique<LabProcess>();
    QVERIFY2(m_lab->start(), qPrintable(m_lab->why()));
    const auto pushed = m_lab->push(QStringLiteral(FAULTLINE_SOURCE_DIR "/resources/sample-repo"));
    QVERIFY2(pushed.exitCode == 0, pushed.text().constData());
    QVERIFY(m_lab->endPushedPipeline());
}

void tst_declared_pipeline::aCasePassesAsAJob_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("said");
    QTest::newRow("the leader is killed") << QStringLiteral("etcd-leader-kill")
                                          << QByteArray("fault kill-leader (container.kill) of ");
    QTest::newRow("a follower is paused") << QStringLiteral(
        "etcd-follower-pause") << QByteArray("fault pause-follower (container.pause) of ");
    QTest::newRow("writes are measured inside a member")
        << QStringLiteral("etcd-put-latency") << QByteArray("check put-is-quick: passed");
}

tst_declared_pipeline::Outcome tst_declared_pipeline::trigger(const QStringList &what) const
{
    const auto outcome = m_lab->ctl(QStringList{ QStringLiteral("trigger") } + what
            + QStringList{ QStringLiteral("--wait"), QStringLiteral("--output=json"),
                QStringLiteral("--timeout=240s") },
        std::chrono::seconds(260));
    Outcome out{ outcome.exitCode,
        QJsonDocument::fromJson(outcome.out).object().value(QStringLiteral("jobs")).toArray(),
        outcome.text() };
    const QString job = QString::number(out.jobs[0][QStringLiteral("id")].toInteger());
    out.log += m_lab
                   ->ctl({ QStringLiteral("log"), QStringLiteral("--job"), job,
                       QStringLiteral("--plain") })
                   .text();
    return out;
}

/// A list of the lab's GitLab side, below its project.
QJsonArray tst_declared_pipeline::asked(const QString &path) const
{
    const auto answer = runProgram(QStringLiteral("/bin/bash"),
        { QStringLiteral("-c"),
            QStringLiteral("printf 'header = \"PRIVATE-TOKEN: %s\"\\n' \"$(cat \"$0\")\" | curl "
                           "-sS -K - \"$1\""),
            m_lab->stateFolder() + QStringLiteral("/secrets/gitlab-token"),
            m_lab->url().toString() + QStringLiteral("/api/v4/projects/1/") + path },
        cleanEnvironment(), std::chrono::seconds(30));
    return QJsonDocument::fromJson(answer.out).array();
}

void tst_declared_pipeline::aCasePassesAsAJob()
{
    QFETCH(const QString, name);
    QFETCH(const QByteArray, said);
    const Outcome outcome = trigger({ QStringLiteral("--case"), name });
    QVERIFY2(outcome.exitCode == 0, outcome.log.constData());
    QVERIFY2(outcome.log.contains(said), outcome.log.constData());
    QVERIFY2(!outcome.log.contains(": skipped"), outcome.log.constData());
    QVERIFY2(outcome.log.contains("verdict: pass"), outcome.log.constData());
    QVERIFY2(outcome.log.contains("the stack is gone"), outcome.log.constData());
    QCOMPARE(m_lab->leftovers(), QStringList());
}

void tst_declared_pipeline::aSuiteThatPassedIsReleased()
{
    QCOMPARE(asked(QStringLiteral("releases")), QJsonArray());
    const Outcome outcome
        = trigger({ QStringLiteral("--var"), QStringLiteral("FAULTLINE_SUITE=smoke") });
    QVERIFY2(outcome.exitCode == 0, outcome.log.constData());
    QCOMPARE(outcome.jobs.size(), 2);
    const QJsonArray releases = asked(QStringLiteral("releases"));
    QCOMPARE(releases.size(), 1);
    QVERIFY(
        releases[0][QStringLiteral("tag_name")].toString().startsWith(QStringLiteral("passed-")));
    const QString report = releases[0][QStringLiteral("description")].toString();
    QVERIFY2(report.contains(QStringLiteral("etcd-crud")), qPrintable(report));
    const QJsonValue link = releases[0][QStringLiteral("assets")][QStringLiteral("links")][0];
    QVERIFY2(link[QStringLiteral("url")].toString().endsWith(QStringLiteral("/artifacts/download")),
        qPrintable(link[QStringLiteral("url")].toString()));
    // The release's tag must not start the suite again.
    for (const QJsonValue &pipeline : asked(QStringLiteral("pipelines?per_page=100")))
        QCOMPARE(pipeline[QStringLiteral("ref")].toString(), QStringLiteral("main"));
    QCOMPARE(m_lab->leftovers(), QStringList());
}

void tst_declared_pipeline::aCaseThatFailsLeavesAScene()
{
    const Outcome outcome
        = trigger({ QStringLiteral("--case"), QStringLiteral("etcd-fails-on-purpose") });
    QVERIFY2(outcome.exitCode != 0, outcome.log.constData());
    QCOMPARE(outcome.jobs[0][QStringLiteral("status")].toString(), QStringLiteral("failed"));
    QVERIFY2(outcome.log.contains("verdict: fail"), outcome.log.constData());
    const auto list = m_lab->ctl(
        { QStringLiteral("--output=json"), QStringLiteral("scene"), QStringLiteral("list") });
    const QJsonArray scenes = QJsonDocument::fromJson(list.out)[QStringLiteral("scenes")].toArray();
    QVERIFY2(scenes.size() == 1, list.text().constData());
    const QString stack = scenes[0][QStringLiteral("stack")].toString();
    QVERIFY2(outcome.log.contains(stack.toUtf8()), outcome.log.constData());
    const auto released = m_lab->ctl(
        { QStringLiteral("scene"), QStringLiteral("release"), stack }, std::chrono::minutes(2));
    QVERIFY2(released.exitCode == 0, released.text().constData());
}

void tst_declared_pipeline::aCheckerThatGivesUpDoesNotPass()
{
    const Outcome outcome
        = trigger({ QStringLiteral("--case"), QStringLiteral("etcd-checker-gives-up") });
    QVERIFY2(outcome.exitCode != 0, outcome.log.constData());
    QCOMPARE(outcome.jobs[0][QStringLiteral("status")].toString(), QStringLiteral("failed"));
    QVERIFY2(outcome.log.contains("could not be judged"), outcome.log.constData());
    QVERIFY2(outcome.log.contains("verdict: unknown"), outcome.log.constData());
}

void tst_declared_pipeline::nothingIsLeftBehind()
{
    QVERIFY(m_lab->stop());
    const auto removed = m_lab->removeAll();
    QVERIFY2(removed.exitCode == 0, removed.text().constData());
}

QTEST_GUILESS_MAIN(tst_declared_pipeline)
#include "tst_declared_pipeline.moc"
