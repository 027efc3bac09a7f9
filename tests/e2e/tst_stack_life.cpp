// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/e2e/feed_record.h"
#include "tests/e2e/lab_process.h"

#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace faultline;
using namespace faultline::tests;
using std::chrono::seconds;
using Kind = domain::FeedHealth::Kind;

class tst_stack_life : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aStackIsSeenFromItsCreationToItsEnd();
    void aContainerKilledFromOutsideIsSeenWithin2Seconds();
    void stopWithZeroKillsAndStartBringsItBack();
    void logsAndScaleWork();
    void aMissingImageEndsWithTheReason();
    void aKilledLabIsLiveAgainWithin5SecondsAndNoRowIsLost();
    void aWrongKeyIsRefused();
    void nothingIsLeftBehind();

private:
    [[nodiscard]] QString compose(const QByteArray &text);
    [[nodiscard]] QString up(const QString &name, int services);
    [[nodiscard]] std::unique_ptr<FeedRecord> record();

    std::unique_ptr<LabProcess> m_lab;
};

void tst_stack_life::initTestCase()
{
    if (!LabProcess::dockerHost())
        QSKIP("no Docker Engine answers (FAULTLINE_DOCKER_HOST, DOCKER_HOST)");
    m_lab = std::make_unique<LabProcess>();
    QVERIFY2(m_lab->start(), qPrintable(m_lab->why()));
}

QString tst_stack_life::compose(const QByteArray &text)
{
    QFile file(m_lab->stateFolder() + QStringLiteral("/test-compose.yml"));
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
        return {};
    return file.fileName();
}

QString tst_stack_life::up(const QString &name, int services)
{
    const auto outcome = m_lab->ctl({ QStringLiteral("up"), QStringLiteral("-f"),
        compose(sleepingCompose(services)), QStringLiteral("--name"), name,
        QStringLiteral("--wait"), QStringLiteral("--timeout=60s") });
    return outcome.exitCode == 0 ? QString() : QString::fromUtf8(outcome.text());
}

std::unique_ptr<FeedRecord> tst_stack_life::record()
{
    const auto workspace = m_lab->workspace();
    if (!workspace)
        return nullptr;
    const auto secrets = settings::resolveSecrets(*workspace);
    return secrets ? std::make_unique<FeedRecord>(*workspace, *secrets) : nullptr;
}

void tst_stack_life::aStackIsSeenFromItsCreationToItsEnd()
{
    const auto feed = record();
    QVERIFY(feed);
    QTRY_COMPARE_WITH_TIMEOUT(feed->health(), Kind::Live, 10'000);
    const QString name = QStringLiteral("e2e-life");
    QCOMPARE(up(name, 2), QString());
    QTRY_VERIFY_WITH_TIMEOUT(feed->statesOf(name).endsWith(QStringLiteral("active")), 5'000);
    QCOMPARE(feed->containersOf(name).size(), 2);
    for (const domain::Container &container : feed->containersOf(name)) {
        QCOMPARE(container.life.state.known(), domain::State::Running);
        QCOMPARE(container.labels.value(QStringLiteral("faultline.stack")), name);
    }
    const auto removed = m_lab->ctl({ QStringLiteral("rm"), name, QStringLiteral("--wait") });
    QVERIFY2(removed.exitCode == 0, removed.text().constData());
    QTRY_VERIFY_WITH_TIMEOUT(feed->statesOf(name).endsWith(QStringLiteral("gone")), 5'000);
    qInfo("states seen: %s", qPrintable(feed->statesOf(name)));
    QVERIFY(feed->statesOf(name).contains(QStringLiteral("activating")));
    QVERIFY(feed->containersOf(name).isEmpty());
    QCOMPARE(feed->mistakes(), QStringList());
}

void tst_stack_life::aContainerKilledFromOutsideIsSeenWithin2Seconds()
{
    const auto feed = record();
    QVERIFY(feed);
    const QString name = QStringLiteral("e2e-kill");
    QCOMPARE(up(name, 1), QString());
    QTRY_COMPARE_WITH_TIMEOUT(feed->containersOf(name).size(), 1, 5'000);
    const domain::Container before = feed->containersOf(name).first();
    QVERIFY(!before.externalId.isEmpty());

    QElapsedTimer timer;
    timer.start();
    const auto killed = m_lab->docker({ QStringLiteral("kill"), before.externalId });
    QVERIFY2(killed.exitCode == 0, killed.text().constData());
    const auto isChanged = [&] {
        const auto containers = feed->containersOf(name);
        return containers.size() != 1 || containers.first().life != before.life
            || containers.first().externalId != before.externalId;
    };
    QVERIFY(QTest::qWaitFor(isChanged, 2'000));
    qInfo("docker kill was seen after %lld ms, of which docker's own command took %lld ms",
        timer.elapsed(), qint64(killed.took.count()));
    QCOMPARE(feed->healthHistory().last(), Kind::Live);
    QCOMPARE(m_lab->ctl({ QStringLiteral("rm"), name, QStringLiteral("--wait") }).exitCode, 0);
}

void tst_stack_life::stopWithZeroKillsAndStartBringsItBack()
{
    const QString name = QStringLiteral("e2e-stop");
    QCOMPARE(up(name, 1), QString());
    const auto inspected
        = m_lab->ctl({ QStringLiteral("inspect"), name, QStringLiteral("--output=json") });
    QVERIFY2(inspected.exitCode == 0, inspected.text().constData());
    const QJsonObject container = QJsonDocument::fromJson(inspected.out)
                                      .object()
                                      .value(QStringLiteral("services"))
                                      .toArray()
                                      .at(0)
                                      .toObject()
                                      .value(QStringLiteral("containers"))
                                      .toArray()
                                      .at(0)
                                      .toObject();
    const QString id = container.value(QStringLiteral("id")).toString();
    QVERIFY(!id.isEmpty());

    const auto stopped = m_lab->ctl(
        { QStringLiteral("stop"), id, QStringLiteral("--timeout=0"), QStringLiteral("--wait") });
    QVERIFY2(stopped.exitCode == 0, stopped.text().constData());
    QVERIFY2(stopped.took < seconds(8), stopped.text().constData());
    const auto started = m_lab->ctl({ QStringLiteral("start"), id, QStringLiteral("--wait") });
    // The service may have started it by itself meanwhile.
    QVERIFY2(started.exitCode == 0 || started.exitCode == 15, started.text().constData());
    QCOMPARE(m_lab->ctl({ QStringLiteral("rm"), name, QStringLiteral("--wait") }).exitCode, 0);
}

void tst_stack_life::logsAndScaleWork()
{
    const QString name = QStringLiteral("e2e-log");
    const QString file
        = compose("version: '2'\nservices:\n  talker:\n    image: faultline/busybox:1\n"
                  "    command: sh -c 'echo hello from the talker; exec sleep 3600'\n");
    const auto started = m_lab->ctl({ QStringLiteral("up"), QStringLiteral("-f"), file,
        QStringLiteral("--name"), name, QStringLiteral("--wait") });
    QVERIFY2(started.exitCode == 0, started.text().constData());
    const auto log = m_lab->ctl({ QStringLiteral("log"), name + QStringLiteral("/talker") });
    QVERIFY2(
        log.exitCode == 0 && log.out.contains("hello from the talker"), log.text().constData());

    const auto scaled = m_lab->ctl(
        { QStringLiteral("scale"), name + QStringLiteral("/talker=3"), QStringLiteral("--wait") });
    QVERIFY2(scaled.exitCode == 0, scaled.text().constData());
    const auto feed = record();
    QTRY_COMPARE_WITH_TIMEOUT(feed->containersOf(name).size(), 3, 5'000);
    QCOMPARE(m_lab->ctl({ QStringLiteral("rm"), name, QStringLiteral("--wait") }).exitCode, 0);
}

void tst_stack_life::aMissingImageEndsWithTheReason()
{
    const QString name = QStringLiteral("e2e-noimage");
    const QString file
        = compose("version: '2'\nservices:\n  a:\n    image: faultline/no-such-image:1\n");
    const auto outcome
        = m_lab->ctl({ QStringLiteral("up"), QStringLiteral("-f"), file, QStringLiteral("--name"),
            name, QStringLiteral("--wait"), QStringLiteral("--timeout=60s") });
    QVERIFY2(outcome.exitCode == 17, outcome.text().constData());
    QVERIFY2(outcome.err.contains("no-such-image"), outcome.text().constData());
    QCOMPARE(m_lab->ctl({ QStringLiteral("rm"), name, QStringLiteral("--wait") }).exitCode, 0);
}

void tst_stack_life::aKilledLabIsLiveAgainWithin5SecondsAndNoRowIsLost()
{
    const QString name = QStringLiteral("e2e-restart");
    QCOMPARE(up(name, 3), QString());
    const auto feed = record();
    QVERIFY(feed);
    QTRY_COMPARE_WITH_TIMEOUT(feed->health(), Kind::Live, 10'000);
    QTRY_COMPARE_WITH_TIMEOUT(feed->containersOf(name).size(), 3, 5'000);
    const QStringList before = feed->rows();

    m_lab->killHard();
    QTRY_COMPARE_WITH_TIMEOUT(feed->health(), Kind::Stale, 10'000);
    QVERIFY(feed->fullHealth().since.isValid());
    QCOMPARE(feed->rows(), before);

    QElapsedTimer timer;
    timer.start();
    QVERIFY2(m_lab->start(m_lab->port()), qPrintable(m_lab->why()));
    const qint64 ready = timer.elapsed();
    QTRY_COMPARE_WITH_TIMEOUT(feed->health(), Kind::Live, 6'000);
    qInfo("live again %lld ms after the restart (the lab was ready after %lld ms)", timer.elapsed(),
        ready);
    QVERIFY(timer.elapsed() < 5'000 + ready);
    QTRY_COMPARE_WITH_TIMEOUT(feed->rows(), before, 5'000);
    QCOMPARE(feed->mistakes(), QStringList());
    QCOMPARE(m_lab->ctl({ QStringLiteral("rm"), name, QStringLiteral("--wait") }).exitCode, 0);
}

void tst_stack_life::aWrongKeyIsRefused()
{
    const auto workspace = m_lab->workspace();
    QVERIFY(workspace);
    settings::Secrets wrong;
    wrong.gitlabToken = "wrong";
    wrong.rancherAccessKey = "wrong";
    wrong.rancherSecretKey = "wrong";
    FeedRecord feed(*workspace, wrong);
    QTRY_COMPARE_WITH_TIMEOUT(feed.health(), Kind::Refused, 10'000);
    QVERIFY(feed.fullHealth().error);
    QCOMPARE(feed.fullHealth().error->kind, domain::ErrorKind::Auth);
    QVERIFY(feed.rows().isEmpty());
}

void tst_stack_life::nothingIsLeftBehind()
{
    QVERIFY(m_lab->stop());
    const auto removed = m_lab->removeAll();
    QVERIFY2(removed.exitCode == 0, removed.text().constData());
    QCOMPARE(m_lab->leftovers(), QStringList());
}

QTEST_GUILESS_MAIN(tst_stack_life)
#include "tst_stack_life.moc"
