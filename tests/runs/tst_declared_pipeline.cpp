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
    void nothingIsLeftBehind();

private:
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

void tst_declared_pipeline::aCasePassesAsAJob()
{
    QFETCH(const QString, name);
    QFETCH(const QByteArray, said);
    const auto outcome = m_lab->ctl(
        { QStringLiteral("trigger"), QStringLiteral("--case"), name, QStringLiteral("--wait"),
            QStringLiteral("--output=json"), QStringLiteral("--timeout=240s") },
        std::chrono::seconds(260));
    const QJsonArray jobs
        = QJsonDocument::fromJson(outcome.out).object().value(QStringLiteral("jobs")).toArray();
    const QString job
        = QString::number(jobs.at(0).toObject().value(QStringLiteral("id")).toInteger());
    const auto log = m_lab->ctl(
        { QStringLiteral("log"), QStringLiteral("--job"), job, QStringLiteral("--plain") });
    QVERIFY2(outcome.exitCode == 0, (outcome.text() + log.text()).constData());
    QVERIFY2(log.out.contains(said), log.text().constData());
    QVERIFY2(!log.out.contains(": skipped"), log.text().constData());
    QVERIFY2(log.out.contains("verdict: pass"), log.text().constData());
    QVERIFY2(log.out.contains("the stack is gone"), log.text().constData());
    QCOMPARE(m_lab->leftovers(), QStringList());
}

void tst_declared_pipeline::nothingIsLeftBehind()
{
    QVERIFY(m_lab->stop());
    const auto removed = m_lab->removeAll();
    QVERIFY2(removed.exitCode == 0, removed.text().constData());
}

QTEST_GUILESS_MAIN(tst_declared_pipeline)
#include "tst_declared_pipeline.moc"
