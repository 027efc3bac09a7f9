// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/hosts.h"
#include "services/lab/rancher/rancher_side.h"
#include "services/lab/rancher/resource_json.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>
#include <QWebSocket>

using namespace faultline::lab;

namespace {

constexpr const char *rulePrefix = "io.rancher.scheduler.affinity:";

std::vector<HostPlace> twoHosts()
{
    return { { 1, { { "disk", "slow" } }, true, false },
        { 2, { { "disk", "fast" } }, true, false } };
}

ContainerRecord containerIn(std::int64_t stack, const char *name)
{
    ContainerRecord record;
    record.name = name;
    record.stackId = stack;
    record.state = "running";
    return record;
}

} // namespace

/// Which host a container gets, without any Docker Engine.
class LabPlacementTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void theEmptierHostIsTaken();
    void aStackKeepsToTheHostOfItsNetwork();
    void oneThatDoesNotUseTheNetworkMayGoElsewhere();
    void hardRulesWinOverTheStacksNetwork_data();
    void hardRulesWinOverTheStacksNetwork();
    void softRulesSpreadReplicasAsFarAsHostsGo();
    void whatSharesANetworkGoesToItsHost();
    void aRequestedHostIsTakenWhateverTheRulesSay();
    void aHostThatIsAwayGetsNothing();
    void aStackWaitsForItsHostUntilThatIsGivenUp();
    void globalServicesKeepWhatTheyHaveOnAHostThatIsAway();
    void hostsKeepTheirNumbers_data();
    void hostsKeepTheirNumbers();
    void aHostThatIsNotGivenAnyMoreTakesItsContainersAlong();
    void labelsOfHostsSurviveARestart();
    void afterThreeMinutesAHostIsDisconnected();
    void whoeverWatchesIsToldWhenAHostIsGivenUp();

private:
    std::int64_t put(ContainerRecord record, std::int64_t host)
    {
        record.hostId = host;
        return m_store->add(std::move(record)).id;
    }
    std::int64_t place(const ContainerRecord &record, const std::vector<HostPlace> &hosts)
    {
        const auto placed = placeFor(record, *m_store, hosts);
        m_why = placed ? std::string() : placed.error();
        return placed.value_or(0);
    }
    bool reopen()
    {
        m_store.reset();
        auto opened = ResourceStore::open(m_folder->filePath(QStringLiteral("r.db")).toStdString());
        if (opened)
            m_store = std::move(*opened);
        return bool(m_store);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<ResourceStore> m_store;
    std::string m_why;
};

void LabPlacementTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(reopen());
}

void LabPlacementTest::theEmptierHostIsTaken()
{
    put(containerIn(1, "a"), 1);
    QCOMPARE(place(containerIn(2, "b"), twoHosts()), 2);
    put(containerIn(3, "c"), 2);
    put(containerIn(3, "d"), 2);
    QCOMPARE(place(containerIn(4, "e"), twoHosts()), 1);
}

void LabPlacementTest::aStackKeepsToTheHostOfItsNetwork()
{
    put(containerIn(1, "a"), 1);
    put(containerIn(1, "b"), 1);
    QCOMPARE(place(containerIn(1, "c"), twoHosts()), 1);
}

void LabPlacementTest::oneThatDoesNotUseTheNetworkMayGoElsewhere()
{
    put(containerIn(1, "a"), 1);
    ContainerRecord apart = containerIn(1, "b");
    apart.launchConfig["networkMode"] = "host";
    QCOMPARE(place(apart, twoHosts()), 2);
}

void LabPlacementTest::hardRulesWinOverTheStacksNetwork_data()
{
    QTest::addColumn<QString>("rule");
    QTest::addColumn<QString>("value");
    QTest::addColumn<int>("host");
    QTest::newRow("label") << "host_label"
                           << "disk=fast" << 2;
    QTest::newRow("not label") << "host_label_ne"
                               << "disk=slow" << 2;
    QTest::newRow("no such label") << "host_label"
                                   << "disk=none" << 0;
    QTest::newRow("container") << "container"
                               << "other" << 2;
    QTest::newRow("not container") << "container_ne"
                                   << "own" << 2;
    QTest::newRow("container label") << "container_label"
                                     << "role=db" << 2;
    QTest::newRow("every one of several") << "container_label"
                                          << "role=db,role=none" << 0;
}

void LabPlacementTest::hardRulesWinOverTheStacksNetwork()
{
    QFETCH(const QString, rule);
    QFETCH(const QString, value);
    QFETCH(const int, host);
    put(containerIn(1, "own"), 1);
    ContainerRecord other = containerIn(2, "other");
    other.launchConfig["labels"]["role"] = "db";
    put(other, 2);
    ContainerRecord record = containerIn(1, "new");
    record.launchConfig["labels"][rulePrefix + rule.toStdString()] = value.toStdString();
    QCOMPARE(place(record, twoHosts()), host);
    if (host == 0)
        QVERIFY2(m_why.find("Allocation failed") == 0, m_why.c_str());
}

void LabPlacementTest::softRulesSpreadReplicasAsFarAsHostsGo()
{
    ServiceRecord service;
    service.name = "db";
    service.stackId = m_store->add(StackRecord()).id;
    const std::int64_t id = m_store->add(service).id;
    ContainerRecord record = containerIn(service.stackId, "db");
    record.serviceId = id;
    record.launchConfig["labels"][std::string(rulePrefix) + "container_label_soft_ne"]
        = "io.rancher.stack_service.name=${stack_name}/${service_name}";
    std::map<std::int64_t, int> perHost;
    for (const char *unit : { "1", "2", "3", "4" }) {
        record.unit = unit;
        const std::int64_t host = place(record, twoHosts());
        ++perHost[host];
        put(record, host);
    }
    QCOMPARE(perHost[1], 2);
    QCOMPARE(perHost[2], 2);
}

void LabPlacementTest::whatSharesANetworkGoesToItsHost()
{
    put(containerIn(1, "a"), 1);
    const std::int64_t shared = put(containerIn(2, "b"), 2);
    put(containerIn(2, "c"), 2);
    ContainerRecord helper = containerIn(0, "helper");
    helper.launchConfig = { { "networkMode", "container" }, { "networkContainer", shared } };
    QCOMPARE(place(helper, twoHosts()), 2);
    helper.launchConfig["requestedHostId"] = "1h1"; // it can't be in both places
    QCOMPARE(place(helper, twoHosts()), 0);
}

void LabPlacementTest::aRequestedHostIsTakenWhateverTheRulesSay()
{
    ContainerRecord record = containerIn(1, "a");
    record.launchConfig["labels"][std::string(rulePrefix) + "host_label"] = "disk=fast";
    QCOMPARE(place(record, twoHosts()), 2);
    record.launchConfig["requestedHostId"] = "1h1";
    QCOMPARE(place(record, twoHosts()), 1);
    record.launchConfig["requestedHostId"] = "1h9";
    QCOMPARE(place(record, twoHosts()), 0);
}

void LabPlacementTest::aHostThatIsAwayGetsNothing()
{
    auto hosts = twoHosts();
    hosts[0].isUp = false;
    QCOMPARE(place(containerIn(1, "a"), hosts), 2);
    ContainerRecord pinned = containerIn(1, "b");
    pinned.launchConfig["requestedHostId"] = "1h1";
    QCOMPARE(place(pinned, hosts), 0);
    QVERIFY2(m_why.find("1h1 is not connected") != std::string::npos, m_why.c_str());
}

void LabPlacementTest::aStackWaitsForItsHostUntilThatIsGivenUp()
{
    put(containerIn(1, "a"), 1);
    auto hosts = twoHosts();
    hosts[0].isUp = false;
    QCOMPARE(place(containerIn(1, "b"), hosts), 0);
    hosts[0].isGivenUp = true;
    QCOMPARE(place(containerIn(1, "b"), hosts), 2);
}

void LabPlacementTest::globalServicesKeepWhatTheyHaveOnAHostThatIsAway()
{
    ServiceRecord service;
    service.launchConfig["labels"]["io.rancher.scheduler.global"] = "true";
    service.id = m_store->add(service).id;
    auto hosts = twoHosts();
    hosts[1].isUp = false;
    QCOMPARE(globalHosts(service, *m_store, hosts), std::vector<std::int64_t>{ 1 });
    ContainerRecord container = containerIn(0, "g");
    container.serviceId = service.id;
    put(container, 2);
    QCOMPARE(globalHosts(service, *m_store, hosts), (std::vector<std::int64_t>{ 1, 2 }));
    service.launchConfig["labels"][std::string(rulePrefix) + "host_label_ne"] = "disk=fast";
    QCOMPARE(globalHosts(service, *m_store, hosts), std::vector<std::int64_t>{ 1 });
}

void LabPlacementTest::hostsKeepTheirNumbers_data()
{
    QTest::addColumn<QStringList>("given");
    QTest::addColumn<QString>("numbers");
    QTest::newRow("the same") << QStringList{ "a", "b" } << "1=a 2=b";
    QTest::newRow("turned round") << QStringList{ "b", "a" } << "1=a 2=b";
    QTest::newRow("one more") << QStringList{ "c", "a", "b" } << "1=a 2=b 3=c";
    QTest::newRow("one less") << QStringList{ "b" } << "2=b";
    QTest::newRow("one moved") << QStringList{ "c", "b" } << "1=c 2=b";
}

void LabPlacementTest::hostsKeepTheirNumbers()
{
    QFETCH(const QStringList, given);
    QFETCH(const QString, numbers);
    std::map<std::int64_t, HostRecord> known;
    known[1].address = "a";
    known[2].address = "b";
    std::vector<std::string> addresses;
    for (const QString &address : given)
        addresses.push_back(address.toStdString());
    QStringList found;
    for (const auto &[id, address] : hostNumbers(known, addresses))
        found << QStringLiteral("%1=%2").arg(id).arg(QString::fromStdString(address));
    QCOMPARE(found.join(QLatin1Char(' ')), numbers);
}

void LabPlacementTest::aHostThatIsNotGivenAnyMoreTakesItsContainersAlong()
{
    Hosts(*m_store).open({ "unix:///a", "unix:///b" }, 1);
    const std::int64_t kept = put(containerIn(1, "kept"), 1);
    const std::int64_t lost = put(containerIn(1, "lost"), 2);
    Hosts(*m_store).open({ "unix:///a" }, 1);
    QCOMPARE(m_store->container(kept)->removed, 0);
    QCOMPARE(m_store->container(lost)->state, std::string("removed"));
    QCOMPARE(m_store->hosts().size(), std::size_t(1));
}

void LabPlacementTest::labelsOfHostsSurviveARestart()
{
    Hosts(*m_store).open({ "unix:///a" }, 1);
    m_store->changeHost(1, [](HostRecord &host) { host.labels["disk"] = "fast"; });
    QVERIFY(reopen());
    Hosts hosts(*m_store);
    hosts.open({ "unix:///a" }, 1);
    QCOMPARE(hosts.labelsOf(*hosts.find(1)).at("disk"), std::string("fast"));
}

void LabPlacementTest::afterThreeMinutesAHostIsDisconnected()
{
    HostFacts facts;
    facts.lostAt = 1'000;
    QCOMPARE(facts.state(1'000), "reconnecting");
    QCOMPARE(facts.state(1'000 + 179'999), "reconnecting");
    QCOMPARE(facts.state(1'000 + 180'000), "disconnected");
    facts.connected = true;
    QCOMPARE(facts.state(1'000 + 180'000), "active");
}

// The lab's own timer, with the three minutes made short.
void LabPlacementTest::whoeverWatchesIsToldWhenAHostIsGivenUp()
{
    Router router;
    ServerOptions serverOptions;
    serverOptions.port = 0;
    Server server(serverOptions, router);
    Workers workers;
    RancherSide::Options options;
    options.stateDirectory = m_folder->path().toStdString();
    options.dockerHosts = { "unix://" + m_folder->filePath(QStringLiteral("none")).toStdString() };
    options.instance = "0123456789";
    options.accessKey = "k";
    options.secretKey = "s";
    options.disconnectedAfter = std::chrono::milliseconds(1'500);
    RancherSide side(options, server, router, workers);
    QVERIFY(server.listen().has_value());
    QVERIFY(side.start().has_value());
    QStringList states;
    QWebSocket socket;
    connect(&socket, &QWebSocket::textMessageReceived, this, [&states](const QString &message) {
        const QJsonObject resource = QJsonDocument::fromJson(message.toUtf8())
                                         .object()[QStringLiteral("data")]
                                         .toObject()[QStringLiteral("resource")]
                                         .toObject();
        if (!resource.isEmpty())
            states << resource[QStringLiteral("state")].toString();
    });
    QNetworkRequest request(QUrl(
        QStringLiteral("ws://127.0.0.1:%1/v2-beta/projects/1a5/subscribe").arg(server.port())));
    request.setRawHeader("Authorization", "Basic " + QByteArray("k:s").toBase64());
    server.start();
    socket.open(request);
    QTRY_VERIFY_WITH_TIMEOUT(states.contains(QStringLiteral("disconnected")), 30'000);
    socket.abort();
    server.stop();
    side.stop();
    workers.stop();
}

QTEST_GUILESS_MAIN(LabPlacementTest)
#include "tst_lab_placement.moc"
