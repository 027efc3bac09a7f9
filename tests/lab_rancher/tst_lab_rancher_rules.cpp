// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/http/url_parts.h"
#include "services/lab/rancher/basic_auth.h"
#include "services/lab/rancher/collection_answer.h"
#include "services/lab/rancher/container_body.h"
#include "services/lab/rancher/stack_states.h"
#include "services/lab/rancher/utf8_text.h"

#include <QTest>

using namespace faultline::lab;

namespace {

Request listing(const std::string &query)
{
    Request request;
    request.method = "GET";
    request.origin = "http://127.0.0.1:1";
    if (!fillTarget(request, "/v2-beta/things" + (query.empty() ? query : "?" + query)))
        request.method.clear();
    return request;
}

std::vector<Json> things(int count)
{
    std::vector<Json> items;
    for (int i = 1; i <= count; ++i)
        items.push_back({ { "id", "1t" + std::to_string(i) }, { "name", "t" + std::to_string(i) },
            { "state", i % 2 == 0 ? "active" : "inactive" }, { "removed", nullptr } });
    return items;
}

QString idsOf(const Json &collection)
{
    QStringList ids;
    for (const Json &item : collection["data"])
        ids << QString::fromStdString(textOf(item, "id"));
    return ids.join(QLatin1Char(' '));
}

ContainerRecord container(const char *state, int startCount, bool once = false)
{
    ContainerRecord record;
    record.state = state;
    record.startCount = startCount;
    if (once)
        record.launchConfig["labels"]["io.rancher.container.start_once"] = "true";
    return record;
}

} // namespace

class RancherRulesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void listsAreFiltered_data();
    void listsAreFiltered();
    void listsArePagedByMarkers();
    void idsLoseTheirLetters();
    void serviceHealthFollowsItsContainers();
    void anInactiveServiceCountsAgainstItsStack();
    void errorsWinOverStates();
    void actionsFollowStates();
    void authIsExact();
    void portsAreOnlyPublishedOnLoopback();
    void invalidUtf8IsReplaced();
};

void RancherRulesTest::listsAreFiltered_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("ids");
    QTest::newRow("equal") << "name=t2"
                           << "1t2";
    QTest::newRow("not") << "state_ne=active"
                         << "1t1 1t3";
    QTest::newRow("not both") << "state_ne=active&state_ne=inactive"
                              << "";
    QTest::newRow("prefix") << "name_prefix=t"
                            << "1t1 1t2 1t3 1t4";
    QTest::newRow("like") << "name_like=%253"
                          << "1t3";
    QTest::newRow("null") << "removed_null=1"
                          << "1t1 1t2 1t3 1t4";
    QTest::newRow("not null") << "removed_notnull=true"
                              << "";
    QTest::newRow("literal nil") << "removed_null=%3Cnil%3E"
                                 << "1t1 1t2 1t3 1t4";
    QTest::newRow("unknown is ignored") << "colour=red&system=false"
                                        << "1t1 1t2 1t3 1t4";
    QTest::newRow("sorted") << "sort=name&order=desc"
                            << "1t4 1t3 1t2 1t1";
    QTest::newRow("all") << "limit=-2"
                         << "1t1 1t2 1t3 1t4";
    QTest::newRow("limit") << "limit=2"
                           << "1t1 1t2";
    QTest::newRow("marker") << "limit=2&marker=m2"
                            << "1t3 1t4";
    QTest::newRow("marker beyond") << "marker=m99"
                                   << "";
}

void RancherRulesTest::listsAreFiltered()
{
    QFETCH(const QString, query);
    QFETCH(const QString, ids);
    const Request request = listing(query.toStdString());
    QVERIFY(!request.method.empty());
    QCOMPARE(
        idsOf(collectionAnswer(request, "thing", { "id", "name", "state", "removed" }, things(4))),
        ids);
}

void RancherRulesTest::listsArePagedByMarkers()
{
    const Json first = collectionAnswer(listing("state_ne=x"), "thing", { "state" }, things(250));
    QCOMPARE(first["data"].size(), std::size_t(100));
    QCOMPARE(first["pagination"]["partial"].get<bool>(), true);
    QCOMPARE(first["pagination"]["next"].get<std::string>(),
        std::string("http://127.0.0.1:1/v2-beta/things?state_ne=x&marker=m100"));
    const Json last = collectionAnswer(listing("marker=m200"), "thing", { "state" }, things(250));
    QCOMPARE(last["data"].size(), std::size_t(50));
    QVERIFY(last["pagination"]["next"].is_null());
}

void RancherRulesTest::idsLoseTheirLetters()
{
    QCOMPARE(parsedId("1st5").value_or(0), 5);
    QCOMPARE(parsedId("1i33").value_or(0), 33);
    for (const char *text :
        { "web", "1", "1st", "5", "1st5x", "15", "", "1st99999999999999999999" })
        QVERIFY2(!parsedId(text), text);
}

void RancherRulesTest::serviceHealthFollowsItsContainers()
{
    ServiceRecord service;
    service.scale = 2;
    const ContainerRecord running = container("running", 1);
    const ContainerRecord fresh = container("starting", 0);
    const ContainerRecord dead = container("stopped", 1);
    const ContainerRecord done = container("stopped", 1, true);
    QCOMPARE(serviceHealth(service, { &running, &running }), std::string("healthy"));
    QCOMPARE(serviceHealth(service, { &running, &fresh }), std::string("initializing"));
    QCOMPARE(serviceHealth(service, { &running, &dead }), std::string("degraded"));
    QCOMPARE(serviceHealth(service, { &dead, &dead }), std::string("unhealthy"));
    QCOMPARE(serviceHealth(service, { &done, &done }), std::string("started-once"));
    QCOMPARE(serviceHealth(service, { &running }), std::string("degraded"));
}

void RancherRulesTest::anInactiveServiceCountsAgainstItsStack()
{
    QCOMPARE(stackHealth({}), std::string("healthy"));
    QCOMPARE(stackHealth({ { "active", "healthy" }, { "removing", "unhealthy" } }),
        std::string("healthy"));
    QCOMPARE(stackHealth({ { "active", "healthy" }, { "inactive", "healthy" } }),
        std::string("degraded"));
    QCOMPARE(stackHealth({ { "inactive", "unhealthy" } }), std::string("unhealthy"));
    QCOMPARE(stackHealth({ { "activating", "initializing" }, { "active", "healthy" } }),
        std::string("initializing"));
}

void RancherRulesTest::errorsWinOverStates()
{
    StackRecord stack;
    stack.state = "activating";
    QCOMPARE(transitioningOf(stack), std::string("yes"));
    stack.state = "active";
    QCOMPARE(transitioningOf(stack), std::string("no"));
    stack.error = "no image";
    QCOMPARE(transitioningOf(stack), std::string("error"));
}

void RancherRulesTest::actionsFollowStates()
{
    const auto has = [](const std::vector<std::string> &actions, const char *name) {
        return std::find(actions.begin(), actions.end(), name) != actions.end();
    };
    QVERIFY(has(containerActions(container("running", 1)), "logs"));
    QVERIFY(!has(containerActions(container("starting", 0)), "logs"));
    QVERIFY(has(containerActions(container("stopped", 1)), "start"));
    QVERIFY(!has(containerActions(container("running", 1)), "start"));
    QCOMPARE(containerActions(container("removed", 1)), std::vector<std::string>{ "purge" });
    QVERIFY(containerActions(container("purged", 1)).empty());
    ServiceRecord service;
    service.state = "inactive";
    QVERIFY(has(serviceActions(service), "activate"));
    QVERIFY(!has(serviceActions(service), "deactivate"));
}

void RancherRulesTest::authIsExact()
{
    QVERIFY(isBasicAuth("Basic a2V5OnNlY3JldA==", "key", "secret"));
    QVERIFY(isBasicAuth("basic a2V5OnNlY3JldA==", "key", "secret"));
    for (const char *wrong : { "", "Basic ", "Basic a2V5OnNlY3JldA",
             "Basic a2V5OnNlY3Jlc0==", "Bearer a2V5OnNlY3JldA==", "Basic a2V5OnNlY3JldA==x" })
        QVERIFY2(!isBasicAuth(wrong, "key", "secret"), wrong);
    QVERIFY(!isBasicAuth("Basic Og==", "", ""));
}

void RancherRulesTest::portsAreOnlyPublishedOnLoopback()
{
    ContainerPlan plan;
    plan.launchConfig = { { "ports", { "80", "8080:81/udp", "0.0.0.0:90:91", "10.0.0.1::92" } } };
    const Json bindings = containerBody(plan)["HostConfig"]["PortBindings"];
    QCOMPARE(bindings.size(), std::size_t(4));
    for (const auto &[port, list] : bindings.items())
        QCOMPARE(textOf(list[0], "HostIp"), std::string("127.0.0.1"));
    QCOMPARE(textOf(bindings["81/udp"][0], "HostPort"), std::string("8080"));
    QCOMPARE(textOf(bindings["91/tcp"][0], "HostPort"), std::string("90"));
    QCOMPARE(textOf(bindings["80/tcp"][0], "HostPort", "none"), std::string());
    QVERIFY(bindings.contains("92/tcp"));
}

void RancherRulesTest::invalidUtf8IsReplaced()
{
    const std::string mark = "\xEF\xBF\xBD";
    QCOMPARE(validUtf8("grün ✓ 🙂"), std::string("grün ✓ 🙂"));
    QCOMPARE(validUtf8("a\xFCz"), "a" + mark + "z");
    QCOMPARE(validUtf8("\xE2\x9C"), mark + mark);
    QCOMPARE(validUtf8("\xC0\xAF"), mark + mark);
    QCOMPARE(validUtf8("\xED\xA0\x80"), mark + mark + mark);
}

QTEST_GUILESS_MAIN(RancherRulesTest)
#include "tst_lab_rancher_rules.moc"
