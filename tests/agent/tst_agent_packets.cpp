// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/network/packet_copies.h"
#include "services/agent/network/packet_fates.h"
#include "services/agent/network/rule_table.h"

#include <QTest>

#include <bit>
#include <cmath>
#include <numeric>

using namespace faultline::agent;
using namespace faultline::agent::network;
using namespace std::chrono_literals;

namespace {

constexpr int many = 100000;

double milliseconds(BootClock::duration time)
{
    return inSeconds(time) * 1000;
}

/// A question for "db.test" over IPv4 and UDP, from 10.0.0.2:40000 to 10.0.0.1:53.
std::vector<std::uint8_t> question()
{
    return { 0x45, 0, 0, 53, 0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 2, 10, 0, 0, 1, // IP
        0x9c, 0x40, 0, 53, 0, 33, 0, 0, // UDP
        0xab, 0xcd, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, // DNS
        2, 'd', 'b', 4, 't', 'e', 's', 't', 0, 0, 1, 0, 1 };
}

Spec spec()
{
    Spec one;
    one.id = "f-0123456789abcdef";
    return one;
}

} // namespace

class TestAgentPackets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theShareIsThatOfThePlanWhateverTheCorrelation_data();
    void theShareIsThatOfThePlanWhateverTheCorrelation();
    void correlationMakesRunsLonger();
    void jitterStaysInItsBounds();
    void theLineIsFilledAtItsRate();
    void aFullLineDrops();
    void theSameSeedGivesTheSameFates();
    void aQuestionIsAnsweredInTheServersName();
    void whatIsNoQuestionIsNotAnswered();
    void oneBitIsFlippedBehindTheHeader();
    void everyRuleAsksTheSetFirst();
    void rulesNameTheSideOfThePeer();
};

void TestAgentPackets::theShareIsThatOfThePlanWhateverTheCorrelation_data()
{
    QTest::addColumn<double>("correlation");
    for (const double correlation : { 0.0, 0.3, 0.9 })
        QTest::addRow("%.1f", correlation) << correlation;
}

void TestAgentPackets::theShareIsThatOfThePlanWhateverTheCorrelation()
{
    QFETCH(double, correlation);
    FatePlan plan;
    plan.lossPercent = 10;
    plan.correlation = correlation;
    PacketFates fates(plan, 1);
    int lost = 0;
    for (int i = 0; i < many; ++i)
        lost += fates.next(100, false, {}).drop ? 1 : 0;
    QVERIFY2(std::abs(lost - many / 10) < many / 100, qPrintable(QString::number(lost)));
}

void TestAgentPackets::correlationMakesRunsLonger()
{
    const auto runs = [](double correlation) {
        FatePlan plan;
        plan.lossPercent = 10;
        plan.correlation = correlation;
        PacketFates fates(plan, 1);
        int begins = 0;
        bool last = false;
        for (int i = 0; i < many; ++i) {
            const bool drop = fates.next(100, false, {}).drop;
            begins += drop && !last ? 1 : 0;
            last = drop;
        }
        return begins;
    };
    QVERIFY(runs(0) > 2 * runs(0.8));
}

void TestAgentPackets::jitterStaysInItsBounds()
{
    FatePlan plan;
    plan.delayMs = 50;
    plan.jitterMs = 20;
    PacketFates fates(plan, 1);
    double sum = 0;
    double least = 1000;
    double most = 0;
    for (int i = 0; i < many; ++i) {
        const double hold = milliseconds(fates.next(100, false, {}).hold);
        sum += hold;
        least = std::min(least, hold);
        most = std::max(most, hold);
    }
    QVERIFY(least >= 30 && least < 31);
    QVERIFY(most <= 70 && most > 69);
    QVERIFY(std::abs(sum / many - 50) < 0.5);
}

void TestAgentPackets::theLineIsFilledAtItsRate()
{
    FatePlan plan;
    plan.rate = 1e6;
    PacketFates fates(plan, 1);
    const BootClock::time_point now(1000s);
    // A hundred packets of 1,000 bytes at once take a tenth of a second, the first a millisecond.
    QCOMPARE(milliseconds(fates.next(1000, false, now).hold), 1.0);
    BootClock::duration last{};
    for (int i = 1; i < 100; ++i)
        last = fates.next(1000, false, now).hold;
    QCOMPARE(milliseconds(last), 100.0);
    // The other direction is a line of its own.
    QCOMPARE(milliseconds(fates.next(1000, true, now).hold), 1.0);
    // A line that was idle saves nothing up.
    QCOMPARE(milliseconds(fates.next(1000, false, now + 60s).hold), 1.0);
}

void TestAgentPackets::aFullLineDrops()
{
    FatePlan plan;
    plan.rate = 1e6;
    PacketFates fates(plan, 1);
    int kept = 0;
    for (int i = 0; i < 1000; ++i)
        kept += fates.next(1000, false, BootClock::time_point(1000s)).drop ? 0 : 1;
    QVERIFY2(kept >= 400 && kept < 410, qPrintable(QString::number(kept)));
}

void TestAgentPackets::theSameSeedGivesTheSameFates()
{
    FatePlan plan;
    plan.lossPercent = 50;
    PacketFates one(plan, 7);
    PacketFates other(plan, 7);
    PacketFates third(plan, 8);
    int differences = 0;
    for (int i = 0; i < 1000; ++i) {
        const bool drop = one.next(1, false, {}).drop;
        QCOMPARE(other.next(1, false, {}).drop, drop);
        differences += third.next(1, false, {}).drop != drop ? 1 : 0;
    }
    QVERIFY(differences > 300);
}

void TestAgentPackets::aQuestionIsAnsweredInTheServersName()
{
    std::vector<std::uint8_t> asked = question();
    // An additional record behind the question (EDNS) must not come back half.
    asked[39] = 1;
    asked.insert(asked.end(), { 0, 0, 41, 4, 0, 0, 0, 0, 0, 0, 0 });
    const auto answer = dnsAnswer(asked, 3);
    const auto plain = question();
    QCOMPARE(answer.size(), plain.size());
    QCOMPARE(std::vector(answer.begin() + 12, answer.begin() + 16),
        (std::vector<std::uint8_t>{ 10, 0, 0, 1 }));
    QCOMPARE(std::vector(answer.begin() + 20, answer.begin() + 24),
        (std::vector<std::uint8_t>{ 0, 53, 0x9c, 0x40 }));
    QCOMPARE(answer[28], std::uint8_t(0xab));
    QCOMPARE(answer[30] & 0x80, 0x80);
    QCOMPARE(answer[31] & 0xf, 3);
    QCOMPARE(answer[39], std::uint8_t(0));
    QCOMPARE(std::vector(answer.begin() + 40, answer.end()),
        std::vector(plain.begin() + 40, plain.end()));
}

void TestAgentPackets::whatIsNoQuestionIsNotAnswered()
{
    auto answer = question();
    answer[30] |= 0x80;
    QVERIFY(dnsAnswer(answer, 3).empty());
    auto tcp = question();
    tcp[9] = 6;
    QVERIFY(dnsAnswer(tcp, 3).empty());
    const auto whole = question();
    for (std::size_t size = 0; size < whole.size(); ++size)
        QVERIFY(dnsAnswer(std::span(whole).first(size), 3).empty());
}

void TestAgentPackets::oneBitIsFlippedBehindTheHeader()
{
    const auto before = question();
    for (std::uint64_t random = 1; random != 0; random <<= 1U) {
        const auto after = withOneBitFlipped(before, random);
        int bits = 0;
        for (std::size_t i = 0; i < before.size(); ++i) {
            const int changed = std::popcount(static_cast<unsigned>(before[i] ^ after[i]));
            QVERIFY(changed == 0 || i >= 20);
            bits += changed;
        }
        QCOMPARE(bits, 1);
    }
}

void TestAgentPackets::everyRuleAsksTheSetFirst()
{
    const Selection selection{ .direction = Direction::Both,
        .peers = { "10.0.0.2", "fd00::/64" },
        .ports = {},
        .destinationPorts = {},
        .protocol = {} };
    const std::string text = RuleTable(spec()).text(selection, "counter drop", 3s);
    QVERIFY(text.starts_with("table inet faultline_0123456789abcdef {"));
    // Three seconds of lease and two in which the agent itself comes first.
    QVERIFY(text.find("ipv4 timeout 5000ms, ipv6 timeout 5000ms") != std::string::npos);
    std::size_t chains = 0;
    for (std::size_t at = text.find("policy accept;\n"); at != std::string::npos;
         at = text.find("policy accept;\n", at + 1)) {
        ++chains;
        QVERIFY(text.substr(at + 15).starts_with("    meta nfproto != @alive return\n"));
    }
    QCOMPARE(chains, std::size_t(2));
}

void TestAgentPackets::rulesNameTheSideOfThePeer()
{
    Selection selection;
    selection.peers = { "10.0.0.2" };
    selection.ports = { 2379, 2380 };
    const std::string in = RuleTable(spec()).text(selection, "counter drop", 3s);
    QVERIFY(
        in.find(
            "ip saddr @peers4 meta l4proto { tcp, udp } th dport { 2379, 2380 } counter jump hit")
        != std::string::npos);
    QVERIFY(in.find("daddr") == std::string::npos);
    selection.direction = Direction::Out;
    const std::string out = RuleTable(spec()).text(selection, "counter drop", 3s);
    QVERIFY(out.find("ip daddr @peers4") != std::string::npos);
    QVERIFY(out.find("saddr") == std::string::npos);
}

QTEST_GUILESS_MAIN(TestAgentPackets)
#include "tst_agent_packets.moc"
