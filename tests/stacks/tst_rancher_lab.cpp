// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/stacks/rancher/rancher_backend.h"
#include "tests/e2e/lab_process.h"
#include "tests/support/answers.h"

#include <QSignalSpy>
#include <QTest>

using namespace faultline;
using namespace faultline::tests;
using domain::ErrorKind;

namespace {

const QString quickEnd
    = QStringLiteral("  %1:\n    image: faultline/busybox:1\n    command: [sh, -c, \"trap exit "
                     "TERM; echo up; while true; do sleep 0.1; done\"]\n");

QString composeOf(const char *service)
{
    return QStringLiteral("version: '2'\nservices:\n") + quickEnd.arg(QLatin1String(service));
}

} // namespace

/// The Rancher client against a real lab and a real engine: what goes beyond creating and removing.
class TestRancherLab : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void aServiceIsUpgradedAndFinished();
    void aStackIsUpgradedAndRolledBack();
    void upgradesThatHangAreCanceledAndGoOnOrBack();
    void rollingBackWithoutAnUpgradeIsAConflict();
    void composeFilesOfWhatRunsAreExported();
    void aTerminalCarriesBytesBothWaysAndItsSize();
    void aTerminalEndsWithItsCommand();
    void withoutATerminalTheOutputIsDockersFrames();
    void aTerminalInAStoppedContainerIsAConflict();
    void aHelperSharesANetworkRunsOnceAndLeavesItsLog();
    void usageOfAContainerAndOfAHostComesEverySecond();
    void usageOfAStoppedContainerEnds();

private:
    template <typename T>
    domain::Result<T> ask(std::function<net::Call(domain::Done<T>)> start)
    {
        return answerOf<T>(std::move(start));
    }
    [[nodiscard]] domain::Stack up(const char *name, const char *service);
    [[nodiscard]] stacks::StackSnapshot world();
    [[nodiscard]] domain::Service service(const QString &name);
    [[nodiscard]] domain::Container container(const QString &name);
    [[nodiscard]] QString stackState(const domain::StackId &id);

    std::unique_ptr<LabProcess> m_lab;
    std::unique_ptr<stacks::RancherBackend> m_backend;
    domain::Stack m_shared; // a stack that only looks are taken at
};

void TestRancherLab::initTestCase()
{
    if (!LabProcess::dockerHost())
        QSKIP("no Docker Engine answers (FAULTLINE_DOCKER_HOST, DOCKER_HOST)");
    m_lab = std::make_unique<LabProcess>();
    QVERIFY2(m_lab->start(), qPrintable(m_lab->why()));
    const auto workspace = m_lab->workspace();
    QVERIFY(workspace && workspace->rancher);
    m_backend = std::make_unique<stacks::RancherBackend>(*workspace->rancher,
        m_lab->secret(QStringLiteral("rancher-access-key")),
        m_lab->secret(QStringLiteral("rancher-secret-key")));
    QTRY_VERIFY_WITH_TIMEOUT(
        !world().hosts.isEmpty() && world().hosts.first().life.state == domain::State::Active,
        30'000);
    m_shared = up("cl-shared", "main");
}

void TestRancherLab::cleanupTestCase()
{
    m_backend.reset();
    m_lab.reset();
}

domain::Stack TestRancherLab::up(const char *name, const char *service)
{
    stacks::StackSpec spec;
    spec.name = QLatin1String(name);
    spec.dockerCompose = composeOf(service);
    const auto created = ask<domain::Stack>(
        [&](auto done) { return m_backend->createStack(spec, std::move(done)); });
    if (!created)
        qFatal("%s", qPrintable(created.error().text()));
    if (!QTest::qWaitFor(
            [&] { return stackState(created->id) == QLatin1String("active"); }, 30'000))
        qFatal("%s did not start", name);
    return *created;
}

stacks::StackSnapshot TestRancherLab::world()
{
    return ask<stacks::StackSnapshot>([&](auto done) {
        return m_backend->snapshot(std::move(done));
    }).value_or(stacks::StackSnapshot());
}

domain::Service TestRancherLab::service(const QString &name)
{
    for (const domain::Service &one : world().services) {
        if (one.name == name)
            return one;
    }
    return {};
}

domain::Container TestRancherLab::container(const QString &name)
{
    for (const domain::Container &one : world().containers) {
        if (one.name == name)
            return one;
    }
    return {};
}

QString TestRancherLab::stackState(const domain::StackId &id)
{
    const auto stack
        = ask<domain::Stack>([&](auto done) { return m_backend->stack(id, std::move(done)); });
    return stack ? stack->life.state.text() : stack.error().text();
}

void TestRancherLab::aServiceIsUpgradedAndFinished()
{
    const domain::Stack stack = up("cl-service", "worker");
    const domain::Container before = container(QStringLiteral("cl-service-worker-1"));
    stacks::ServiceUpgradeSpec spec;
    spec.environment
        = QMap<QString, QString>{ { QStringLiteral("COLOUR"), QStringLiteral("blue") } };
    spec.interval = std::chrono::milliseconds(100);
    const auto started = ask<domain::Service>([&](auto done) {
        return m_backend->upgradeService(
            service(QStringLiteral("worker")).id, spec, std::move(done));
    });
    QVERIFY2(started, qPrintable(started ? QString() : started.error().text()));
    QCOMPARE(started->life.state, domain::State::Upgrading);
    QTRY_COMPARE_WITH_TIMEOUT(
        service(QStringLiteral("worker")).life.state.text(), QStringLiteral("upgraded"), 30'000);

    QList<domain::Container> now;
    for (const domain::Container &one : world().containers) {
        if (one.stackId == stack.id)
            now += one;
    }
    QCOMPARE(now.size(), 2);
    const domain::Container &fresh = now[0].id == before.id ? now[1] : now[0];
    QVERIFY(m_lab
                ->docker({ QStringLiteral("inspect"), QStringLiteral("-f"),
                    QStringLiteral("{{.Config.Env}} {{.Config.Cmd}}"), fresh.externalId })
                .out.contains("COLOUR=blue"));
    const auto finished = ask<domain::Service>([&](auto done) {
        return m_backend->runOnService(service(QStringLiteral("worker")).id,
            stacks::ServiceAction::FinishUpgrade, std::move(done));
    });
    QVERIFY2(finished, qPrintable(finished ? QString() : finished.error().text()));
    QTRY_COMPARE_WITH_TIMEOUT(
        service(QStringLiteral("worker")).life.state.text(), QStringLiteral("active"), 30'000);
    QCOMPARE(service(QStringLiteral("worker")).currentScale, 1);
    const auto removed = ask<domain::Stack>(
        [&](auto done) { return m_backend->removeStack(stack.id, std::move(done)); });
    QVERIFY(removed);
}

void TestRancherLab::aStackIsUpgradedAndRolledBack()
{
    const domain::Stack stack = up("cl-stack", "roller");
    const QString before = container(QStringLiteral("cl-stack-roller-1")).externalId;
    stacks::StackUpgradeSpec spec;
    spec.dockerCompose
        = composeOf("roller") + QStringLiteral("    environment: {SHAPE: \"${SHAPE}\"}\n");
    spec.environment = { { QStringLiteral("SHAPE"), QStringLiteral("round") } };
    const auto started = ask<domain::Stack>(
        [&](auto done) { return m_backend->upgradeStack(stack.id, spec, std::move(done)); });
    QVERIFY2(started, qPrintable(started ? QString() : started.error().text()));
    QTRY_COMPARE_WITH_TIMEOUT(stackState(stack.id), QStringLiteral("upgraded"), 30'000);
    const auto rolled = ask<domain::Stack>([&](auto done) {
        return m_backend->runOnStack(stack.id, stacks::StackAction::Rollback, std::move(done));
    });
    QVERIFY2(rolled, qPrintable(rolled ? QString() : rolled.error().text()));
    QTRY_COMPARE_WITH_TIMEOUT(stackState(stack.id), QStringLiteral("active"), 30'000);
    QTRY_COMPARE_WITH_TIMEOUT(
        container(QStringLiteral("cl-stack-roller-1")).externalId, before, 30'000);
    const auto removed = ask<domain::Stack>(
        [&](auto done) { return m_backend->removeStack(stack.id, std::move(done)); });
    QVERIFY(removed);
}

void TestRancherLab::upgradesThatHangAreCanceledAndGoOnOrBack()
{
    const domain::Stack stack = up("cl-cancel", "hanging");
    const QString before = container(QStringLiteral("cl-cancel-hanging-1")).externalId;
    const auto run = [&](stacks::ServiceAction action) {
        return ask<domain::Service>([&](auto done) {
            return m_backend->runOnService(
                service(QStringLiteral("hanging")).id, action, std::move(done));
        }).has_value();
    };
    const auto state = [&] { return service(QStringLiteral("hanging")).life.state.text(); };
    stacks::ServiceUpgradeSpec spec;
    spec.image = QStringLiteral("faultline/no-such:1");
    QVERIFY(ask<domain::Service>([&](auto done) {
        return m_backend->upgradeService(
            service(QStringLiteral("hanging")).id, spec, std::move(done));
    }));
    QVERIFY(run(stacks::ServiceAction::CancelUpgrade));
    QTRY_COMPARE_WITH_TIMEOUT(state(), QStringLiteral("canceled-upgrade"), 30'000);
    QVERIFY(run(stacks::ServiceAction::ContinueUpgrade));
    QTRY_COMPARE_WITH_TIMEOUT(state(), QStringLiteral("upgrading"), 30'000);
    QVERIFY(run(stacks::ServiceAction::CancelUpgrade));
    QVERIFY(run(stacks::ServiceAction::Rollback));
    QTRY_COMPARE_WITH_TIMEOUT(state(), QStringLiteral("active"), 30'000);
    stacks::StackUpgradeSpec whole;
    whole.dockerCompose = composeOf("hanging").replace(
        QStringLiteral("faultline/busybox:1"), QStringLiteral("faultline/no-such:2"));
    QVERIFY(ask<domain::Stack>(
        [&](auto done) { return m_backend->upgradeStack(stack.id, whole, std::move(done)); }));
    QTRY_COMPARE_WITH_TIMEOUT(stackState(stack.id), QStringLiteral("upgrading"), 30'000);
    for (const auto action : { stacks::StackAction::CancelUpgrade, stacks::StackAction::Rollback })
        QVERIFY(ask<domain::Stack>(
            [&](auto done) { return m_backend->runOnStack(stack.id, action, std::move(done)); }));
    QTRY_COMPARE_WITH_TIMEOUT(stackState(stack.id), QStringLiteral("active"), 30'000);
    QTRY_COMPARE_WITH_TIMEOUT(
        container(QStringLiteral("cl-cancel-hanging-1")).externalId, before, 30'000);
    QVERIFY(ask<domain::Stack>(
        [&](auto done) { return m_backend->removeStack(stack.id, std::move(done)); }));
}

void TestRancherLab::rollingBackWithoutAnUpgradeIsAConflict()
{
    const auto rolled = ask<domain::Stack>([&](auto done) {
        return m_backend->runOnStack(m_shared.id, stacks::StackAction::Rollback, std::move(done));
    });
    QVERIFY(!rolled);
    QCOMPARE(rolled.error().kind, ErrorKind::Conflict);
    QVERIFY(rolled.error().message.contains(QStringLiteral("rollback")));
}

void TestRancherLab::composeFilesOfWhatRunsAreExported()
{
    const auto files = ask<stacks::ComposeFiles>(
        [&](auto done) { return m_backend->exportCompose(m_shared.id, std::move(done)); });
    QVERIFY2(files, qPrintable(files ? QString() : files.error().text()));
    QVERIFY2(files->dockerCompose.contains(QStringLiteral("image: \"faultline/busybox:1\"")),
        qPrintable(files->dockerCompose));
    QVERIFY(files->rancherCompose.contains(QStringLiteral("scale: 1")));
    QVERIFY(!files->dockerCompose.contains(QLatin1Char('\r')));
    const auto missing = ask<stacks::ComposeFiles>([&](auto done) {
        return m_backend->exportCompose(
            domain::StackId(QStringLiteral("1st9999")), std::move(done));
    });
    QVERIFY(!missing);
    QCOMPARE(missing.error().kind, ErrorKind::NotFound);
}

void TestRancherLab::aTerminalCarriesBytesBothWaysAndItsSize()
{
    const auto terminal = m_backend->openTerminal(
        container(QStringLiteral("cl-shared-main-1")).id, { { QStringLiteral("/bin/sh") }, true });
    QVERIFY(terminal);
    QByteArray seen;
    connect(terminal.get(), &stacks::ContainerTerminal::received,
        [&seen](const QByteArray &bytes) { seen += bytes; });
    QSignalSpy failed(terminal.get(), &stacks::ContainerTerminal::failed);
    terminal->resize(123, 45); // before it is open: kept
    terminal->write("printf 'sum=%d\\n' $((40+2)); printf '\\303\\244\\377|\\n'\n");
    QTRY_VERIFY_WITH_TIMEOUT(seen.contains("sum=42"), 30'000);
    QTRY_VERIFY_WITH_TIMEOUT(seen.contains("\xc3\xa4\xff|"), 30'000); // no text: bytes
    // The size arrives beside the bytes, so it may come a little later than they do.
    const auto sizeIs = [&](const QByteArray &size) {
        bool isSeen = false;
        for (int tries = 0; tries < 30 && !isSeen; ++tries) {
            terminal->write("busybox stty size\n");
            isSeen = QTest::qWaitFor([&] { return seen.contains(size); }, 1'000);
        }
        return isSeen;
    };
    QVERIFY(sizeIs("45 123"));
    terminal->resize(80, 24);
    QVERIFY(sizeIs("24 80"));
    QCOMPARE(failed.size(), 0);
}

void TestRancherLab::aTerminalEndsWithItsCommand()
{
    const auto terminal = m_backend->openTerminal(
        container(QStringLiteral("cl-shared-main-1")).id, { { QStringLiteral("/bin/sh") }, true });
    QSignalSpy ended(terminal.get(), &stacks::ContainerTerminal::ended);
    terminal->write("exit 3\n");
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, 30'000);
}

void TestRancherLab::withoutATerminalTheOutputIsDockersFrames()
{
    const auto terminal = m_backend->openTerminal(container(QStringLiteral("cl-shared-main-1")).id,
        { { QStringLiteral("echo"), QStringLiteral("plain") }, false });
    QByteArray seen;
    connect(terminal.get(), &stacks::ContainerTerminal::received,
        [&seen](const QByteArray &bytes) { seen += bytes; });
    QSignalSpy ended(terminal.get(), &stacks::ContainerTerminal::ended);
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, 30'000);
    QCOMPARE(seen, QByteArray("\1\0\0\0\0\0\0\6plain\n", 14));
}

void TestRancherLab::aTerminalInAStoppedContainerIsAConflict()
{
    const domain::Stack stack = up("cl-stopped", "sleeper");
    const domain::ContainerId id = container(QStringLiteral("cl-stopped-sleeper-1")).id;
    const auto stopped = ask<domain::Stack>([&](auto done) {
        return m_backend->runOnStack(stack.id, stacks::StackAction::Deactivate, std::move(done));
    });
    QVERIFY(stopped);
    QTRY_COMPARE_WITH_TIMEOUT(container(QStringLiteral("cl-stopped-sleeper-1")).life.state.text(),
        QStringLiteral("stopped"), 30'000);
    const auto terminal = m_backend->openTerminal(id, { { QStringLiteral("/bin/sh") }, true });
    QSignalSpy failed(terminal.get(), &stacks::ContainerTerminal::failed);
    QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, 30'000);
    const auto error = failed.first().first().value<domain::Error>();
    QCOMPARE(error.kind, ErrorKind::Conflict);
    QVERIFY2(error.message.contains(QStringLiteral("execute")), qPrintable(error.text()));

    const auto usage = m_backend->openUsage(id);
    QSignalSpy ended(usage.get(), &stacks::UsageFeed::ended);
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, 30'000);
}

void TestRancherLab::aHelperSharesANetworkRunsOnceAndLeavesItsLog()
{
    stacks::HelperSpec spec;
    spec.name = QStringLiteral("cl-helper");
    spec.image = QStringLiteral("faultline/busybox:1");
    spec.command = { QStringLiteral("sh"), QStringLiteral("-c"),
        QStringLiteral("cat /sys/class/net/eth0/address; ls /seen") };
    spec.networkOf = container(QStringLiteral("cl-shared-main-1")).id;
    spec.capabilities = { QStringLiteral("NET_ADMIN") };
    spec.volumes = { QStringLiteral("/etc/passwd:/seen/passwd:ro") };
    spec.labels = { { QStringLiteral("faultline.owner"), QStringLiteral("test") } };
    const auto created = ask<domain::Container>(
        [&](auto done) { return m_backend->createHelper(spec, std::move(done)); });
    QVERIFY2(created, qPrintable(created ? QString() : created.error().text()));
    QTRY_COMPARE_WITH_TIMEOUT(container(QStringLiteral("cl-helper")).life.state.text(),
        QStringLiteral("stopped"), 30'000);
    QCOMPARE(container(QStringLiteral("cl-helper")).startCount, 1);

    const auto log = m_backend->openLog(created->id, { 100, false, false });
    QByteArray text;
    connect(log.get(), &stacks::ContainerLog::received,
        [&text](stacks::LogChannel, const QByteArray &bytes) { text += bytes; });
    QSignalSpy ended(log.get(), &stacks::ContainerLog::ended);
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, 30'000);
    const QByteArray address
        = m_lab
              ->docker({ QStringLiteral("inspect"), QStringLiteral("-f"),
                  QStringLiteral("{{range .NetworkSettings.Networks}}{{.MacAddress}}{{end}}"),
                  container(QStringLiteral("cl-shared-main-1")).externalId })
              .out.trimmed();
    QVERIFY(!address.isEmpty());
    QCOMPARE(text, address + "\npasswd\n");
    const auto removed = ask<domain::Container>(
        [&](auto done) { return m_backend->removeContainer(created->id, std::move(done)); });
    QVERIFY2(removed, qPrintable(removed ? QString() : removed.error().text()));
    QTRY_VERIFY_WITH_TIMEOUT(container(QStringLiteral("cl-helper")).id.isEmpty(), 30'000);

    spec.host = domain::HostId(QStringLiteral("1h99"));
    const auto refused = ask<domain::Container>(
        [&](auto done) { return m_backend->createHelper(spec, std::move(done)); });
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Invalid);
    QVERIFY2(refused.error().serverWords.contains(QStringLiteral("requestedHostId")),
        qPrintable(refused.error().text()));
}

void TestRancherLab::usageOfAContainerAndOfAHostComesEverySecond()
{
    const domain::Container main = container(QStringLiteral("cl-shared-main-1"));
    const auto usage = m_backend->openUsage(main.id);
    const auto host = m_backend->openUsage(world().hosts.first().id);
    QList<stacks::UsageSample> ofContainer;
    QList<stacks::UsageSample> ofHost;
    connect(usage.get(), &stacks::UsageFeed::sampled,
        [&](const QList<stacks::UsageSample> &samples) { ofContainer += samples; });
    connect(host.get(), &stacks::UsageFeed::sampled,
        [&](const QList<stacks::UsageSample> &samples) { ofHost += samples; });
    QTRY_VERIFY_WITH_TIMEOUT(ofContainer.size() >= 2 && ofHost.size() >= 2, 30'000);
    QCOMPARE(ofContainer[0].id, main.externalId);
    QVERIFY(ofContainer[0].memoryBytes > 0 && ofContainer[0].memoryLimitBytes > 0);
    QVERIFY(ofContainer[1].time > ofContainer[0].time);
    QVERIFY(ofContainer[1].cpuNanos >= ofContainer[0].cpuNanos && ofContainer[1].cpuNanos > 0);
    QVERIFY(ofHost[1].cpuNanos >= ofHost[0].cpuNanos && ofHost[1].cpuNanos > 0);
    QVERIFY(ofHost[0].memoryBytes > 0);
}

void TestRancherLab::usageOfAStoppedContainerEnds()
{
    const domain::Container main = container(QStringLiteral("cl-shared-main-1"));
    const auto usage = m_backend->openUsage(main.id);
    QSignalSpy sampled(usage.get(), &stacks::UsageFeed::sampled);
    QSignalSpy ended(usage.get(), &stacks::UsageFeed::ended);
    QTRY_VERIFY_WITH_TIMEOUT(!sampled.isEmpty(), 30'000);
    const auto stopped = ask<domain::Stack>([&](auto done) {
        return m_backend->runOnStack(m_shared.id, stacks::StackAction::Deactivate, std::move(done));
    });
    QVERIFY(stopped);
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, 30'000);
}

QTEST_GUILESS_MAIN(TestRancherLab)
#include "tst_rancher_lab.moc"
