// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/faults/target_pick.h"

#include <QTest>

using namespace faultline;
using namespace faultline::faults;

class tst_target_pick : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theSameSeedPicksTheSameOnes();
    void whatIsProtectedIsLeftOutUnlessItIsNamed();
    void noRoleNeverMeansAll();
    void aLeaderIsKnownByNameServiceOrAddress();
    void shapesCutWhomTheySay_data();
    void shapesCutWhomTheySay();
    void aPartitionLeavesTheOutsideAlone();

private:
    [[nodiscard]] static stacks::StackSnapshot world(int members);
    [[nodiscard]] static TargetWish wish(const char *pick);
};

stacks::StackSnapshot tst_target_pick::world(int members)
{
    stacks::StackSnapshot out;
    domain::Stack stack;
    stack.id = domain::StackId(QStringLiteral("1st1"));
    stack.name = QStringLiteral("kv");
    out.stacks = { stack };
    domain::Service service;
    service.id = domain::ServiceId(QStringLiteral("1s1"));
    service.stackId = stack.id;
    service.name = QStringLiteral("node");
    out.services = { service };
    for (int i = 1; i <= members; ++i) {
        domain::Container one;
        one.id = domain::ContainerId(QStringLiteral("1i%1").arg(i));
        one.stackId = stack.id;
        one.serviceId = service.id;
        one.name = QStringLiteral("kv-node-%1").arg(i);
        one.externalId = QStringLiteral("docker%1").arg(i);
        one.primaryAddress = QStringLiteral("10.0.0.%1").arg(i);
        one.ports = { { {}, 32'000 + i, 2'379, QStringLiteral("tcp") } };
        one.life.state = domain::State::Running;
        out.containers += one;
    }
    return out;
}

TargetWish tst_target_pick::wish(const char *pick)
{
    TargetWish out;
    out.stack = QStringLiteral("kv");
    out.role = QStringLiteral("node");
    out.pick = QString::fromLatin1(pick);
    out.seed = 7;
    return out;
}

void tst_target_pick::theSameSeedPicksTheSameOnes()
{
    const auto one = pickTargets(world(5), wish("minority"));
    const auto same = pickTargets(world(5), wish("minority"));
    QVERIFY(one && same);
    QCOMPARE(one->size(), 2);
    QCOMPARE(one->front().id, same->front().id);
    QSet<QString> seen;
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        TargetWish other = wish("one");
        other.seed = seed;
        seen += pickTargets(world(5), other)->front().name;
    }
    QCOMPARE(seen.size(), 5);
}

void tst_target_pick::whatIsProtectedIsLeftOutUnlessItIsNamed()
{
    stacks::StackSnapshot all = world(2);
    all.containers[0].labels.insert(QStringLiteral("faultline.protect"), QStringLiteral("true"));
    const auto rest = pickTargets(all, wish("all"));
    QVERIFY(rest);
    QCOMPARE(rest->size(), 1);
    QCOMPARE(rest->front().name, QStringLiteral("kv-node-2"));
    TargetWish named = wish("names");
    named.names = { QStringLiteral("node-1") };
    QCOMPARE(pickTargets(all, named)->front().name, QStringLiteral("kv-node-1"));
    all.containers[1].labels = all.containers[0].labels;
    QCOMPARE(pickTargets(all, wish("all")).error().kind, domain::ErrorKind::Invalid);
}

void tst_target_pick::noRoleNeverMeansAll()
{
    TargetWish none = wish("all");
    none.role.clear();
    QVERIFY(!pickTargets(world(3), none));
    none.role = QStringLiteral("other");
    QCOMPARE(pickTargets(world(3), none).error().kind, domain::ErrorKind::NotFound);
    QVERIFY(!pickTargets(world(3), wish("every")));
    QVERIFY(!pickTargets(world(1), wish("minority")));
}

void tst_target_pick::aLeaderIsKnownByNameServiceOrAddress()
{
    TargetWish leader = wish("leader");
    for (const char *answer : { "kv-node-2", "node-2", "http://127.0.0.1:32002" }) {
        leader.leader = QString::fromLatin1(answer);
        const auto found = pickTargets(world(3), leader);
        QVERIFY2(found, answer);
        QCOMPARE(found->front().name, QStringLiteral("kv-node-2"));
    }
    leader.leader = QStringLiteral("node"); // three containers
    QVERIFY(!pickTargets(world(3), leader));
}

void tst_target_pick::shapesCutWhomTheySay_data()
{
    QTest::addColumn<int>("members");
    QTest::addColumn<QString>("shape");
    QTest::addColumn<QString>("cuts");
    QTest::newRow("halves") << 4 << "halves"
                            << "1:3,4 2:3,4 3:1,2 4:1,2";
    QTest::newRow("minority") << 5 << "minority"
                              << "1:3,4,5 2:3,4,5 3:1,2 4:1,2 5:1,2";
    QTest::newRow("bridge") << 5 << "bridge"
                            << "1:3,4 2:3,4 3:1,2 4:1,2";
    QTest::newRow("ring") << 5 << "ring"
                          << "1:3,4 2:4,5 3:1,5 4:1,2 5:2,3";
}

void tst_target_pick::shapesCutWhomTheySay()
{
    QFETCH(int, members);
    QFETCH(QString, shape);
    QFETCH(QString, cuts);
    const stacks::StackSnapshot all = world(members);
    const auto targets = pickTargets(all, wish("all"));
    const auto cut = withPeers(all, wish("all"), QStringLiteral("network.partition"), *targets,
        { { "shape", shape.toStdString() } });
    QVERIFY2(cut, cut ? "" : qPrintable(cut.error().text()));
    QStringList seen;
    for (const PickedTarget &one : *cut) {
        QStringList peers = one.peers;
        peers.replaceInStrings(QStringLiteral("10.0.0."), QString());
        seen += one.target.name.mid(8) + u':' + peers.join(u',');
    }
    QCOMPARE(seen.join(u' '), cuts);
}

void tst_target_pick::aPartitionLeavesTheOutsideAlone()
{
    const auto targets = pickTargets(world(3), wish("one"));
    const auto cut
        = withPeers(world(3), wish("one"), QStringLiteral("network.partition"), *targets, {});
    QVERIFY(cut);
    QCOMPARE(cut->front().peers.size(), 2); // members, not everybody
    const auto whole = withPeers(world(3), wish("one"), QStringLiteral("network.partition"),
        *targets, { { "from", "all" } });
    QVERIFY(whole && whole->front().peers.isEmpty());
    QVERIFY(!withPeers(world(3), wish("one"), QStringLiteral("network.delay"), *targets,
        { { "from", "nobody" } }));
    const auto alone = pickTargets(world(1), wish("one"));
    // Without peers it would be cut off from everybody, which nobody asked for.
    QVERIFY(!withPeers(world(1), wish("one"), QStringLiteral("network.partition"), *alone, {}));
}

QTEST_GUILESS_MAIN(tst_target_pick)
#include "tst_target_pick.moc"
