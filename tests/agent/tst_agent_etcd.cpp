// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/agent/agent_bench.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using faultline::tests::AgentBench;
using faultline::tests::HeldFault;

namespace {

QString text(const char *words)
{
    return QString::fromLatin1(words);
}

const QStringList members{ QStringLiteral("e1"), QStringLiteral("e2"), QStringLiteral("e3") };

} // namespace

/// What a partition does to a real database: a cluster of three members of etcd whose leader is cut
/// off.
class TestAgentEtcd : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aLeaderThatIsCutOffIsReplacedAndComesBack();

private:
    faultline::tests::DockerAnswer etcdctl(const QString &member, const QString &arguments) const;
    bool writes(const QString &member, const QString &key) const;
    /// As one of these members sees it; empty when it sees none.
    QString leader(const QStringList &asked) const;

    AgentBench m_bench;
};

void TestAgentEtcd::initTestCase()
{
    if (const QString why = m_bench.startNetwork({ text("faultline/etcd:3.4") }); !why.isEmpty())
        QSKIP(qPrintable(why));
    QStringList cluster;
    for (const QString &one : members)
        cluster << QStringLiteral("%1=http://%2:2380").arg(one, m_bench.name(one));
    for (const QString &one : members) {
        const QString host = m_bench.name(one);
        const QString command = QStringLiteral(
            "etcd --name %1 --data-dir /tmp/data --listen-peer-urls http://0.0.0.0:2380 "
            "--initial-advertise-peer-urls http://%2:2380 --listen-client-urls http://0.0.0.0:2379 "
            "--advertise-client-urls http://%2:2379 --initial-cluster %3")
                                    .arg(one, host, cluster.join(QLatin1Char(',')));
        const auto ran = m_bench.docker({ text("run"), text("-d"), text("--name"), host,
            text("--network"), m_bench.name(text("net")), text("faultline/etcd:3.4"), text("sh"),
            text("-c"), text("exec ") + command });
        QVERIFY2(ran.code == 0, qPrintable(ran.err));
    }
    QTRY_VERIFY_WITH_TIMEOUT(writes(text("e1"), text("first")) && writes(text("e2"), text("first"))
            && writes(text("e3"), text("first")),
        60000);
}

faultline::tests::DockerAnswer TestAgentEtcd::etcdctl(
    const QString &member, const QString &arguments) const
{
    return m_bench.docker({ text("exec"), text("-e"), text("ETCDCTL_API=3"), m_bench.name(member),
        text("sh"), text("-c"), text("etcdctl --command-timeout=1500ms ") + arguments });
}

bool TestAgentEtcd::writes(const QString &member, const QString &key) const
{
    return etcdctl(member, QStringLiteral("put %1 yes").arg(key)).code == 0;
}

QString TestAgentEtcd::leader(const QStringList &asked) const
{
    for (const QString &member : asked) {
        const QJsonObject status
            = QJsonDocument::fromJson(etcdctl(member, text("endpoint status -w json")).out.toUtf8())
                  .array()
                  .at(0)
                  .toObject()
                  .value(text("Status"))
                  .toObject();
        const QJsonValue id = status.value(text("header")).toObject().value(text("member_id"));
        if (!id.isUndefined() && status.value(text("leader")) == id)
            return member;
    }
    return {};
}

void TestAgentEtcd::aLeaderThatIsCutOffIsReplacedAndComesBack()
{
    const QString old = leader(members);
    QVERIFY(!old.isEmpty());
    QStringList others = members;
    others.removeAll(old);
    m_bench.aim(m_bench.name(old),
        { m_bench.addressOf(m_bench.name(others[0])), m_bench.addressOf(m_bench.name(others[1])) });
    HeldFault fault(m_bench, text("network.partition"), {}, 120);
    QVERIFY2(fault.waitFor(text("in force")), fault.said().constData());
    QElapsedTimer timer;
    timer.start();
    QTRY_VERIFY_WITH_TIMEOUT(!leader(others).isEmpty(), 30000);
    qInfo("a new leader within %lld ms", static_cast<long long>(timer.elapsed()));
    QTRY_VERIFY_WITH_TIMEOUT(writes(others[0], text("meanwhile")), 20000);
    QVERIFY(!writes(old, text("lost")));
    const auto probe = m_bench.docker({ text("exec"), fault.helperName(), text("faultline-agent"),
        text("probe"), QString::fromUtf8(fault.json()) });
    QVERIFY2(probe.out.contains(text("\"state\":\"in force\"")), qPrintable(probe.out));
    (void)fault.order("{\"stop\":true}");
    QCOMPARE(fault.end(), 0);
    timer.restart();
    // Its own copy, whoever leads.
    QTRY_COMPARE_WITH_TIMEOUT(
        etcdctl(old, text("get --consistency=s --print-value-only meanwhile")).out, text("yes"),
        30000);
    qInfo("converged %lld ms after the partition was out", static_cast<long long>(timer.elapsed()));
    QTRY_VERIFY_WITH_TIMEOUT(writes(old, text("after")), 20000);
    QCOMPARE(etcdctl(others[1], text("get --print-value-only lost")).out, QString());
}

QTEST_GUILESS_MAIN(TestAgentEtcd)
#include "tst_agent_etcd.moc"
