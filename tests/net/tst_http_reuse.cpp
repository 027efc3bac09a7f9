// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/net/exchange.h"

#include <QElapsedTimer>
#include <QTest>

using namespace faultline;
using namespace faultline::tests;
using namespace std::chrono_literals;
using net::HttpClient;

/// A request that was lost on a connection of before.
class TestHttpReuse : public QObject
{
    Q_OBJECT

    static net::ServerSettings hasty(const FaultServer &server)
    {
        net::ServerSettings settings = settingsFor(server);
        settings.reusePatience = 300ms;
        settings.maxAttempts = 1;
        return settings;
    }

private Q_SLOTS:
    void aLostRequestIsAskedOnceMoreOnANewConnection()
    {
        FaultServer server;
        server.answer("/x", { json("{}"), silent(), json("[1]") });
        HttpClient client(hasty(server));
        QVERIFY(answerTo(client, getOf(QStringLiteral("/x"))).has_value());
        QElapsedTimer timer;
        timer.start();
        const auto answer = answerTo(client, getOf(QStringLiteral("/x")));
        QVERIFY(answer.has_value());
        QCOMPARE(answer->body, QByteArray("[1]"));
        QVERIFY2(timer.elapsed() < 20'000, QByteArray::number(timer.elapsed())); // not the 30 s
        QCOMPARE(server.requestCount(), 3);
    }

    void aPostIsNotSentTwice()
    {
        FaultServer server;
        server.answer("/x", { json("{}"), silent(), json("[1]") });
        net::ServerSettings settings = hasty(server);
        settings.firstByteTimeout = 1500ms;
        HttpClient client(settings);
        QVERIFY(answerTo(client, getOf(QStringLiteral("/x"))).has_value());
        net::HttpRequest post = getOf(QStringLiteral("/x"));
        post.method = "POST";
        const auto answer = answerTo(client, post);
        QVERIFY(!answer.has_value());
        QCOMPARE(answer.error().kind, domain::ErrorKind::Timeout);
        QCOMPARE(server.requestCount(), 2);
    }

    void aServerThatIsOnlySlowIsSoonAskedOnce()
    {
        FaultServer server;
        Answer slow = json("{}");
        slow.delay = 1500ms;
        server.answer("/x", slow);
        HttpClient client(hasty(server));
        for (int i = 0; i < 6; ++i)
            QVERIFY(answerTo(client, getOf(QStringLiteral("/x"))).has_value());
        // Patience grows 300, 600, 1200, 2400 ms: three repetitions and no more.
        QVERIFY2(server.requestCount() <= 6 + 3, QByteArray::number(server.requestCount()));
        QVERIFY(server.requestCount() > 6);
    }
};

QTEST_GUILESS_MAIN(TestHttpReuse)
#include "tst_http_reuse.moc"
