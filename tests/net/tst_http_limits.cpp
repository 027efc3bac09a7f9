// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/net/paging.h"
#include "tests/net/exchange.h"
#include "tests/support/virtual_clock.h"

#include <QElapsedTimer>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QRandomGenerator>
#include <QTest>
#include <QTimer>

#include <algorithm>
#include <atomic>
#include <cmath>

using namespace faultline;
using namespace faultline::tests;
using namespace std::chrono_literals;
using domain::ErrorKind;
using net::HttpClient;

namespace {

/// Requests with their virtual times, against a clock that is turned as soon as the sockets are
/// calm.
class Storm
{
public:
    Storm()
    {
        m_surroundings.clock = m_clock;
        // One sequence for all clients: a copy of the state for each would make them alike.
        m_surroundings.random = [generator = std::make_shared<QRandomGenerator>(4711)] {
            return generator->generateDouble();
        };
    }

    [[nodiscard]] net::Surroundings surroundings() const { return m_surroundings; }
    [[nodiscard]] VirtualClock &clock() { return *m_clock; }

    /// Turns the clock until `isOver` or `limit` has passed.
    void run(std::chrono::milliseconds limit, const std::function<bool()> &isOver)
    {
        const auto end = m_clock->monotonic() + limit;
        while (!isOver() && m_clock->monotonic() < end) {
            calmDown();
            if (isOver() || !m_clock->advanceToNextAlarm())
                break;
        }
        calmDown();
    }

    /// Waits until what has been sent is answered and what was answered has been taken.
    void calmDown() const { finishRequests(*m_clock); }

private:
    std::shared_ptr<VirtualClock> m_clock = std::make_shared<VirtualClock>();
    net::Surroundings m_surroundings;
};

/// Limits that no calm of the sockets can be mistaken for.
net::ServerSettings patientSettings(const FaultServer &server)
{
    net::ServerSettings settings = settingsFor(server);
    settings.connectTimeout = settings.firstByteTimeout = settings.stallTimeout
        = settings.reusePatience = 24h;
    return settings;
}

net::ServerSettings hastySettings(const FaultServer &server)
{
    net::ServerSettings settings = settingsFor(server);
    settings.connectTimeout = 300ms;
    settings.firstByteTimeout = 600ms;
    settings.stallTimeout = 600ms;
    settings.totalTimeout = 5'000ms;
    return settings;
}

} // namespace

class TestHttpLimits : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void slowServersEndWithinTheirLimit_data();
    void slowServersEndWithinTheirLimit();
    void unansweringPortEndsWithinTheConnectLimit();
    void plainManagerHangsOnAStall();
    void otherRequestsGoOnBesideStalledOnes();
    void aTimeoutIsRepeatedOnce();
    void totalLimitEndsAnEverGrowingWait();
    void aSteadyTransferMayTakeLongerThanTheTotalLimit();
    void neverAsksBeforeRetryAfter_data();
    void neverAsksBeforeRetryAfter();
    void naiveClientAsksBeforeRetryAfter();
    void aFarRetryAfterIsToldAtOnce();
    void theHerdIsSpread_data();
    void theHerdIsSpread();
    void neverAsksPastRemainingZero();
    void aServerStormIsNotMadeWorse();
    void pagesSurviveAStorm();
    void rateStateTellsPeople();
};

void TestHttpLimits::slowServersEndWithinTheirLimit_data()
{
    QTest::addColumn<Answer>("answer");
    QTest::addColumn<int>("limit"); // ms of one attempt
    Answer headDrip = dripping("[1,2,3]", 1, 100ms);
    headDrip.dripsHead = true;
    QTest::newRow("never answers") << silent() << 600;
    QTest::newRow("drips the head") << headDrip << 600;
    QTest::newRow("drips the body")
        << dripping("\"" + QByteArray(1000, 'x') + "\"", 1, 50ms) << 600;
    QTest::newRow("stalls in the body")
        << stalled("[" + QByteArray(100'000, ' ') + "]", 50'000) << 600;
    QTest::newRow("stalls after a long body")
        << stalled("[" + QByteArray(3'000'000, ' ') + "]", 2'900'000) << 600;
}

void TestHttpLimits::slowServersEndWithinTheirLimit()
{
    QFETCH(Answer, answer);
    QFETCH(int, limit);
    FaultServer server;
    server.answer("/slow", answer);
    net::ServerSettings settings = hastySettings(server);
    settings.maxAttempts = 1;
    HttpClient client(settings, eager());
    // What a busy machine adds is measured beside: the longest time that this thread was kept from
    // a timer.
    QElapsedTimer sinceTick;
    qint64 longestGap = 0;
    QTimer ticks;
    QObject::connect(&ticks, &QTimer::timeout, &ticks,
        [&] { longestGap = std::max(longestGap, sinceTick.restart()); });
    ticks.start(5);
    sinceTick.start();
    QElapsedTimer timer;
    timer.start();
    const auto result = answerTo(client, getOf(QStringLiteral("/slow")));
    QVERIFY(!result.has_value());
    QCOMPARE(result.error().kind, ErrorKind::Timeout);
    const qint64 longest = limit * 11 / 10 + 150 + 4 * longestGap;
    QVERIFY2(timer.elapsed() <= longest, QByteArray::number(timer.elapsed()));
    QTRY_COMPARE(server.openConnections(), 0);
}

void TestHttpLimits::unansweringPortEndsWithinTheConnectLimit()
{
    const UnansweringPort port;
    net::ServerSettings settings;
    settings.origin = QUrl(QStringLiteral("http://127.0.0.1:%1").arg(port.port()));
    settings.connectTimeout = 400ms;
    settings.maxAttempts = 1;
    HttpClient client(settings, eager());
    QElapsedTimer timer;
    timer.start();
    const auto result = answerTo(client, getOf(QStringLiteral("/")));
    QCOMPARE(result.error().kind, ErrorKind::Timeout);
    QVERIFY2(timer.elapsed() <= 600, QByteArray::number(timer.elapsed()));
}

void TestHttpLimits::plainManagerHangsOnAStall()
{
    // Negative control: a plain manager is still waiting when ours has long told the reason.
    FaultServer server;
    server.answer("/slow", stalled("[" + QByteArray(100'000, ' ') + "]", 50'000));
    QNetworkAccessManager manager;
    const std::unique_ptr<QNetworkReply> reply(
        manager.get(QNetworkRequest(server.url().resolved(QUrl(QStringLiteral("/slow"))))));
    QVERIFY(!QTest::qWaitFor([&reply] { return reply->isFinished(); }, 2'000));
}

void TestHttpLimits::otherRequestsGoOnBesideStalledOnes()
{
    FaultServer server;
    server.answer("/slow", silent());
    server.answer("/quick", json("{}"));
    net::ServerSettings settings = hastySettings(server);
    settings.firstByteTimeout = 3'000ms;
    HttpClient client(settings, eager());
    std::vector<net::Call> stuck;
    for (int i = 0; i < 7; ++i)
        stuck.push_back(client.send(getOf(QStringLiteral("/slow")), [](const auto &) {}));
    QTRY_COMPARE(server.requestCount("/slow"), 7);
    QElapsedTimer timer;
    timer.start();
    for (int i = 0; i < 20; ++i)
        QVERIFY(answerTo(client, getOf(QStringLiteral("/quick"))).has_value());
    QVERIFY(timer.elapsed() < 1'000);
}

void TestHttpLimits::aTimeoutIsRepeatedOnce()
{
    FaultServer server;
    server.answer("/x", { silent(), json("{}") });
    server.answer("/never", silent());
    HttpClient client(hastySettings(server), eager());
    QVERIFY(answerTo(client, getOf(QStringLiteral("/x"))).has_value());
    QCOMPARE(answerTo(client, getOf(QStringLiteral("/never"))).error().kind, ErrorKind::Timeout);
    QCOMPARE(server.requestCount("/never"), 2);
    QCOMPARE(answerTo(client, postOf(QStringLiteral("/never"))).error().kind, ErrorKind::Timeout);
    QCOMPARE(server.requestCount("/never"), 3);
}

void TestHttpLimits::totalLimitEndsAnEverGrowingWait()
{
    FaultServer server;
    // Fast enough for the stall check, too slow for the total limit.
    server.answer("/x", dripping("[" + QByteArray(1 << 20, ' ') + "]", 2'000, 50ms));
    net::ServerSettings settings = hastySettings(server);
    settings.totalTimeout = 1'000ms;
    HttpClient client(settings, eager());
    QElapsedTimer timer;
    timer.start();
    const auto result = answerTo(client, getOf(QStringLiteral("/x")));
    QCOMPARE(result.error().kind, ErrorKind::Timeout);
    QVERIFY2(timer.elapsed() < 4'000, QByteArray::number(timer.elapsed()));
}

void TestHttpLimits::aSteadyTransferMayTakeLongerThanTheTotalLimit()
{
    FaultServer server;
    server.answer("/x", dripping("[" + QByteArray(1'500'000, ' ') + "]", 50'000, 50ms));
    net::ServerSettings settings = hastySettings(server);
    settings.totalTimeout = 500ms;
    HttpClient client(settings, eager());
    QElapsedTimer timer;
    timer.start();
    QVERIFY(answerTo(client, getOf(QStringLiteral("/x"))).has_value());
    QVERIFY(timer.elapsed() > 1'000);
}

void TestHttpLimits::neverAsksBeforeRetryAfter_data()
{
    QTest::addColumn<bool>("byDate");
    QTest::newRow("seconds") << false;
    QTest::newRow("HTTP date") << true;
}

void TestHttpLimits::neverAsksBeforeRetryAfter()
{
    // Ten minutes: the server takes ten requests in each half minute and answers 429 to all others.
    QFETCH(bool, byDate);
    FaultServer server;
    Storm storm;
    const VirtualClock &clock = storm.clock();
    std::atomic<qint64> closedFrom = 0;
    std::atomic<qint64> closedUntil = 0;
    std::atomic<int> tooEarly = 0;
    std::atomic<int> taken = 0;
    std::atomic<qint64> window = -1;
    std::atomic<int> inWindow = 0;
    const qint64 start = clock.monotonic().count();
    const QDateTime startDate = storm.clock().utc();
    server.answerBy([&](const Received &) -> std::optional<Answer> {
        const qint64 at = clock.monotonic().count();
        if (at > closedFrom
            && at < closedUntil) // those sent together with the one that was refused are innocent
            ++tooEarly;
        if (window.exchange((at - start) / 30'000) != (at - start) / 30'000)
            inWindow = 0;
        if (++inWindow <= 10) {
            ++taken;
            return json("{}");
        }
        const qint64 next = start + ((at - start) / 30'000 + 1) * 30'000;
        const qint64 wait = (next - at + 999) / 1000;
        // Answers to requests that were under way when the first 429 was sent are no fault of the
        // client.
        if (closedUntil != next)
            closedFrom = at;
        closedUntil = next;
        const QString date = QLocale::c().toString(startDate.addMSecs(at - start + wait * 1000),
            QStringLiteral("ddd, dd MMM yyyy hh:mm:ss 'GMT'"));
        return limited(byDate ? date.toLatin1() : QByteArray::number(wait));
    });
    HttpClient client(patientSettings(server), storm.surroundings());
    int done = 0;
    int good = 0;
    std::vector<net::Call> calls;
    for (int i = 0; i < 200; ++i) {
        calls.push_back(client.send(getOf(QStringLiteral("/x")), [&](const auto &result) {
            ++done;
            good += result ? 1 : 0;
        }));
    }
    storm.run(10min, [&] { return done == 200; });
    QVERIFY2(good >= 180, QByteArray::number(good));
    QCOMPARE(tooEarly.load(), 0);
    const auto total = static_cast<double>(server.requestCount());
    qInfo("%d requests reached the server for %d answers (%.2fx)", static_cast<int>(total),
        taken.load(), total / taken.load());
    QVERIFY2(total <= 1.2 * taken.load(), QByteArray::number(total));
}

void TestHttpLimits::naiveClientAsksBeforeRetryAfter()
{
    // Negative control: whoever repeats at once is seen by the same measure.
    FaultServer server;
    server.answer("/x", limited("30"));
    QNetworkAccessManager manager;
    for (int i = 0; i < 10; ++i) {
        const std::unique_ptr<QNetworkReply> reply(
            manager.get(QNetworkRequest(server.url().resolved(QUrl(QStringLiteral("/x"))))));
        QTRY_VERIFY(reply->isFinished());
    }
    QCOMPARE(server.requestCount(), 10);
}

void TestHttpLimits::aFarRetryAfterIsToldAtOnce()
{
    FaultServer server;
    server.answer("/x", limited("300"));
    Storm storm;
    HttpClient client(patientSettings(server), storm.surroundings());
    const auto first = answerTo(client, getOf(QStringLiteral("/x")));
    QCOMPARE(first.error().kind, ErrorKind::RateLimited);
    QVERIFY(first.error().retryAt);
    QCOMPARE(storm.clock().utc().secsTo(*first.error().retryAt), 300);
    QVERIFY(first.error().message.contains(QStringLiteral("limited until")));
    QCOMPARE(answerTo(client, getOf(QStringLiteral("/y"))).error().kind, ErrorKind::RateLimited);
    QCOMPARE(server.requestCount(), 1);
    storm.clock().advance(301s);
    server.answer("/x", json("{}"));
    Outcome outcome;
    const net::Call call = client.send(
        getOf(QStringLiteral("/x")), [&](auto result) { outcome = std::move(result); });
    storm.run(10min, [&] { return outcome.has_value(); });
    QVERIFY(outcome && outcome->has_value());
}

void TestHttpLimits::theHerdIsSpread_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<bool>("byDate");
    QTest::addColumn<bool>("byChance");
    QTest::newRow("429 in seconds") << 429 << false << true;
    QTest::newRow("503 by date") << 503 << true << true;
    QTest::newRow("negative control: without chance they come together") << 429 << false << false;
}

void TestHttpLimits::theHerdIsSpread()
{
    // 200 tabs, each a client of its own, are told to come again in 20 s.
    QFETCH(int, status);
    QFETCH(bool, byDate);
    QFETCH(bool, byChance);
    constexpr int tabs = 200;
    constexpr double wait = 20.0;
    FaultServer server;
    Storm storm;
    const QString date = QLocale::c().toString(
        storm.clock().utc().addSecs(20), QStringLiteral("ddd, dd MMM yyyy hh:mm:ss 'GMT'"));
    Answer answer = limited(byDate ? date.toLatin1() : QByteArray("20"));
    answer.status = status;
    server.answer("/x", answer);
    std::vector<std::unique_ptr<HttpClient>> clients;
    std::vector<net::Call> calls;
    net::ServerSettings settings = patientSettings(server);
    settings.maxAttempts = 2;
    net::Surroundings surroundings = storm.surroundings();
    if (!byChance)
        surroundings.random = [] { return 0.0; };
    for (int i = 0; i < tabs; ++i) {
        clients.push_back(std::make_unique<HttpClient>(settings, surroundings));
        calls.push_back(clients.back()->send(getOf(QStringLiteral("/x")), [](const auto &) {}));
    }
    QTRY_COMPARE_WITH_TIMEOUT(server.requestCount(), tabs, 30'000);
    storm.calmDown();
    const auto told = storm.clock().monotonic();
    QList<double> seconds;
    while (server.requestCount() < 2 * tabs && storm.clock().monotonic() < told + 120s) {
        const qsizetype before = server.requestCount();
        if (!storm.clock().advanceToNextAlarm())
            break;
        storm.calmDown();
        for (qsizetype i = before; i < server.requestCount(); ++i)
            seconds << static_cast<double>((storm.clock().monotonic() - told).count()) / 1000.0;
    }
    QCOMPARE(seconds.size(), tabs);
    const auto [first, last] = std::minmax_element(seconds.begin(), seconds.end());
    const double spread = (*last - *first) / wait;
    qInfo("%d told to wait 20 s came from %.1f s to %.1f s: a spread of %.0f %%", tabs, *first,
        *last, 100 * spread);
    QVERIFY(*first >= wait - (byDate ? 0.001 : 0.0));
    QCOMPARE(spread >= 0.5, byChance);
}

void TestHttpLimits::neverAsksPastRemainingZero()
{
    FaultServer server;
    Storm storm;
    const VirtualClock &clock = storm.clock();
    std::atomic<int> refused = 0;
    std::atomic<qint64> window = -1;
    std::atomic<int> used = 0;
    const qint64 start = clock.monotonic().count();
    const qint64 startDate = storm.clock().utc().toSecsSinceEpoch();
    server.answerBy([&](const Received &) -> std::optional<Answer> {
        const qint64 minute = (clock.monotonic().count() - start) / 40'000;
        if (window.exchange(minute) != minute)
            used = 0;
        const int left = 20 - ++used;
        refused += left < 0 ? 1 : 0;
        Answer answer = left < 0 ? limited("40") : json("{}");
        answer.with("RateLimit-Limit", "20")
            .with("RateLimit-Remaining", QByteArray::number(std::max(0, left)));
        return answer.with("RateLimit-Reset", QByteArray::number(startDate + (minute + 1) * 40));
    });
    HttpClient client(patientSettings(server), storm.surroundings());
    int done = 0;
    std::vector<net::Call> calls;
    for (int i = 0; i < 60; ++i)
        calls.push_back(client.send(
            getOf(QStringLiteral("/x")), [&](const auto &result) { done += result ? 1 : 0; }));
    storm.run(10min, [&] { return done == 60; });
    QCOMPARE(done, 60);
    QCOMPARE(refused.load(), 0);
    QCOMPARE(server.requestCount(), 60);
}

void TestHttpLimits::aServerStormIsNotMadeWorse()
{
    // Everything fails: 200 requests must not become 800.
    FaultServer server;
    server.answer("/x", html("<title>502 Bad Gateway</title>", 502));
    Storm storm;
    HttpClient client(patientSettings(server), storm.surroundings());
    int done = 0;
    std::vector<net::Call> calls;
    for (int i = 0; i < 200; ++i) {
        calls.push_back(client.send(getOf(QStringLiteral("/x")), [&](const auto &result) {
            ++done;
            QVERIFY(!result && result.error().serverWords == QStringLiteral("502 Bad Gateway"));
        }));
    }
    storm.run(10min, [&] { return done == 200; });
    QCOMPARE(done, 200);
    qInfo("%d requests for 200 that could not succeed", static_cast<int>(server.requestCount()));
    QVERIFY(server.requestCount() <= 240);
}

void TestHttpLimits::pagesSurviveAStorm()
{
    FaultServer server;
    Storm storm;
    std::atomic<int> count = 0;
    server.answerBy([&](const Received &request) -> std::optional<Answer> {
        const int at = ++count;
        if (at % 5 == 0)
            return at % 2 == 0 ? limited("7") : html("<title>503</title>", 503);
        const int page = request.query.mid(5).toInt();
        const QByteArray body = "[" + QByteArray::number(page) + "]";
        return page < 40 ? pageWithNext(body, "/list?page=" + QByteArray::number(page + 1))
                         : json(body);
    });
    HttpClient client(patientSettings(server), storm.surroundings());
    net::PagePlan plan;
    plan.first = getOf(QStringLiteral("/list?page=1"));
    QByteArrayList pages;
    std::optional<domain::Result<int>> end;
    const net::Call call = net::forEachPage(
        client, plan, [&](const net::HttpResponse &page) { pages << page.body; },
        [&](const domain::Result<int> &result) { end = result; });
    storm.run(10min, [&] { return end.has_value(); });
    QVERIFY(end && end->has_value());
    QCOMPARE(pages.size(), 40);
    for (int i = 0; i < 40; ++i)
        QCOMPARE(pages.at(i), "[" + QByteArray::number(i + 1) + "]");
}

void TestHttpLimits::rateStateTellsPeople()
{
    FaultServer server;
    server.answer(
        "/x", json("{}").with("RateLimit-Limit", "600").with("RateLimit-Remaining", "599"));
    server.answer("/y", limited("90"));
    HttpClient client(settingsFor(server), eager());
    QCOMPARE(client.rateState().limit, -1);
    QVERIFY(answerTo(client, getOf(QStringLiteral("/x"))).has_value());
    QCOMPARE(client.rateState().limit, 600);
    QCOMPARE(client.rateState().remaining, 599);
    QVERIFY(!client.rateState().limitedUntil.isValid());
    QVERIFY(!answerTo(client, getOf(QStringLiteral("/y"))).has_value());
    QVERIFY(client.rateState().limitedUntil.isValid());
}

QTEST_GUILESS_MAIN(TestHttpLimits)
#include "tst_http_limits.moc"
