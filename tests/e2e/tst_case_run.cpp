// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/e2e/feed_record.h"
#include "tests/e2e/lab_process.h"
#include "tests/e2e/secret_watch.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTest>

using namespace faultline;
using namespace faultline::tests;
using std::chrono::seconds;

/// The main job of the whole product: a real case, pushed, triggered, run in containers, watched
/// and cleaned up.
class tst_case_run : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void theNodeShutdownCasePassesAndIsSeen();
    void noSecretIsWrittenAnywhereElse();
    void theWatchForSecretsBites();
    void anUnknownBranchIsTheServersWord();
    void nothingIsLeftBehind();

private:
    [[nodiscard]] QList<QByteArray> secrets() const;

    std::unique_ptr<LabProcess> m_lab;
};

QList<QByteArray> tst_case_run::secrets() const
{
    QList<QByteArray> out;
    for (const char *name :
        { "gitlab-token", "trigger-token", "rancher-access-key", "rancher-secret-key" })
        out += m_lab->secret(QString::fromLatin1(name));
    return out;
}

void tst_case_run::initTestCase()
{
    if (!LabProcess::dockerHost())
        QSKIP("no Docker Engine answers (FAULTLINE_DOCKER_HOST, DOCKER_HOST)");
    m_lab = std::make_unique<LabProcess>();
    QVERIFY2(m_lab->start(), qPrintable(m_lab->why()));
    const auto pushed = m_lab->push(QStringLiteral(FAULTLINE_SOURCE_DIR "/resources/sample-repo"));
    QVERIFY2(pushed.exitCode == 0, pushed.text().constData());
    QVERIFY(m_lab->endPushedPipeline());
}

void tst_case_run::theNodeShutdownCasePassesAndIsSeen()
{
    const auto workspace = m_lab->workspace();
    QVERIFY(workspace);
    const auto secrets = settings::resolveSecrets(*workspace);
    QVERIFY(secrets);
    FeedRecord feed(*workspace, *secrets);
    QTRY_COMPARE_WITH_TIMEOUT(feed.health(), domain::FeedHealth::Kind::Live, 10'000);

    const SecretWatch watch(this->secrets());
    // In the background, so that this thread's feed is served meanwhile.
    QProcess trigger;
    trigger.setProcessEnvironment(cleanEnvironment());
    trigger.start(ownProgram(QStringLiteral("faultlinectl")),
        { QStringLiteral("--workspace"), m_lab->workspaceFile(), QStringLiteral("trigger"),
            QStringLiteral("--case"), QStringLiteral("case-node-shutdown"),
            QStringLiteral("--wait"), QStringLiteral("--output=json"),
            QStringLiteral("--timeout=200s") });
    QElapsedTimer timer;
    timer.start();
    QVERIFY(QTest::qWaitFor([&] { return trigger.state() == QProcess::NotRunning; }, 220'000));
    const QByteArray out = trigger.readAllStandardOutput();
    const QByteArray progress = trigger.readAllStandardError();
    const QJsonArray jobs
        = QJsonDocument::fromJson(out).object().value(QStringLiteral("jobs")).toArray();
    const QString jobId
        = QString::number(jobs.at(0).toObject().value(QStringLiteral("id")).toInteger());
    const auto log = m_lab->ctl(
        { QStringLiteral("log"), QStringLiteral("--job"), jobId, QStringLiteral("--plain") });
    QVERIFY2(trigger.exitCode() == 0, (progress + log.text()).constData());
    qInfo("the case passed after %.1f s", double(timer.elapsed()) / 1000);

    QCOMPARE(watch.found(), QStringList());
    QVERIFY2(watch.looks() > 1'000, QByteArray::number(qlonglong(watch.looks())).constData());

    QVERIFY2(log.out.contains("passing"), log.text().constData());
    QVERIFY2(log.out.contains("case-node-shutdown"), log.text().constData());
    QVERIFY2(
        !log.out.contains('\x1b') && !log.out.contains("section_start"), log.text().constData());

    // The stack's life, as the console sees it.
    QString name;
    QTRY_VERIFY_WITH_TIMEOUT(
        !(name = feed.stackStartingWith(QStringLiteral("case-node-shutdown-"))).isEmpty(), 5'000);
    QTRY_VERIFY_WITH_TIMEOUT(feed.statesOf(name).endsWith(QStringLiteral(">gone")), 10'000);
    qInfo("states of %s: %s", qPrintable(name), qPrintable(feed.statesOf(name)));
    QVERIFY2(feed.statesOf(name).contains(QStringLiteral("activating>active")),
        qPrintable(feed.statesOf(name)));

    const auto artifacts = QStringLiteral("/api/v4/projects/1/jobs/%1/artifacts").arg(jobId);
    const auto fetched = runProgram(QStringLiteral("/bin/bash"),
        { QStringLiteral("-c"),
            QStringLiteral("printf 'header = \"PRIVATE-TOKEN: %s\"\\n' \"$(cat \"$0\")\" | "
                           "curl -sS -K - -o /dev/null -w '%{http_code} %{size_download}' \"$1\""),
            m_lab->stateFolder() + QStringLiteral("/secrets/gitlab-token"),
            m_lab->url().toString() + artifacts },
        cleanEnvironment(), seconds(30));
    QVERIFY2(fetched.out.startsWith("200 "), fetched.text().constData());
    QVERIFY2(fetched.out.mid(4).toLongLong() > 100, fetched.text().constData());
}

void tst_case_run::noSecretIsWrittenAnywhereElse()
{
    for (const QByteArray &secret : secrets())
        QVERIFY2(secret.size() >= 16, "a secret is missing");
    const QString folder = m_lab->stateFolder();
    QCOMPARE(filesWithSecrets(folder, secrets(), { folder + QStringLiteral("/secrets") }),
        QStringList());
    // The negative control: where they belong they are found.
    QCOMPARE(filesWithSecrets(folder, secrets(), {}).size(), 4);
}

void tst_case_run::theWatchForSecretsBites()
{
    const QByteArray secret = "canary-in-argv-5150";
    const SecretWatch watch({ secret });
    QProcess process;
    process.start(QStringLiteral("/bin/sh"),
        { QStringLiteral("-c"), QStringLiteral("read line"), QString::fromLatin1(secret) });
    QTRY_COMPARE_WITH_TIMEOUT(watch.found().size(), 1, 10'000);
    QVERIFY(!watch.found().front().contains(QString::fromLatin1(secret)));
    process.closeWriteChannel();
    QVERIFY(process.waitForFinished(10'000));
}

void tst_case_run::anUnknownBranchIsTheServersWord()
{
    const auto outcome
        = m_lab->ctl({ QStringLiteral("trigger"), QStringLiteral("--ref=no-such-branch") });
    QVERIFY2(outcome.exitCode == 64 || outcome.exitCode == 14, outcome.text().constData());
    QVERIFY2(outcome.err.contains("the server said: "), outcome.text().constData());
}

void tst_case_run::nothingIsLeftBehind()
{
    // Before remove-all: the case cleans up after itself.
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->leftovers(), QStringList(), 10'000);
    QVERIFY(m_lab->stop());
    const auto removed = m_lab->removeAll();
    QVERIFY2(removed.exitCode == 0, removed.text().constData());
}

QTEST_GUILESS_MAIN(tst_case_run)
#include "tst_case_run.moc"
