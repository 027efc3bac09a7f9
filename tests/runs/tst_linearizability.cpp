// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/history/linearizability.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <numeric>
#include <random>

using namespace faultline::runs;
using Answer = Linearizability::Answer;
using Kind = RegisterOperation::Kind;

class tst_linearizability : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void handMadeHistories_data();
    void handMadeHistories();
    void theReasonNamesTheOperation();
    void brokenHistoriesAreRefusedWithTheirLine_data();
    void brokenHistoriesAreRefusedWithTheirLine();
    void aTornLastLineIsLeftOutAndSaid();
    void randomHistoriesAreJudgedAsByTryingAllOrders();
    void aStaleReadInALongHistoryIsFound();
    void aLongSoundHistoryPassesInTime();
    void aHardHistoryIsGivenUpInTime();
    void aBoundOfStatesGivesUp();
};

namespace {

/// "1 invoke write 5" lines; values are numbers, "-" is null, "a>b" a cas; key x.
std::string jsonOf(const std::string &text)
{
    std::string out;
    for (const QByteArray &line : QByteArray::fromStdString(text).split('\n')) {
        const auto words = line.simplified().split(' ');
        if (words.size() < 3)
            continue;
        QByteArray value = words.value(3, "-");
        value = value.contains('>') ? '[' + QByteArray(value).replace('>', ',') + ']' : value;
        value.replace("-", "null");
        out += ("{\"process\":" + words[0] + ",\"type\":\"" + words[1] + "\",\"f\":\"" + words[2]
            + "\",\"key\":\"x\",\"value\":" + value + "}\n")
                   .toStdString();
    }
    return out;
}

Linearizability judged(const std::string &json, const LinearizabilityLimits &limits = {})
{
    const ParsedHistory parsed = parseHistory(json);
    return parsed.history ? checkLinearizable(*parsed.history, limits)
                          : Linearizability{ Answer::GaveUp, {}, parsed.problem };
}

/// Whether some order of some of the operations explains all that ended: tries all.
bool canBeOrdered(std::vector<RegisterOperation> left, int state)
{
    const bool isDone = std::all_of(
        left.begin(), left.end(), [](const RegisterOperation &one) { return one.isOpen; });
    if (isDone)
        return true;
    for (std::size_t i = 0; i < left.size(); ++i) {
        const RegisterOperation one = left[i];
        const bool isTooEarly = std::any_of(left.begin(), left.end(),
            [&](const RegisterOperation &other) { return !other.isOpen && other.end < one.call; });
        int next = state;
        if (one.kind == Kind::Write || (one.kind == Kind::CompareAndSet && one.expected == state))
            next = one.value;
        const bool fits = one.kind == Kind::Write
            || (one.kind == Kind::Read ? one.value == state : one.expected == state);
        if (isTooEarly || !fits)
            continue;
        std::vector<RegisterOperation> rest = left;
        rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(i));
        if (canBeOrdered(rest, next))
            return true;
    }
    return false;
}

/// Clients that work on a register at once; now and then one sees what it should not.
std::string simulated(
    std::mt19937 &random, int operations, int processes, int values, int lies, int oneOpenIn = 8)
{
    const auto pick
        = [&](int below) { return std::uniform_int_distribution(0, below - 1)(random); };
    struct Client
    {
        int kind = -1; // idle
        int value = 0;
        int expected = 0;
        int seen = 0;
        bool tookEffect = false;
        bool fits = true;
    };
    std::vector<Client> clients(static_cast<std::size_t>(processes));
    static const char *const names[] = { "read", "write", "cas" };
    int state = 0;
    int begun = 0;
    std::string out;
    const auto text
        = [](int value) { return value == 0 ? std::string("-") : std::to_string(value); };
    const auto act = [&](Client &client) {
        client.tookEffect = true;
        client.seen = state;
        client.fits = client.kind != 2 || state == client.expected;
        if (client.kind == 1 || (client.kind == 2 && client.fits))
            state = client.value;
    };
    for (int steps = 0; steps < operations * 40; ++steps) {
        const int number = pick(processes);
        Client &client = clients[static_cast<std::size_t>(number)];
        const std::string who = std::to_string(number);
        if (client.kind < 0) {
            if (begun == operations)
                continue;
            ++begun;
            client = { pick(3), 1 + pick(values), 1 + pick(values), 0, false, true };
            const std::string value = client.kind == 0 ? "-"
                : client.kind == 1                     ? text(client.value)
                                   : text(client.expected) + '>' + text(client.value);
            out += who + " invoke " + names[client.kind] + ' ' + value + '\n';
        } else if (!client.tookEffect && pick(10) > 0) {
            act(client);
        } else {
            const bool isInfo = oneOpenIn > 0 && pick(oneOpenIn) == 0;
            if (!client.tookEffect && !isInfo)
                act(client);
            const int seen = lies > 0 && pick(lies) == 0 ? pick(values + 1) : client.seen;
            const char *end = isInfo ? "info" : client.fits ? "ok" : "fail";
            out += who + ' ' + end + ' ' + names[client.kind] + ' '
                + (client.kind == 0 ? text(seen) : "-") + '\n';
            client.kind = -1;
        }
    }
    return jsonOf(out);
}

} // namespace

void tst_linearizability::handMadeHistories_data()
{
    QTest::addColumn<QByteArray>("history");
    QTest::addColumn<bool>("isLinearizable");
    const auto add = [](const char *name, bool wanted, const char *history) {
        QTest::newRow(name) << QByteArray(history) << wanted;
    };
    add("one after the other", true, "1 invoke write 1\n1 ok write\n2 invoke read\n2 ok read 1\n");
    add("null at the beginning", true, "1 invoke read\n1 ok read -\n");
    add("a value out of nowhere", false, "1 invoke read\n1 ok read 7\n");
    add("stale read", false,
        "1 invoke write 1\n1 ok write\n1 invoke write 2\n1 ok write\n2 invoke read\n2 ok read 1\n");
    add("read beside a write sees the old", true,
        "1 invoke write 1\n2 invoke read\n2 ok read -\n1 ok write\n");
    add("read beside a write sees the new", true,
        "1 invoke write 1\n2 invoke read\n2 ok read 1\n1 ok write\n");
    add("new, then old again", false,
        "1 invoke write 1\n2 invoke read\n2 ok read 1\n2 invoke read\n2 ok read -\n1 ok write\n");
    add("two readers disagree about the order", false,
        "1 invoke write 1\n2 invoke write 2\n3 invoke read\n3 ok read 1\n4 invoke read\n4 ok read "
        "2\n"
        "3 invoke read\n3 ok read 1\n1 ok write\n2 ok write\n");
    add("an open write is seen late", true,
        "1 invoke write 1\n1 info write\n2 invoke read\n2 ok read -\n2 invoke read\n2 ok read 1\n");
    add("an open write that nobody sees", true,
        "1 invoke write 1\n1 info write\n2 invoke read\n2 ok read -\n");
    add("a failed write that is seen", false,
        "1 invoke write 1\n1 fail write\n2 invoke read\n2 ok read 1\n");
    add("never ended is open", true, "1 invoke write 1\n2 invoke read\n2 ok read 1\n");
    add("cas", true,
        "1 invoke write 1\n1 ok write\n2 invoke cas 1>2\n2 ok cas\n1 invoke read\n1 ok read 2\n");
    add("cas that can't have fitted", false,
        "1 invoke write 1\n1 ok write\n2 invoke cas 3>2\n2 ok cas\n");
    add("both of two cas win", false,
        "1 invoke write 1\n1 ok write\n2 invoke cas 1>2\n3 invoke cas 1>3\n2 ok cas\n3 ok cas\n");
    add("a lost update", false,
        "1 invoke write 1\n1 ok write\n2 invoke write 2\n2 ok write\n3 invoke read\n3 ok read 2\n"
        "3 invoke read\n3 ok read 1\n");
}

void tst_linearizability::handMadeHistories()
{
    QFETCH(QByteArray, history);
    QFETCH(bool, isLinearizable);
    const Linearizability answer = judged(jsonOf(history.toStdString()));
    QVERIFY2(answer.answer == (isLinearizable ? Answer::Yes : Answer::No), answer.why.c_str());
}

void tst_linearizability::theReasonNamesTheOperation()
{
    const auto answer
        = judged(jsonOf("1 invoke write 1\n1 ok write\n2 invoke read\n2 ok read 9\n"));
    QCOMPARE(answer.key, std::string("\"x\""));
    QCOMPARE(QString::fromStdString(answer.why),
        QStringLiteral(
            "The register \"x\" is not linearizable: the read of 9 by process 2 (line 3) "
            "fits at no point; at best 1 of its 2 operations can be put in order."));
}

void tst_linearizability::brokenHistoriesAreRefusedWithTheirLine_data()
{
    QTest::addColumn<QByteArray>("history");
    QTest::addColumn<QByteArray>("wanted");
    const auto add = [](const char *name, const char *history, const char *wanted) {
        QTest::newRow(name) << QByteArray(history) << QByteArray(wanted);
    };
    const char *const begin = R"({"process":1,"type":"invoke","f":"write","value":1})";
    add("no JSON", "\nhello\n", "line 2: it is no JSON object");
    add("no process", "{\"type\":\"ok\"}\n", "line 1: it names no process");
    add("unknown type", "{\"process\":1,\"type\":\"maybe\"}\n", "its type is \"maybe\"");
    add("unknown f", "{\"process\":1,\"type\":\"invoke\",\"f\":\"append\"}\n",
        "its f is \"append\"");
    add("end without beginning", "{\"process\":1,\"type\":\"ok\"}\n", "no operation under way");
    QTest::newRow("two at once") << QByteArray(begin) + '\n' + begin + '\n'
                                 << QByteArray("line 2: the process 1 has an operation under way");
    add("cas without a pair", "{\"process\":1,\"type\":\"invoke\",\"f\":\"cas\",\"value\":1}\n",
        "a cas needs value");
}

void tst_linearizability::brokenHistoriesAreRefusedWithTheirLine()
{
    QFETCH(QByteArray, history);
    QFETCH(QByteArray, wanted);
    const ParsedHistory parsed = parseHistory(history.toStdString());
    QVERIFY(!parsed.history);
    QVERIFY2(
        parsed.problem.find(wanted.toStdString()) != std::string::npos, parsed.problem.c_str());
}

void tst_linearizability::aTornLastLineIsLeftOutAndSaid()
{
    const std::string whole = jsonOf("1 invoke write 1\n1 ok write\n");
    const ParsedHistory parsed = parseHistory(whole + "{\"process\":2,\"type\":\"inv");
    QVERIFY(parsed.history);
    QVERIFY(parsed.history->isTorn);
    QCOMPARE(parsed.history->operations, std::int64_t(1));
    QVERIFY(!parseHistory(whole).history->isTorn);
}

void tst_linearizability::randomHistoriesAreJudgedAsByTryingAllOrders()
{
    std::mt19937 random(20261123);
    int yes = 0;
    int no = 0;
    for (int i = 0; i < 4'000; ++i) {
        const std::string json = simulated(random, 7, 3, 2, i % 2 == 0 ? 0 : 2);
        const ParsedHistory parsed = parseHistory(json);
        QVERIFY2(parsed.history, parsed.problem.c_str());
        bool wanted = true;
        for (const auto &[key, operations] : parsed.history->registers)
            wanted = wanted && canBeOrdered(operations, 0);
        const Linearizability answer = checkLinearizable(*parsed.history);
        QVERIFY2(answer.answer == (wanted ? Answer::Yes : Answer::No), json.c_str());
        QVERIFY2(wanted || i % 2 == 1, json.c_str()); // without lies all are sound
        ++(wanted ? yes : no);
    }
    qInfo("%d linearizable, %d not", yes, no);
    QVERIFY(yes > 500 && no > 500);
}

void tst_linearizability::aStaleReadInALongHistoryIsFound()
{
    std::mt19937 random(7);
    // Operations of which nobody knows make a search for what can't be found endless.
    const std::string sound = simulated(random, 2'000, 5, 50, 0, 0);
    QCOMPARE(judged(sound).answer, Answer::Yes);
    // The negative control of the line above: one read more, of what was never written.
    QCOMPARE(judged(sound + jsonOf("99 invoke read\n99 ok read 777\n")).answer, Answer::No);
}

void tst_linearizability::aLongSoundHistoryPassesInTime()
{
    std::mt19937 random(11);
    const std::string json = simulated(random, 20'000, 8, 1'000, 0);
    QElapsedTimer timer;
    timer.start();
    const Linearizability answer = judged(json);
    qInfo("20,000 operations of 8 clients in %lld ms", timer.elapsed());
    QVERIFY2(answer.answer == Answer::Yes, answer.why.c_str());
}

void tst_linearizability::aHardHistoryIsGivenUpInTime()
{
    // Many writes under way at once, and a read of what none of them writes.
    std::string text;
    for (int i = 1; i <= 40; ++i)
        text += std::to_string(i) + " invoke write " + std::to_string(i) + '\n';
    text += "99 invoke read\n99 ok read 777\n";
    for (int i = 1; i <= 40; ++i)
        text += std::to_string(i) + " ok write\n";
    LinearizabilityLimits limits;
    limits.time = std::chrono::milliseconds(200);
    QElapsedTimer timer;
    timer.start();
    const Linearizability answer = judged(jsonOf(text), limits);
    QCOMPARE(answer.answer, Answer::GaveUp);
    QVERIFY2(answer.why.find("the time limit") != std::string::npos, answer.why.c_str());
    QVERIFY(timer.elapsed() < 10'000);
}

void tst_linearizability::aBoundOfStatesGivesUp()
{
    std::string text;
    for (int i = 1; i <= 20; ++i)
        text += std::to_string(i) + " invoke write " + std::to_string(i) + '\n';
    text += "99 invoke read\n99 ok read 777\n";
    LinearizabilityLimits limits;
    limits.states = 1'000;
    const Linearizability answer = judged(jsonOf(text), limits);
    QCOMPARE(answer.answer, Answer::GaveUp);
    QVERIFY2(answer.why.find("remembered states") != std::string::npos, answer.why.c_str());
}

QTEST_GUILESS_MAIN(tst_linearizability)
#include "tst_linearizability.moc"
