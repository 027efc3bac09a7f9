// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/net/page_links.h"
#include "services/net/paging.h"
#include "tests/net/exchange.h"

#include <QElapsedTimer>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <QUrlQuery>

using namespace faultline;
using namespace faultline::tests;
using domain::ErrorKind;
using net::HttpClient;
using net::PagePlan;

namespace {

struct Reading
{
    QList<QByteArray> bodies;
    std::optional<domain::Result<int>> end;
};

Reading readAll(HttpClient &client, const PagePlan &plan)
{
    Reading reading;
    QEventLoop loop;
    const net::Call call = net::forEachPage(
        client, plan, [&](const net::HttpResponse &page) { reading.bodies << page.body; },
        [&](const domain::Result<int> &end) {
            reading.end = end;
            loop.quit();
        });
    QTimer::singleShot(std::chrono::seconds(30), &loop, &QEventLoop::quit);
    loop.exec();
    if (!reading.end)
        reading.end = domain::failure(ErrorKind::Local, QStringLiteral("no end"));
    return reading;
}

PagePlan planOf(const QString &path, int atOnce = 6)
{
    PagePlan plan;
    plan.first = getOf(path);
    plan.atOnce = atOnce;
    return plan;
}

int numberOf(const Received &request, const char *name, int otherwise)
{
    const QString value
        = QUrlQuery(QString::fromLatin1(request.query)).queryItemValue(QString::fromLatin1(name));
    return value.isEmpty() ? otherwise : value.toInt();
}

/// GitLab's numbered pages of one number each: 1 to `pages`.
struct NumberedList
{
    int pages = 10;
    bool hasLinks = true;
    bool hasTotals = true;
    int claimedPages = 0;
    std::chrono::milliseconds latency{ 0 };

    void serve(FaultServer &server, const QByteArray &path) const
    {
        server.answerBy([*this, path, url = server.url().toEncoded()](
                            const Received &request) -> std::optional<Answer> {
            if (request.path != path)
                return std::nullopt;
            const int page = numberOf(request, "page", 1);
            Answer answer = json(page <= pages ? "[" + QByteArray::number(page) + "]" : "[]");
            answer.delay = latency;
            const QByteArray next = page < pages ? QByteArray::number(page + 1) : QByteArray();
            answer.with("X-Next-Page", next);
            if (hasTotals)
                answer.with(
                    "X-Total-Pages", QByteArray::number(claimedPages ? claimedPages : pages));
            if (hasLinks && !next.isEmpty())
                answer.with("Link",
                    "<" + url + path + "?page=" + next + "&per_page=1>; rel=\"next\", <" + url
                        + path + "?page=1>; rel=\"first\"");
            return answer;
        });
    }

    [[nodiscard]] QList<QByteArray> oracle() const
    {
        QList<QByteArray> all;
        for (int page = 1; page <= pages; ++page)
            all << "[" + QByteArray::number(page) + "]";
        return all;
    }
};

domain::Result<QByteArray> rancherNext(const QByteArray &body)
{
    return QJsonDocument::fromJson(body)
        .object()
        .value(QLatin1StringView("pagination"))
        .toObject()
        .value(QLatin1StringView("next"))
        .toString()
        .toLatin1();
}

} // namespace

class TestPaging : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsTheNextLink_data();
    void findsTheNextLink();
    void setsThePageNumber();
    void readsNumberedPagesInOrder_data();
    void readsNumberedPagesInOrder();
    void readsKeysetPagesToTheEnd();
    void readsRanchersBodies();
    void cyclicLinksEndWithAnError_data();
    void cyclicLinksEndWithAnError();
    void naiveReaderLoopsOnACyclicLink();
    void linksToAnotherHostAreNotFollowed();
    void linksWithAnotherSchemeStayOnOurServer();
    void aFailedPageKeepsTheEarlierOnesAndCanBeResumed();
    void pagesInParallelAreNeverMoreThanSix();
    void parallelIsFasterThanSequential();
    void tooManyPagesEnd();
    void droppingTheCallStopsTheRequests();
    void theWalkerMayBeDeletedInItsCallback();
};

void TestPaging::findsTheNextLink_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("next");
    QTest::newRow("GitLab") << QByteArray(
        "<https://h/a?page=1>; rel=\"prev\", <https://h/a?page=3&x=1,2>; rel=\"next\", "
        "<https://h/a>; rel=\"first\"")
                            << QByteArray("https://h/a?page=3&x=1,2");
    QTest::newRow("no quotes") << QByteArray("<https://h/b>; rel=next")
                               << QByteArray("https://h/b");
    QTest::newRow("several relations")
        << QByteArray("<https://h/b>; title=\"x\"; rel=\"last next\"") << QByteArray("https://h/b");
    QTest::newRow("last page") << QByteArray("<https://h/a>; rel=\"first\"") << QByteArray();
    QTest::newRow("another word") << QByteArray("<https://h/a>; rel=\"nextish\"") << QByteArray();
    QTest::newRow("nonsense") << QByteArray("next") << QByteArray();
}

void TestPaging::findsTheNextLink()
{
    QFETCH(QByteArray, header);
    net::HttpResponse response;
    response.headers = { net::Header("link", header) };
    QTEST(net::nextLink(response), "next");
}

void TestPaging::setsThePageNumber()
{
    QCOMPARE(net::withPageNumber(QStringLiteral("/a"), 2), QStringLiteral("/a?page=2"));
    QCOMPARE(net::withPageNumber(QStringLiteral("/a?per_page=9"), 2),
        QStringLiteral("/a?per_page=9&page=2"));
    QCOMPARE(net::withPageNumber(QStringLiteral("/a?page=7&per_page=9"), 2),
        QStringLiteral("/a?page=2&per_page=9"));
    QCOMPARE(net::pageNumberIn(QStringLiteral("/a?per_page=9&page=7")).value_or(0), 7);
    QVERIFY(!net::pageNumberIn(QStringLiteral("/a?per_page=9")));
    QVERIFY(net::isKeyset(QStringLiteral("/a?pagination=keyset&cursor=x")));
}

void TestPaging::readsNumberedPagesInOrder_data()
{
    QTest::addColumn<NumberedList>("list");
    QTest::addColumn<int>("atOnce");
    QTest::newRow("links and totals") << NumberedList{} << 6;
    QTest::newRow("no totals") << NumberedList{ 10, true, false } << 6;
    QTest::newRow("X-Next-Page only") << NumberedList{ 10, false, false } << 6;
    QTest::newRow("one after the other") << NumberedList{} << 1;
    QTest::newRow("one page") << NumberedList{ 1 } << 6;
    QTest::newRow("two pages") << NumberedList{ 2, true, false } << 6;
    QTest::newRow("fewer pages than claimed") << NumberedList{ 10, true, true, 40 } << 6;
    QTest::newRow("more pages than claimed") << NumberedList{ 30, true, true, 4 } << 6;
}

void TestPaging::readsNumberedPagesInOrder()
{
    QFETCH(NumberedList, list);
    QFETCH(int, atOnce);
    FaultServer server;
    list.serve(server, "/list");
    HttpClient client(settingsFor(server), eager());
    const Reading reading = readAll(client, planOf(QStringLiteral("/list?per_page=1"), atOnce));
    QVERIFY2(reading.end->has_value(), *reading.end ? "" : qPrintable(reading.end->error().text()));
    QCOMPARE(**reading.end, list.pages);
    QCOMPARE(reading.bodies, list.oracle());
}

void TestPaging::readsKeysetPagesToTheEnd()
{
    // 60,000 rows: beyond GitLab's limit for numbered pages, 600 pages by cursor.
    FaultServer server;
    server.answerBy(
        [url = server.url().toEncoded()](const Received &request) -> std::optional<Answer> {
            const int before = numberOf(request, "cursor", 60'000);
            QByteArray rows = "[";
            for (int id = before; id > before - 100; --id)
                rows += QByteArray::number(id) + (id == before - 99 ? "]" : ",");
            Answer answer = json(rows);
            if (before > 100)
                answer.with("Link",
                    "<" + url + "/jobs?pagination=keyset&cursor=" + QByteArray::number(before - 100)
                        + ">; rel=\"next\"");
            return answer;
        });
    HttpClient client(settingsFor(server), eager());
    const Reading reading = readAll(client, planOf(QStringLiteral("/jobs?pagination=keyset")));
    QVERIFY(reading.end->has_value());
    QCOMPARE(**reading.end, 600);
    int expected = 60'000;
    for (const QByteArray &body : reading.bodies) {
        for (const QByteArray &id : body.mid(1, body.size() - 2).split(','))
            QCOMPARE(id.toInt(), expected--);
    }
    QCOMPARE(expected, 0);
}

void TestPaging::readsRanchersBodies()
{
    FaultServer server;
    server.answerBy([](const Received &request) -> std::optional<Answer> {
        const int marker = numberOf(request, "marker", 0);
        return json("{\"data\":[" + QByteArray::number(marker) + "],\"pagination\":{\"next\":"
            + (marker < 5 ? "\"HTTP://127.0.0.1/v2-beta/services?marker="
                        + QByteArray::number(marker + 1) + "\""
                          : QByteArray("null"))
            + "}}");
    });
    HttpClient client(settingsFor(server), eager());
    PagePlan plan = planOf(QStringLiteral("/v2-beta/services"));
    plan.nextInBody = rancherNext;
    const Reading reading = readAll(client, plan);
    QVERIFY(reading.end->has_value());
    QCOMPARE(**reading.end, 6);
}

void TestPaging::cyclicLinksEndWithAnError_data()
{
    QTest::addColumn<QByteArrayList>("nextOf"); // what pages 1, 2, 3, … link to
    QTest::newRow("to itself") << QByteArrayList{ "/list?page=1" };
    QTest::newRow("third back to the second")
        << QByteArrayList{ "/list?page=2", "/list?page=3", "/list?page=2" };
    QTest::newRow("by cursor") << QByteArrayList{ "/list?page=2&cursor=b", "/list?page=3&cursor=c",
        "/list?page=2&cursor=b" };
}

void TestPaging::cyclicLinksEndWithAnError()
{
    QFETCH(QByteArrayList, nextOf);
    FaultServer server;
    server.answerBy([nextOf](const Received &request) -> std::optional<Answer> {
        const int page = numberOf(request, "page", 1);
        return pageWithNext("[" + QByteArray::number(page) + "]", nextOf.value(page - 1));
    });
    HttpClient client(settingsFor(server), eager());
    const Reading reading = readAll(client, planOf(QStringLiteral("/list?page=1")));
    QVERIFY(!reading.end->has_value());
    QCOMPARE(reading.end->error().kind, ErrorKind::Server);
    QVERIFY(reading.end->error().message.contains(QStringLiteral("circle")));
    QCOMPARE(reading.bodies.size(), nextOf.size()); // what had arrived was handed out
    QVERIFY(server.requestCount() <= nextOf.size() + 3);
}

void TestPaging::naiveReaderLoopsOnACyclicLink()
{
    // Negative control: following the links without a memory goes on for ever.
    FaultServer server;
    server.answer("/list", pageWithNext("[1]", "/list?page=1"));
    HttpClient client(settingsFor(server), eager());
    QString path = QStringLiteral("/list?page=1");
    for (int i = 0; i < 50; ++i) {
        const auto page = answerTo(client, getOf(path));
        QVERIFY(page.has_value());
        path = client.anchored(net::nextLink(*page)).value_or(QString());
        QVERIFY(!path.isEmpty());
    }
    QCOMPARE(server.requestCount(), 50);
}

void TestPaging::linksToAnotherHostAreNotFollowed()
{
    FaultServer server;
    FaultServer trap;
    server.answer("/list",
        pageWithNext(
            "[1]", "http://localhost:" + QByteArray::number(trap.port()) + "/list?page=2"));
    HttpClient client(settingsFor(server), eager());
    const Reading reading = readAll(client, planOf(QStringLiteral("/list")));
    QVERIFY(!reading.end->has_value());
    QVERIFY(reading.end->error().message.contains(QStringLiteral("another host")));
    QCOMPARE(reading.bodies.size(), 1);
    QCOMPARE(trap.acceptedConnections(), 0);
}

void TestPaging::linksWithAnotherSchemeStayOnOurServer()
{
    FaultServer server;
    FaultServer trap;
    server.answerBy([port = trap.port()](const Received &request) -> std::optional<Answer> {
        if (numberOf(request, "cursor", 1) == 2)
            return json("[2]");
        return pageWithNext(
            "[1]", "https://127.0.0.1:" + QByteArray::number(port) + "/list?cursor=2");
    });
    HttpClient client(settingsFor(server), eager());
    QCOMPARE(readAll(client, planOf(QStringLiteral("/list"))).bodies.size(), 2);
    QCOMPARE(trap.acceptedConnections(), 0);
}

void TestPaging::aFailedPageKeepsTheEarlierOnesAndCanBeResumed()
{
    FaultServer server;
    auto isBroken = std::make_shared<std::atomic<bool>>(true);
    server.answerBy([isBroken](const Received &request) -> std::optional<Answer> {
        const int page = numberOf(request, "page", 1);
        if (page == 4 && *isBroken)
            return json("{\"message\":\"500\"}", 500);
        const QByteArray body = "[" + QByteArray::number(page) + "]";
        return page < 8 ? pageWithNext(body, "/list?page=" + QByteArray::number(page + 1))
                        : json(body);
    });
    HttpClient client(settingsFor(server), eager());
    net::PageWalker walker(client, planOf(QStringLiteral("/list?page=1")));
    QByteArrayList bodies;
    std::optional<domain::Error> error;
    bool isOver = false;
    const auto readOn = [&] {
        error.reset();
        while (!error && !isOver) {
            bool answered = false;
            const net::Call call
                = walker.next([&](const domain::Result<std::optional<net::HttpResponse>> &page) {
                      answered = true;
                      if (!page)
                          error = page.error();
                      else if (!*page)
                          isOver = true;
                      else
                          bodies << (*page)->body;
                  });
            if (!QTest::qWaitFor([&] { return answered; }))
                return;
        }
    };
    readOn();
    QVERIFY(error);
    QCOMPARE(error->status, 500);
    QCOMPARE(bodies, (QByteArrayList{ "[1]", "[2]", "[3]" }));
    *isBroken = false;
    readOn();
    QVERIFY(isOver);
    QCOMPARE(bodies.join(), QByteArray("[1][2][3][4][5][6][7][8]"));
}

void TestPaging::pagesInParallelAreNeverMoreThanSix()
{
    FaultServer server;
    const NumberedList list{ 60, true, true, 0, std::chrono::milliseconds(10) };
    list.serve(server, "/list");
    HttpClient client(settingsFor(server), eager());
    QCOMPARE(readAll(client, planOf(QStringLiteral("/list"))).bodies, list.oracle());
    QCOMPARE(server.mostAtOnce(), 6);
    QCOMPARE(server.requestCount(), 60);
}

void TestPaging::parallelIsFasterThanSequential()
{
    const auto timed = [](bool hasTotals, int atOnce) {
        FaultServer server;
        const NumberedList list{ 100, true, hasTotals, 0, std::chrono::milliseconds(50) };
        list.serve(server, "/list");
        HttpClient client(settingsFor(server), eager());
        QElapsedTimer timer;
        timer.start();
        const Reading reading = readAll(client, planOf(QStringLiteral("/list"), atOnce));
        return reading.bodies == list.oracle() ? static_cast<double>(timer.elapsed()) : 1e9;
    };
    const double sequential = timed(true, 1);
    const double withTotals = timed(true, 6);
    const double withoutTotals = timed(false, 6);
    qInfo(
        "100 pages at 50 ms: sequential %.0f ms, with totals %.0f ms (%.2fx), without totals %.0f "
        "ms (%.2fx)",
        sequential, withTotals, withTotals / sequential, withoutTotals, withoutTotals / sequential);
    QVERIFY(withTotals < sequential / 2);
    QVERIFY(withoutTotals < sequential / 2);
}

void TestPaging::tooManyPagesEnd()
{
    FaultServer server;
    NumberedList{ 100'000, true, false }.serve(server, "/list");
    HttpClient client(settingsFor(server), eager());
    PagePlan plan = planOf(QStringLiteral("/list"));
    plan.maxPages = 20;
    const Reading reading = readAll(client, plan);
    QVERIFY(!reading.end->has_value());
    QCOMPARE(reading.bodies.size(), 20);
    QCOMPARE(server.requestCount(), 20);
}

void TestPaging::droppingTheCallStopsTheRequests()
{
    FaultServer server;
    NumberedList{ 1000, true, true, 0, std::chrono::milliseconds(5) }.serve(server, "/list");
    HttpClient client(settingsFor(server), eager());
    int pages = 0;
    net::Call call = net::forEachPage(
        client, planOf(QStringLiteral("/list")), [&](const net::HttpResponse &) { ++pages; },
        [](const auto &) { QFAIL("dropped"); });
    QTRY_VERIFY(pages >= 3);
    call.cancel();
    const int then = pages;
    QVERIFY(answerTo(client, getOf(QStringLiteral("/list"))).has_value());
    QCOMPARE(pages, then);
    QVERIFY(server.requestCount() < 100);
}

void TestPaging::theWalkerMayBeDeletedInItsCallback()
{
    FaultServer server;
    NumberedList{}.serve(server, "/list");
    HttpClient client(settingsFor(server), eager());
    auto walker = std::make_unique<net::PageWalker>(client, planOf(QStringLiteral("/list")));
    bool done = false;
    const net::Call call = walker->next([&](const auto &) {
        walker.reset();
        done = true;
    });
    QTRY_VERIFY(done);
    auto other = std::make_unique<net::PageWalker>(client, planOf(QStringLiteral("/list")));
    const net::Call dropped = other->next([](const auto &) { QFAIL("dropped"); });
    other.reset();
    QVERIFY(answerTo(client, getOf(QStringLiteral("/list"))).has_value());
}

QTEST_GUILESS_MAIN(TestPaging)
#include "tst_paging.moc"
