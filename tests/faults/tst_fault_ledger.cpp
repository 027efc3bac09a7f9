// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/faults/ledger.h"

#include "services/domain/runner_identity.h"
#include "services/faults/reaper.h"

#include <QTemporaryDir>
#include <QTest>

#include <sys/wait.h>
#include <unistd.h>

using namespace faultline;
using namespace faultline::faults;

class tst_fault_ledger : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anIntentSurvivesASigkillOfItsWriter();
    void twoFaultsThatConflictAreNotBothPlanned();
    void whatIsOverStaysOverButALeakMayBeUndone();
    void changesAreKeptInOrder();
    void aFaultIsOverdueOnceNobodyKeepsIt();
    void aReportIsReadFromALogWithOtherLines();
    void argumentsAreCheckedAndHandedOnInTheAgentsUnits();

private:
    [[nodiscard]] static FaultRecord record(const char *kind, const char *docker = "d1");
    [[nodiscard]] std::shared_ptr<Ledger> open(const QString &name) const;

    QTemporaryDir m_folder;
};

FaultRecord tst_fault_ledger::record(const char *kind, const char *docker)
{
    FaultRecord out;
    out.id = newFaultId();
    out.kind = QString::fromLatin1(kind);
    out.target = { domain::ContainerId(QStringLiteral("1i1")), QString::fromLatin1(docker),
        QStringLiteral("kv-node-1"), {}, {}, 1, {} };
    out.origin.server = QStringLiteral("http://lab");
    out.controller = QString::fromStdString(domain::RunnerIdentity::own().text());
    out.until = QDateTime::currentDateTimeUtc().addSecs(60);
    return out;
}

std::shared_ptr<Ledger> tst_fault_ledger::open(const QString &name) const
{
    auto out = Ledger::open(m_folder.filePath(name));
    if (!out)
        qFatal("%s", qPrintable(out.error().text()));
    return *out;
}

void tst_fault_ledger::anIntentSurvivesASigkillOfItsWriter()
{
    const FaultRecord wanted = record("network.delay");
    const pid_t child = fork();
    if (child == 0) {
        const auto ledger = open(QStringLiteral("killed.db"));
        const bool isDone = ledger->plan(wanted)
            && ledger->change(wanted.id, FaultState::Injecting, QStringLiteral("begun"));
        kill(getpid(), isDone ? SIGKILL : SIGTERM);
    }
    int status = 0;
    QCOMPARE(waitpid(child, &status, 0), child);
    QCOMPARE(WTERMSIG(status), SIGKILL);
    const auto rows = open(QStringLiteral("killed.db"))->open();
    QVERIFY(rows);
    QCOMPARE(rows->size(), 1);
    QCOMPARE(rows->front().id, wanted.id);
    QCOMPARE(rows->front().state, FaultState::Injecting);
    QCOMPARE(rows->front().target.dockerId, QStringLiteral("d1"));
}

void tst_fault_ledger::twoFaultsThatConflictAreNotBothPlanned()
{
    const auto ledger = open(QStringLiteral("conflict.db"));
    const FaultRecord first = record("network.delay");
    QVERIFY(ledger->plan(first));
    const auto second = ledger->plan(record("network.loss"));
    QVERIFY(!second);
    QCOMPARE(second.error().kind, domain::ErrorKind::Conflict);
    QVERIFY2(second.error().message.contains(first.id), qPrintable(second.error().message));
    QVERIFY(ledger->plan(record("network.loss", "d2"))); // another target
    QVERIFY(ledger->plan(record("clock.offset"))); // another matter
    QVERIFY(ledger->change(first.id, FaultState::Out, {}));
    QVERIFY(ledger->plan(record("network.loss")));
}

void tst_fault_ledger::whatIsOverStaysOverButALeakMayBeUndone()
{
    const auto ledger = open(QStringLiteral("over.db"));
    const FaultRecord one = record("network.delay");
    QVERIFY(ledger->plan(one));
    QVERIFY(ledger->change(one.id, FaultState::Out, {}));
    QVERIFY(ledger->change(one.id, FaultState::InForce, {})); // a late word of a slow stream
    QCOMPARE((*ledger->find(one.id))->state, FaultState::Out);

    const FaultRecord two = record("network.delay", "d3");
    QVERIFY(ledger->plan(two));
    QVERIFY(ledger->change(two.id, FaultState::Leaked, QStringLiteral("could not look")));
    QVERIFY(ledger->open()->isEmpty());
    QCOMPARE(ledger->unresolved()->size(), 1);
    QVERIFY(ledger->change(two.id, FaultState::Out, {}));
    QVERIFY(ledger->unresolved()->isEmpty());
}

void tst_fault_ledger::changesAreKeptInOrder()
{
    const auto ledger = open(QStringLiteral("changes.db"));
    const FaultRecord one = record("network.delay");
    QVERIFY(ledger->plan(one));
    FaultReport report;
    report.fault = one.id;
    report.uptime = 12.5;
    report.mechanism = QStringLiteral("NFQUEUE");
    report.undo = QStringLiteral("nft delete table");
    QVERIFY(ledger->change(one.id, FaultState::InForce, QStringLiteral("seen"), report));
    QVERIFY(ledger->change(one.id, FaultState::Out, {}));
    const auto changes = ledger->changes(one.id);
    QVERIFY(changes);
    QCOMPARE(changes->size(), 3);
    QCOMPARE((*changes)[1].state, FaultState::InForce);
    QCOMPARE((*changes)[1].uptime, 12.5);
    const auto row = ledger->find(one.id);
    QCOMPARE((*row)->mechanism, QStringLiteral("NFQUEUE"));
    QCOMPARE(
        (*row)->undo, QStringLiteral("nft delete table")); // a later silence does not take it away
}

void tst_fault_ledger::aFaultIsOverdueOnceNobodyKeepsIt()
{
    const QDateTime now = QDateTime::currentDateTimeUtc();
    KnownFault fault;
    fault.record = record("network.delay");
    fault.record.state = FaultState::InForce;
    fault.helper = domain::Container();
    fault.helper->life.state = domain::State::Running;
    QVERIFY(!whyOverdue(fault, now)); // this program lives
    QVERIFY(whyOverdue(fault, now.addSecs(3'600)));

    domain::RunnerIdentity gone = domain::RunnerIdentity::own();
    gone.started += 1; // the number was given to another process
    fault.record.controller = QString::fromStdString(gone.text());
    QVERIFY(whyOverdue(fault, now));
    fault.record.isHeld = true; // it was meant to stay without its controller
    QVERIFY(!whyOverdue(fault, now));
    fault.isTargetGone = true;
    QVERIFY(whyOverdue(fault, now));
}

void tst_fault_ledger::aReportIsReadFromALogWithOtherLines()
{
    const QByteArray log
        = "{\"fault\":\"f-1\",\"state\":\"in force\",\"leaseLeft\":3}\n"
          "something else\n"
          "2026-11-23T22:00:00Z "
          "{\"fault\":\"f-1\",\"state\":\"out\",\"detail\":\"a\\u001b[2Jb\"}\r\n"
          "{\"fault\":\"f-2\",\"state\":\"leaked\"}\nnot whole {\"fault\":\"f-1\",\"st";
    const auto last = lastReport(log, QStringLiteral("f-1"));
    QVERIFY(last);
    QCOMPARE(last->state, FaultState::Out);
    QVERIFY(!last->detail.contains(QChar(0x1b))); // it goes to terminals
    QVERIFY(!lastReport(log, QStringLiteral("f-3")));
    QVERIFY(!parseReport("{\"fault\":\"f-1\",\"state\":\"fine\"}"));
}

void tst_fault_ledger::argumentsAreCheckedAndHandedOnInTheAgentsUnits()
{
    QVERIFY(checkArguments(QStringLiteral("network.delay"), { { "delay", "100ms" } }));
    for (const auto &wrong :
        std::initializer_list<std::map<std::string, std::string>>{ { { "delay", "100" } },
            { { "dealy", "100ms" } }, {}, { { "delay", "1s" }, { "direction", "up" } } })
        QVERIFY(!checkArguments(QStringLiteral("network.delay"), wrong));
    QVERIFY(!checkArguments(QStringLiteral("network.lag"), {}));

    FaultSpec spec;
    spec.id = QStringLiteral("f-0");
    spec.kind = QStringLiteral("network.delay");
    spec.arguments = { { "delay", "1.5s" }, { "ports", "80,443" }, { "from", "node" } };
    spec.lease = std::chrono::milliseconds(2'500);
    spec.peers = { QStringLiteral("10.0.0.2") };
    QCOMPARE(agentJson(spec),
        QByteArray("{\"arguments\":{\"delay\":1500,\"ports\":[80,443]},\"duration\":0,"
                   "\"id\":\"f-0\",\"kind\":\"network.delay\",\"lease\":2.5,"
                   "\"peers\":[\"10.0.0.2\"],\"target\":{\"container\":\"\",\"name\":\"\"}}"));
}

QTEST_GUILESS_MAIN(tst_fault_ledger)
#include "tst_fault_ledger.moc"
