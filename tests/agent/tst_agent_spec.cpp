// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/frame/arguments.h"
#include "services/agent/frame/spec.h"
#include "services/agent/frame/tool.h"

#include <QTest>

using namespace faultline::agent;

namespace {

const std::string good
    = R"({"id":"f-0123456789abcdef","kind":"network.delay","arguments":{"delay":100},"lease":3,"duration":90,
  "target":{"container":"","name":"n1","pids":"own"},"peers":["10.42.1.3","fd00::/64"]})";

std::string with(const std::string &from, const std::string &to)
{
    std::string text = good;
    const std::size_t at = text.find(from);
    return at == std::string::npos ? std::string() : text.replace(at, from.size(), to);
}

} // namespace

class TestAgentSpec : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyPartOfAFaultIsRead();
    void whatIsWrongIsRefusedWithItsPath_data();
    void whatIsWrongIsRefusedWithItsPath();
    void hostPidsNeedTheContainerThatTellsThemApart();
    void argumentsNameTheFirstMistake();
    void depthIsBounded();
    void aToolGetsItsInputAndGivesItsOutput();
    void aToolThatHangsIsKilled();
    void aToolThatIsMissingIsSaidToBe();
};

void TestAgentSpec::everyPartOfAFaultIsRead()
{
    const auto spec = readSpec(good);
    QVERIFY2(spec, spec ? "" : spec.error().text.c_str());
    QCOMPARE(spec->digits(), std::string("0123456789abcdef"));
    QCOMPARE(spec->lease, 3.0);
    QCOMPARE(spec->duration, 90.0);
    QCOMPARE(spec->target.pids, Pids::Own);
    QCOMPARE(spec->peers.size(), std::size_t(2));
    QCOMPARE(spec->arguments.at("delay").get<int>(), 100);
}

void TestAgentSpec::whatIsWrongIsRefusedWithItsPath_data()
{
    QTest::addColumn<std::string>("json");
    QTest::addColumn<std::string>("begin");
    QTest::newRow("not JSON") << std::string("{") << std::string("The fault is no JSON");
    QTest::newRow("unknown") << with(R"("kind")", R"("knd":1,"kind")")
                             << std::string("knd is not known");
    QTest::newRow("inner") << with(R"("name")", R"("nam":"","name")")
                           << std::string("target.nam is not known");
    QTest::newRow("id") << with("f-0", "f-X") << std::string("id must be");
    QTest::newRow("id of a rule") << with("f-0123456789abcdef", "f-}; flush ruleset")
                                  << std::string("id must be");
    QTest::newRow("lease") << with(R"("lease":3)", R"("lease":0)")
                           << std::string("lease must be from 1");
    QTest::newRow("lease text") << with(R"("lease":3)", R"("lease":"3")")
                                << std::string("lease must be a number");
    QTest::newRow("peer") << with("10.42.1.3", "n1") << std::string("peers[0] is no IP address");
    QTest::newRow("everything") << with("10.42.1.3", "0.0.0.0/0")
                                << std::string("peers[0] is no IP address");
    QTest::newRow("pids") << with("\"own\"", "\"all\"")
                          << std::string("target.pids must be one of: own, host");
    QTest::newRow("arguments") << with(R"({"delay":100})", "[]")
                               << std::string("arguments must be an object");
}

void TestAgentSpec::whatIsWrongIsRefusedWithItsPath()
{
    QFETCH(std::string, json);
    QFETCH(std::string, begin);
    QVERIFY(!json.empty());
    const auto spec = readSpec(json);
    QVERIFY(!spec);
    QCOMPARE(spec.error().refusal, Refusal::BadSpec);
    QVERIFY2(spec.error().text.starts_with(begin), spec.error().text.c_str());
}

void TestAgentSpec::hostPidsNeedTheContainerThatTellsThemApart()
{
    const auto spec = readSpec(with("\"own\"", "\"host\""));
    QVERIFY(!spec);
    QVERIFY2(
        spec.error().text.starts_with("target.container is missing"), spec.error().text.c_str());
}

void TestAgentSpec::argumentsNameTheFirstMistake()
{
    Arguments arguments(parseBounded(R"({"delay":-1,"mode":"x","extra":1})"), "arguments");
    (void)arguments.number("delay", { 0, 10 });
    (void)arguments.choice("mode", { "a", "b" });
    arguments.finish();
    QVERIFY(arguments.problem());
    QCOMPARE(arguments.problem()->text, std::string("arguments.delay must be from 0 to 10"));
}

void TestAgentSpec::depthIsBounded()
{
    QVERIFY(!readSpec(std::string(30000, '[')));
    QVERIFY(!readSpec(with(
        R"({"delay":100})", R"({"delay":)" + std::string(40, '[') + std::string(40, ']') + "}")));
}

void TestAgentSpec::aToolGetsItsInputAndGivesItsOutput()
{
    const std::string much(300000, 'x');
    const ToolEnd end = runTool({ { "cat" }, much });
    QCOMPARE(end.code, 0);
    QCOMPARE(end.output, much);
}

void TestAgentSpec::aToolThatHangsIsKilled()
{
    const ToolEnd end = runTool(
        { { "sh", "-c", "exec >&- 2>&-; sleep 100" }, "", std::chrono::milliseconds(50) });
    QVERIFY(end.timedOut);
    QCOMPARE(end.code, -1);
}

void TestAgentSpec::aToolThatIsMissingIsSaidToBe()
{
    const ToolEnd end = runTool({ { "/nowhere/tool" }, "" });
    QCOMPARE(end.code, 127);
    QVERIFY(findTool("no-such-tool").empty());
    QVERIFY(!findTool("sh").empty());
}

QTEST_GUILESS_MAIN(TestAgentSpec)
#include "tst_agent_spec.moc"
