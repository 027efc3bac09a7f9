// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/process/target_processes.h"

#include <QTest>

#include <string>
#include <unistd.h>

using namespace faultline::agent;

namespace {

const std::string mine(64, 'a');
const std::string other(64, 'b');

} // namespace

class TestTargetProcesses : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aProcessIsTheTargetsOnlyByItsInnermostContainer_data();
    void aProcessIsTheTargetsOnlyByItsInnermostContainer();
    void thisProcessIsAliveAndAnEarlierOneOfItsNumberIsNot();
    void withoutAContainerNothingIsATarget();
};

void TestTargetProcesses::aProcessIsTheTargetsOnlyByItsInnermostContainer_data()
{
    QTest::addColumn<QByteArray>("cgroups");
    QTest::addColumn<bool>("named");
    const auto row = [](const char *name, const std::string &cgroups, bool named) {
        QTest::newRow(name) << QByteArray::fromStdString(cgroups) << named;
    };
    row("cgroupfs v1", "4:memory:/docker/" + mine + "\n1:name=systemd:/docker/" + mine + "\n",
        true);
    row("systemd v2", "0::/system.slice/docker-" + mine + ".scope\n", true);
    row("kubernetes", "0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-" + mine + ".scope\n",
        true);
    row("seen from a cgroup namespace", "0::/../" + mine + "\n", true);
    row("an init inside", "0::/docker/" + mine + "/init.scope\n", true);
    row("another container", "0::/docker/" + other + "\n", false);
    row("a helper nested in the target", "4:memory:/docker/" + mine + "/" + other + "\n", false);
    row("load of ours moved into the target",
        "4:cpu:/docker/" + mine + "/faultline-f-1\n3:pids:/docker/" + other + "\n", false);
    row("load of ours seen with one controller", "4:cpu:/docker/" + mine + "/faultline-f-1\n",
        false);
    row("in two containers at once", "4:cpu:/docker/" + mine + "\n3:pids:/docker/" + other + "\n",
        false);
    row("a longer number", "0::/docker/" + mine + "a\n", false);
    row("no container", "0::/user.slice\n", false);
    row("nothing", "", false);
}

void TestTargetProcesses::aProcessIsTheTargetsOnlyByItsInnermostContainer()
{
    QFETCH(QByteArray, cgroups);
    QTEST(cgroupsNameContainer(cgroups.toStdString(), mine), "named");
}

void TestTargetProcesses::thisProcessIsAliveAndAnEarlierOneOfItsNumberIsNot()
{
    const auto self = processOf(getpid());
    QVERIFY(self.has_value());
    QVERIFY(self->start > 0);
    QVERIFY(isAlive(*self));
    QVERIFY(!isAlive({ self->number, self->start - 1 }));
}

void TestTargetProcesses::withoutAContainerNothingIsATarget()
{
    QVERIFY(targetProcesses({ {}, {}, Pids::Host }).empty());
    QVERIFY(targetProcesses({ mine, {}, Pids::Unseen }).empty());
    QCOMPARE(findTarget({ {}, {}, Pids::Host }).error().refusal, Refusal::BadSpec);
    QCOMPARE(findTarget({ mine, {}, Pids::Unseen }).error().refusal, Refusal::CannotHere);
    QCOMPARE(findTarget({ mine, {}, Pids::Host }).error().refusal, Refusal::Moot);
}

QTEST_GUILESS_MAIN(TestTargetProcesses)
#include "tst_target_processes.moc"
