// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/faults/injection.h"
#include "services/faults/reaper.h"
#include "services/faults/target_pick.h"
#include "services/stacks/rancher/rancher_backend.h"
#include "tests/faults/chaos_lab.h"

#include <QTest>
#include <QThread>

#include <algorithm>

using namespace faultline;
using namespace faultline::faults;
using namespace faultline::tests;
using namespace std::chrono_literals;

/// Faults as a program's own flows inject them: real containers, the real agent.
class tst_injection : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void networkFaultsAreInForceWithinASecond();
    void aFaultThatIsInTheWayIsRefusedOrAwaited();
    void aKilledHelperIsUndoneByAnother();
    void aTargetThatIsStartedAgainIsFollowed();
    void fiftyFaultsAreStoppedInFiveSeconds();
    void nothingIsLeft();

private:
    [[nodiscard]] InjectionWish wish(
        const char *kind, std::map<std::string, std::string> arguments, int member = 1);
    [[nodiscard]] std::unique_ptr<Injection> inject(const InjectionWish &wish);
    /// A flow waits for this thread's event loop, so that it must have ended before it is dropped.
    static void end(Injection &injection);
    template <typename T>
    [[nodiscard]] T onAnotherThread(std::function<T()> work);
    [[nodiscard]] domain::Result<stacks::StackSnapshot> look();

    std::unique_ptr<ChaosLab> m_chaos;
    std::unique_ptr<stacks::RancherBackend> m_backend;
    std::shared_ptr<Ledger> m_ledger;
};

namespace {

constexpr int many = 50;

} // namespace

template <typename T>
T tst_injection::onAnotherThread(std::function<T()> work)
{
    std::optional<T> out;
    const std::unique_ptr<QThread> thread(QThread::create([&] { out = work(); }));
    thread->start();
    (void)QTest::qWaitFor([&] { return thread->isFinished(); }, 180'000);
    thread->wait();
    return std::move(*out);
}

domain::Result<stacks::StackSnapshot> tst_injection::look()
{
    return onAnotherThread<domain::Result<stacks::StackSnapshot>>(
        [this] { return askWorld(*m_backend); });
}

void tst_injection::initTestCase()
{
    if (const QString why = ChaosLab::whyNot(); !why.isEmpty())
        QSKIP(qPrintable(why));
    m_chaos = std::make_unique<ChaosLab>();
    const QString trouble = m_chaos->start(3);
    QVERIFY2(trouble.isEmpty(), qPrintable(trouble));
    const auto workspace = m_chaos->lab().workspace();
    QVERIFY(workspace);
    const auto secrets = settings::resolveSecrets(*workspace);
    QVERIFY(secrets);
    m_backend = std::make_unique<stacks::RancherBackend>(
        *workspace->rancher, secrets->rancherAccessKey, secrets->rancherSecretKey);
    const auto ledger = Ledger::open(m_chaos->ledgerFile());
    QVERIFY(ledger);
    m_ledger = *ledger;
}

InjectionWish tst_injection::wish(
    const char *kind, std::map<std::string, std::string> arguments, int member)
{
    InjectionWish out;
    const auto world = look();
    if (!world)
        return out;
    TargetWish target;
    target.stack = QStringLiteral("kv");
    target.pick = QStringLiteral("names");
    target.names = { QStringLiteral("node-%1").arg(member) };
    const auto picked = pickTargets(*world, target);
    if (!picked)
        qFatal("%s", qPrintable(picked.error().text()));
    const auto peers = withPeers(*world, target, QString::fromLatin1(kind), *picked, arguments);
    out.spec = { newFaultId(), QString::fromLatin1(kind), std::move(arguments), 10s, 60s,
        peers->front().target, peers->front().peers };
    out.origin.server = m_chaos->lab().url().toString();
    out.origin.stack = QStringLiteral("kv");
    out.origin.owner = QStringLiteral("test");
    return out;
}

std::unique_ptr<Injection> tst_injection::inject(const InjectionWish &wish)
{
    return std::make_unique<Injection>(*m_backend, m_ledger, wish);
}

void tst_injection::end(Injection &injection)
{
    injection.stop();
    QTRY_VERIFY_WITH_TIMEOUT(injection.hasEnded(), 90'000);
}

void tst_injection::networkFaultsAreInForceWithinASecond()
{
    const std::pair<const char *, std::map<std::string, std::string>> kinds[]{
        { "network.delay", { { "delay", "100ms" }, { "from", "node" } } },
        { "network.partition", {} },
        { "network.loss", { { "percent", "30" }, { "from", "node" } } },
    };
    std::vector<long> times;
    for (int round = 0; round < 3; ++round) {
        for (const auto &[kind, arguments] : kinds) {
            const auto one = inject(wish(kind, arguments));
            QTRY_VERIFY_WITH_TIMEOUT(one->isInForce() || one->hasEnded(), 60'000);
            const auto trouble = one->trouble();
            QVERIFY2(one->wasInForce(), trouble ? qPrintable(trouble->text()) : kind);
            QVERIFY(!m_chaos->residue(one->record().target.dockerId).isEmpty());
            times.push_back(long(one->timeToForce().count()));
            end(*one);
            QCOMPARE(one->record().state, FaultState::Out);
            QCOMPARE(m_chaos->residue(one->record().target.dockerId), QString());
        }
    }
    std::sort(times.begin(), times.end());
    qInfo("from request to in force: median %ld ms, from %ld to %ld ms (9 faults)", times[4],
        times.front(), times.back());
    if (times[4] >= 1'000)
        qWarning("the median is above one second; is the machine busy?");
    QVERIFY(times[4] < 3'000); // the limit itself is for an idle machine: scripts/torture prints it
}

void tst_injection::aFaultThatIsInTheWayIsRefusedOrAwaited()
{
    const auto first = inject(wish("network.delay", { { "delay", "50ms" } }));
    QTRY_VERIFY_WITH_TIMEOUT(first->isInForce(), 60'000);
    const auto second = inject(wish("network.loss", { { "percent", "5" } }));
    QTRY_VERIFY_WITH_TIMEOUT(second->hasEnded(), 60'000);
    QCOMPARE(second->record().state, FaultState::Refused);
    QCOMPARE(second->trouble()->kind, domain::ErrorKind::Conflict);

    InjectionWish patient = wish("network.loss", { { "percent", "30" }, { "from", "node" } });
    patient.onConflict = OnConflict::Wait;
    const auto third = inject(patient);
    QTest::qWait(500);
    QVERIFY(!third->isInForce() && !third->hasEnded());
    end(*first);
    QTRY_VERIFY_WITH_TIMEOUT(third->isInForce(), 60'000);
    end(*third);
    QCOMPARE(third->record().state, FaultState::Out);
}

void tst_injection::aKilledHelperIsUndoneByAnother()
{
    const auto one = inject(wish("network.partition", {}));
    QTRY_VERIFY_WITH_TIMEOUT(one->isInForce(), 60'000);
    const QString target = one->record().target.dockerId;
    const QStringList helpers = m_chaos->helpers();
    QCOMPARE(helpers.size(), 1);
    const auto killed = m_chaos->lab().docker({ QStringLiteral("kill"), QStringLiteral("-s"),
        QStringLiteral("KILL"), helpers.front().section(u' ', 0, 0) });
    QCOMPARE(killed.exitCode, 0);
    QTRY_VERIFY_WITH_TIMEOUT(one->hasEnded(), 60'000);
    QCOMPARE(one->record().state, FaultState::Out);
    QCOMPARE(m_chaos->residue(target), QString());
    QTRY_VERIFY_WITH_TIMEOUT(m_chaos->helpers().isEmpty(), 30'000);
}

void tst_injection::aTargetThatIsStartedAgainIsFollowed()
{
    InjectionWish following
        = wish("network.delay", { { "delay", "100ms" }, { "from", "node" } }, 2);
    following.follows = true;
    const auto one = inject(following);
    QTRY_VERIFY_WITH_TIMEOUT(one->isInForce(), 60'000);
    const QString first = one->record().id;
    const auto restarted = m_chaos->ctl({ QStringLiteral("restart"), QStringLiteral("kv/node-2") });
    QVERIFY2(restarted.exitCode == 0, restarted.text().constData());
    QTRY_VERIFY_WITH_TIMEOUT(one->isInForce() && one->record().id != first, 60'000);
    QVERIFY(!m_chaos->residue(one->record().target.dockerId).isEmpty());
    end(*one);
    QVERIFY(isOver((*m_ledger->find(first))->state));
    QCOMPARE(m_chaos->residue(one->record().target.dockerId), QString());
}

void tst_injection::fiftyFaultsAreStoppedInFiveSeconds()
{
    const auto scaled = m_chaos->ctl({ QStringLiteral("scale"),
        QStringLiteral("kv/node=%1").arg(many), QStringLiteral("--wait") });
    QVERIFY2(scaled.exitCode == 0, scaled.text().constData());
    std::vector<std::unique_ptr<Injection>> all;
    for (int member = 1; member <= many; ++member) {
        InjectionWish held = wish("network.partition", {}, member);
        held.spec.duration = 10min;
        held.isHeld = held.leavesInForce = true;
        all.push_back(inject(held));
    }
    QTRY_VERIFY_WITH_TIMEOUT(
        std::all_of(all.begin(), all.end(), [](const auto &one) { return one->hasEnded(); }),
        180'000);
    for (const auto &one : all)
        QVERIFY2(one->isInForce(), qPrintable(one->record().detail));
    const auto known = onAnotherThread<domain::Result<QList<KnownFault>>>(
        [this] { return knownFaults(*m_backend, *m_ledger, m_chaos->lab().url().toString()); });
    QVERIFY(known);
    QCOMPARE(known->size(), many);
    const auto begin = std::chrono::steady_clock::now();
    const auto ended = onAnotherThread<QList<ReapedFault>>([&] {
        return undoAll(*m_backend, *m_ledger, *known, [](const KnownFault &) { return QString(); });
    });
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - begin);
    qInfo("%d faults were undone and verified in %lld ms", many, (long long)took.count());
    for (const ReapedFault &one : ended)
        QVERIFY2(one.record.state == FaultState::Out, qPrintable(one.record.detail));
    QVERIFY(took < 15s); // five on an idle machine
    QCOMPARE(m_chaos->residue(m_chaos->member(7)), QString());
}

void tst_injection::nothingIsLeft()
{
    QTRY_COMPARE_WITH_TIMEOUT(m_chaos->helpers(), QStringList(), 60'000);
    QVERIFY(m_ledger->unresolved()->isEmpty());
}

QTEST_GUILESS_MAIN(tst_injection)
#include "tst_injection.moc"
