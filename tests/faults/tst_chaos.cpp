// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/faults/chaos_lab.h"

#include <QElapsedTimer>
#include <QRegularExpression>
#include <QTest>

#include <csignal>

using namespace faultline::tests;

/// Faults from the command line: the real programs, real containers, and SIGKILL.
class tst_chaos : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aFaultIsInjectedShownAndOut();
    void aDetachedFaultIsExtendedAndStopped();
    void ctrlCUndoes();
    void aDryRunTouchesNothing();
    void whatIsWrongIsRefusedBeforeAnything_data();
    void whatIsWrongIsRefusedBeforeAnything();
    void aKilledControllerLeavesNothing_data();
    void aKilledControllerLeavesNothing();
    void nothingIsLeft();

private:
    [[nodiscard]] QStringList words(const QString &line) const { return line.split(u' '); }
    /// The first fault's id in what a program has said so far.
    [[nodiscard]] static QString idIn(const QByteArray &text);

    std::unique_ptr<ChaosLab> m_chaos;
};

namespace {

const QString delay = QStringLiteral("network.delay --role=node --set delay=100ms --set from=node");

} // namespace

QString tst_chaos::idIn(const QByteArray &text)
{
    static const QRegularExpression form(QStringLiteral("f-[0-9a-f]{16}"));
    return form.match(QString::fromUtf8(text)).captured();
}

void tst_chaos::initTestCase()
{
    if (const QString why = ChaosLab::whyNot(); !why.isEmpty())
        QSKIP(qPrintable(why));
    m_chaos = std::make_unique<ChaosLab>();
    const QString trouble = m_chaos->start(3);
    QVERIFY2(trouble.isEmpty(), qPrintable(trouble));
}

void tst_chaos::aFaultIsInjectedShownAndOut()
{
    const auto done = m_chaos->ctl(QStringList{ QStringLiteral("chaos"), QStringLiteral("inject") }
        + words(delay) + words(QStringLiteral("--stack=kv --for=2s")));
    QVERIFY2(done.exitCode == 0, done.text().constData());
    QVERIFY2(done.out.contains(": in force ["), done.text().constData());
    const QString id = idIn(done.out);
    const QJsonObject shown
        = m_chaos->json({ QStringLiteral("chaos"), QStringLiteral("show"), id });
    QCOMPARE(shown.value(QStringLiteral("state")).toString(), QStringLiteral("out"));
    QStringList states;
    for (const QJsonValue &change : shown.value(QStringLiteral("changes")).toArray())
        states += change[QStringLiteral("state")].toString();
    QCOMPARE(states.first(), QStringLiteral("planned"));
    QVERIFY2(states.contains(QStringLiteral("in force")), qPrintable(states.join(u' ')));
    QCOMPARE(states.last(), QStringLiteral("out"));
    QVERIFY(m_chaos->faults().isEmpty());
}

void tst_chaos::aDetachedFaultIsExtendedAndStopped()
{
    const auto done = m_chaos->ctl(QStringList{ QStringLiteral("chaos"), QStringLiteral("inject") }
        + words(delay) + words(QStringLiteral("--stack=kv --for=60s --detach")));
    QVERIFY2(done.exitCode == 0, done.text().constData());
    const QString id = idIn(done.out);
    QCOMPARE(m_chaos->stateOf(id), QStringLiteral("in force"));
    const auto extended = m_chaos->ctl(
        { QStringLiteral("chaos"), QStringLiteral("extend"), id, QStringLiteral("--by=60s") });
    QVERIFY2(extended.exitCode == 0, extended.text().constData());
    const auto reaped = m_chaos->ctl({ QStringLiteral("chaos"), QStringLiteral("reap") });
    QVERIFY2(reaped.out.contains("nothing to reap"), reaped.text().constData()); // it is kept
    const auto stopped = m_chaos->ctl({ QStringLiteral("chaos"), QStringLiteral("stop"), id });
    QVERIFY2(stopped.exitCode == 0, stopped.text().constData());
    QCOMPARE(m_chaos->stateOf(id), QStringLiteral("out"));
    QTRY_VERIFY_WITH_TIMEOUT(m_chaos->helpers().isEmpty(), 30'000);
}

void tst_chaos::ctrlCUndoes()
{
    const auto program = m_chaos->inject(words(delay + QStringLiteral(" --for=60s")));
    QByteArray said;
    QTRY_VERIFY_WITH_TIMEOUT((said += program->readAll()).contains(": in force"), 60'000);
    ::kill(static_cast<pid_t>(program->processId()), SIGINT);
    QVERIFY(program->waitForFinished(60'000));
    QCOMPARE(program->exitCode(), 4);
    QCOMPARE(m_chaos->stateOf(idIn(said)), QStringLiteral("out"));
    QTRY_VERIFY_WITH_TIMEOUT(m_chaos->helpers().isEmpty(), 30'000);
}

void tst_chaos::aDryRunTouchesNothing()
{
    const auto done = m_chaos->ctl(QStringList{ QStringLiteral("chaos"), QStringLiteral("inject") }
        + words(delay) + words(QStringLiteral("--stack=kv --for=60s --dry-run")));
    QVERIFY2(done.exitCode == 0, done.text().constData());
    QVERIFY2(done.out.contains("kv-node-"), done.text().constData());
    QVERIFY(m_chaos->helpers().isEmpty());
}

void tst_chaos::whatIsWrongIsRefusedBeforeAnything_data()
{
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("words");
    QTest::newRow("kind") << "network.lag --role=node --for=5s"
                          << "no kind of fault";
    QTest::newRow("argument") << "network.delay --role=node --for=5s --set dealy=1s"
                              << "dealy";
    QTest::newRow("unit") << "network.delay --role=node --for=5s --set delay=5"
                          << "unit";
    QTest::newRow("no end") << "network.delay --role=node --set delay=5ms"
                            << "--for";
    QTest::newRow("no role") << "network.delay --for=5s --set delay=5ms"
                             << "never means all";
    QTest::newRow("role") << "network.delay --role=pd --for=5s --set delay=5ms"
                          << "no service";
    QTest::newRow("peers") << "network.delay --role=node --for=5s --set delay=5ms --set from=pd"
                           << "no service";
}

void tst_chaos::whatIsWrongIsRefusedBeforeAnything()
{
    QFETCH(QString, line);
    QFETCH(QString, words);
    const auto done = m_chaos->ctl(QStringList{ QStringLiteral("chaos"), QStringLiteral("inject"),
                                       QStringLiteral("--stack=kv") }
        + line.split(u' '));
    QVERIFY(done.exitCode != 0);
    QVERIFY2(QString::fromUtf8(done.err).contains(words), done.text().constData());
    QVERIFY(m_chaos->helpers().isEmpty());
}

void tst_chaos::aKilledControllerLeavesNothing_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QByteArray>("when");
    for (const char *kind : { "network.delay --set delay=100ms --set from=node",
             "network.partition", "network.loss --set percent=30 --set from=node" }) {
        for (const char *when : { "injecting", "in force", "recovering" })
            QTest::addRow("%s, %s", kind, when) << QString::fromLatin1(kind) << QByteArray(when);
    }
}

void tst_chaos::aKilledControllerLeavesNothing()
{
    QFETCH(QString, kind);
    QFETCH(QByteArray, when);
    const int lease = 3;
    const auto program = m_chaos->inject(words(kind
        + QStringLiteral(" --role=node --for=%1s --lease=%2s")
              .arg(when == "recovering" ? 1 : 60)
              .arg(lease)));
    QByteArray said;
    QTRY_VERIFY_WITH_TIMEOUT((said += program->readAll()).contains(": " + when)
            || program->state() == QProcess::NotRunning,
        60'000);
    program->kill();
    QVERIFY(program->waitForFinished(10'000));
    // Whoever was killed: no reaper has run when the target is looked at.
    QElapsedTimer clock;
    clock.start();
    const auto isClean = [this] {
        for (int member = 1; member <= 3; ++member) {
            if (!m_chaos->residue(m_chaos->member(member)).isEmpty())
                return false;
        }
        return true;
    };
    QTRY_VERIFY_WITH_TIMEOUT(isClean(), (lease + 10) * 1'000 + 5'000);
    const auto reaped = m_chaos->ctl({ QStringLiteral("chaos"), QStringLiteral("reap") });
    QVERIFY2(reaped.exitCode == 0, reaped.text().constData());
    QVERIFY2(m_chaos->faults().isEmpty(), reaped.text().constData());
    const QString state = m_chaos->stateOf(idIn(said));
    QVERIFY2(state == QLatin1StringView("out") || state == QLatin1StringView("moot")
            || state == QLatin1StringView("did not bite"),
        qPrintable(state + u' ' + QString::fromUtf8(reaped.text())));
    QTRY_VERIFY_WITH_TIMEOUT(m_chaos->helpers().isEmpty(), 30'000);
}

void tst_chaos::nothingIsLeft()
{
    QVERIFY(m_chaos->helpers().isEmpty());
    QVERIFY(m_chaos->faults().isEmpty());
}

QTEST_GUILESS_MAIN(tst_chaos)
#include "tst_chaos.moc"
