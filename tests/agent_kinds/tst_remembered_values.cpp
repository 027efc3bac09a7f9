// SPDX-License-Identifier: GPL-3.0-or-later
// Both kinds of cgroup tree, made of plain files: what the kernel of this machine doesn't have is
// tried, too.
#include "services/agent/cgroup/cgroup_tree.h"
#include "services/agent/cgroup/limits.h"
#include "services/agent/cgroup/remembered_values.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace faultline::agent;

namespace {

const std::string container(64, 'c');
const std::string fault = "f-0123456789abcdef";

} // namespace

class TestRememberedValues : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void theCgroupOfAContainerIsFoundHoweverItIsNested_data();
    void theCgroupOfAContainerIsFoundHoweverItIsNested();
    void aValueIsWrittenBackByAnybodyWhoComesLater();
    void theCgroupOfAnInterruptedProofIsRemoved();
    void whatSomebodyElseSetMeanwhileIsLeftAlone();
    void twoFaultsOnOneValueAreRefused();
    void aMissingValueLeavesNothingBehind();
    void aQuotaIsMadeOfThePeriodThatIsThere_data();
    void aQuotaIsMadeOfThePeriodThatIsThere();
    void aTighterLimitIsNotLoosened();
    void transferLimitsNameEachDisk();
    void aPausedTargetIsRefused();

private:
    void put(const QString &path, const QByteArray &content);
    [[nodiscard]] QByteArray content(const QString &path) const;
    [[nodiscard]] std::filesystem::path root() const { return m_folder->path().toStdString(); }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestRememberedValues::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
}

void TestRememberedValues::put(const QString &path, const QByteArray &content)
{
    const QString full = m_folder->filePath(path);
    QDir().mkpath(QFileInfo(full).path());
    QFile file(full);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
}

QByteArray TestRememberedValues::content(const QString &path) const
{
    QFile file(m_folder->filePath(path));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void TestRememberedValues::theCgroupOfAContainerIsFoundHoweverItIsNested_data()
{
    QTest::addColumn<QString>("folder");
    QTest::addColumn<bool>("unified");
    const QString id = QString::fromStdString(container);
    QTest::newRow("cgroupfs") << QStringLiteral("cpu/docker/") + id << false;
    QTest::newRow("systemd") << QStringLiteral("system.slice/docker-") + id
            + QStringLiteral(".scope")
                             << true;
    QTest::newRow("kubernetes") << QStringLiteral("kubepods.slice/kubepods-a.slice/cri-containerd-")
            + id + QStringLiteral(".scope")
                                << true;
    QTest::newRow("nested engine") << QStringLiteral("cpu/docker/") + QString(64, QLatin1Char('d'))
            + QStringLiteral("/docker/")
            + id << false;
}

void TestRememberedValues::theCgroupOfAContainerIsFoundHoweverItIsNested()
{
    QFETCH(QString, folder);
    QFETCH(bool, unified);
    if (unified)
        put(QStringLiteral("cgroup.controllers"), "cpu io memory\n");
    put(folder + QStringLiteral("/cgroup.procs"), "");
    const CgroupTree tree(root());
    QCOMPARE(tree.isUnified(), unified);
    const auto found = tree.folder("cpu", container);
    QVERIFY(found.has_value());
    QCOMPARE(QString::fromStdString(found->string()), m_folder->filePath(folder));
    QVERIFY(!tree.folder("cpu", std::string(64, 'e')));
    QVERIFY(tree.hasController("cpu"));
    QVERIFY(!tree.hasController("rdma"));
}

void TestRememberedValues::aValueIsWrittenBackByAnybodyWhoComesLater()
{
    put(QStringLiteral("cpu.max"), "max 100000\n");
    QVERIFY(RememberedValues(root(), fault).change("cpu.max", "", "50000 100000").has_value());
    QCOMPARE(content(QStringLiteral("cpu.max")).left(12), QByteArray("50000 100000"));
    RememberedValues later(root(), fault);
    QCOMPARE(later.changed().size(), std::size_t{ 1 });
    QCOMPARE(later.changed().front().was, std::string("max 100000"));
    put(QStringLiteral("cpu.max"), "50000 100000\n"); // as the kernel shows it
    QVERIFY(later.restore().has_value());
    QCOMPARE(content(QStringLiteral("cpu.max")).left(10), QByteArray("max 100000"));
    QVERIFY(later.changed().empty());
    QCOMPARE(QDir(m_folder->path()).entryList(QDir::Dirs | QDir::NoDotAndDotDot).size(), 0);
    QVERIFY(later.restore().has_value());
}

void TestRememberedValues::theCgroupOfAnInterruptedProofIsRemoved()
{
    QVERIFY(QDir(m_folder->path()).mkdir(QStringLiteral("faultline-f-0123456789abcdef-probe")));
    QVERIFY(QDir(m_folder->path()).mkdir(QStringLiteral("faultline-f-ffffffffffffffff-probe")));
    QVERIFY(RememberedValues(root(), fault).restore().has_value());
    QCOMPARE(QDir(m_folder->path()).entryList(QDir::Dirs | QDir::NoDotAndDotDot),
        QStringList{ QStringLiteral("faultline-f-ffffffffffffffff-probe") });
}

void TestRememberedValues::whatSomebodyElseSetMeanwhileIsLeftAlone()
{
    put(QStringLiteral("cpu.cfs_quota_us"), "-1\n");
    RememberedValues values(root(), fault);
    QVERIFY(values.change("cpu.cfs_quota_us", "", "50000").has_value());
    put(QStringLiteral("cpu.cfs_quota_us"), "70000\n");
    QVERIFY(values.restore().has_value());
    QCOMPARE(content(QStringLiteral("cpu.cfs_quota_us")), QByteArray("70000\n"));
    QVERIFY(!values.leftAlone().empty());
    QVERIFY(values.changed().empty());
}

void TestRememberedValues::twoFaultsOnOneValueAreRefused()
{
    put(QStringLiteral("cpu.cfs_quota_us"), "-1\n");
    QVERIFY(RememberedValues(root(), fault).change("cpu.cfs_quota_us", "", "50000").has_value());
    const auto second
        = RememberedValues(root(), "f-ffffffffffffffff").change("cpu.cfs_quota_us", "", "10000");
    QVERIFY(!second && second.error().refusal == Refusal::Foreign);
    QVERIFY(RememberedValues(root(), "f-ffffffffffffffff").restore().has_value());
    QCOMPARE(RememberedValues(root(), fault).changed().size(), std::size_t{ 1 });
}

void TestRememberedValues::aMissingValueLeavesNothingBehind()
{
    const auto changed = RememberedValues(root(), fault).change("cpu.cfs_quota_us", "", "50000");
    QVERIFY(!changed && changed.error().refusal == Refusal::CannotHere);
    QVERIFY(QDir(m_folder->path()).isEmpty());
}

void TestRememberedValues::aQuotaIsMadeOfThePeriodThatIsThere_data()
{
    QTest::addColumn<bool>("unified");
    QTest::addColumn<QString>("set");
    QTest::newRow("version 1") << false << QStringLiteral("25000");
    QTest::newRow("version 2") << true << QStringLiteral("25000 50000");
}

void TestRememberedValues::aQuotaIsMadeOfThePeriodThatIsThere()
{
    QFETCH(bool, unified);
    if (unified)
        put(QStringLiteral("cgroup.controllers"), "cpu\n");
    put(QStringLiteral("cpu.max"), "max 50000\n");
    put(QStringLiteral("cpu.cfs_quota_us"), "-1\n");
    put(QStringLiteral("cpu.cfs_period_us"), "50000\n");
    const auto values
        = ProcessorLimit(0.5, fault).values(CgroupTree(root()), RememberedValues(root(), fault));
    QVERIFY(values && values->size() == 1);
    QTEST(QString::fromStdString(values->front().set), "set");
}

void TestRememberedValues::aTighterLimitIsNotLoosened()
{
    put(QStringLiteral("cpu.cfs_quota_us"), "20000\n");
    put(QStringLiteral("cpu.cfs_period_us"), "100000\n");
    const auto values
        = ProcessorLimit(0.5, fault).values(CgroupTree(root()), RememberedValues(root(), fault));
    QVERIFY(!values && values.error().refusal == Refusal::Foreign);
}

void TestRememberedValues::transferLimitsNameEachDisk()
{
    put(QStringLiteral("block/vda/dev"), "254:0\n");
    put(QStringLiteral("block/sdb/dev"), "8:16\n");
    put(QStringLiteral("block/loop0/dev"), "7:0\n");
    QCOMPARE(disks(root() / "block"), (std::vector<std::string>{ "254:0", "8:16" }));
    put(QStringLiteral("cgroup.controllers"), "io\n");
    put(QStringLiteral("io.max"), "8:16 rbps=max wbps=1000 riops=max wiops=max\n");
    const TransferLimit limit({ { { "writeBytes", 5 } }, { "8:16" } });
    RememberedValues values(root(), fault);
    const auto planned = limit.values(CgroupTree(root()), values);
    QVERIFY(planned && planned->size() == 1);
    QCOMPARE(planned->front().key, std::string("8:16.wbps"));
    QCOMPARE(values.now("io.max", "8:16.wbps"), std::string("1000"));
    QCOMPARE(values.now("io.max", "8:0.wbps"), std::string("max"));
    QCOMPARE(values.now("io.max", "8:16.rbps"), std::string("max"));
    QVERIFY(values.change("io.max", "8:16.wbps", "5").has_value());
    QVERIFY(content(QStringLiteral("io.max")).startsWith("8:16 wbps=5"));
}

void TestRememberedValues::aPausedTargetIsRefused()
{
    put(QStringLiteral("freezer.state"), "FROZEN\n");
    const auto values
        = Freeze(container).values(CgroupTree(root()), RememberedValues(root(), fault));
    QVERIFY(!values && values.error().refusal == Refusal::Foreign);
}

QTEST_GUILESS_MAIN(TestRememberedValues)
#include "tst_remembered_values.moc"
