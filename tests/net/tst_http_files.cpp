// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/net/file_sink.h"
#include "tests/net/exchange.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

using namespace faultline;
using namespace faultline::tests;
using domain::ErrorKind;

namespace {

class FailingSink : public net::BodySink
{
public:
    [[nodiscard]] domain::Result<std::monostate> begin() override { return std::monostate(); }
    [[nodiscard]] domain::Result<std::monostate> write(QByteArrayView) override
    {
        return domain::failure(ErrorKind::Local, QStringLiteral("The disk is full."));
    }
};

QByteArray contents(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(not there)");
}

} // namespace

/// Bodies that go into a file instead of memory.
class TestHttpFiles : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aBodyGoesIntoTheFileAtTheEnd()
    {
        server->answer("/f", plainText("0123456789"));
        const auto sink = sinkAt("target");
        net::HttpClient client(settingsFor(*server), eager());
        const auto answer = answerTo(client, into("/f", sink));
        QVERIFY2(answer, qPrintable(answer ? QString() : answer.error().text()));
        QVERIFY(answer->body.isEmpty());
        QCOMPARE(contents(path("target")), QByteArray("(not there)")); // not before it is whole
        QVERIFY(sink->commit());
        QCOMPARE(contents(path("target")), QByteArray("0123456789"));
        QCOMPARE(sink->size(), 10);
        QCOMPARE(sink->tail(), QByteArray("0123456789"));
    }

    void aRepeatedRequestBeginsAgain()
    {
        server->answer("/f", { truncated("abcdefghij", 4), plainText("abcdefghij") });
        const auto sink = sinkAt("again");
        net::HttpClient client(settingsFor(*server), eager());
        QVERIFY(answerTo(client, into("/f", sink)));
        QVERIFY(sink->commit());
        QCOMPARE(contents(path("again")), QByteArray("abcdefghij"));
        QCOMPARE(server->requestCount("/f"), 2);
    }

    void packedBodiesAreUnpackedIntoIt()
    {
        Answer packed = plainText("line\n");
        packed.repeat = 100'000;
        packed.gzip = true;
        server->answer("/f", packed);
        const auto sink = sinkAt("packed");
        net::HttpClient client(settingsFor(*server), eager());
        QVERIFY(answerTo(client, into("/f", sink)));
        QCOMPARE(sink->size(), 500'000);
        QVERIFY(sink->tail().size() <= 128 << 10);
        QVERIFY(sink->tail().endsWith("line\n"));
    }

    void theBodyOfAnErrorIsNotWritten()
    {
        server->answer("/f", json("{\"message\":\"404 Not found\"}", 404));
        const auto sink = sinkAt("error");
        net::HttpClient client(settingsFor(*server), eager());
        const auto answer = answerTo(client, into("/f", sink));
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ErrorKind::NotFound);
        QCOMPARE(answer.error().serverWords, QStringLiteral("404 Not found"));
        QCOMPARE(sink->size(), 0);
        QVERIFY(!QFile::exists(path("error")));
    }

    void moreThanTheLimitLeavesNothing()
    {
        server->answer("/f", plainText(QByteArray(100'000, 'x')));
        {
            const auto sink = sinkAt("large");
            net::HttpRequest request = into("/f", sink);
            request.maxBody = 50'000;
            net::HttpClient client(settingsFor(*server), eager());
            const auto answer = answerTo(client, request);
            QVERIFY(!answer);
            QCOMPARE(answer.error().kind, ErrorKind::Server);
        }
        QVERIFY(QDir(path("")).entryList({ QStringLiteral("large*") }, QDir::Files).isEmpty());
    }

    void aDiskThatIsFullEndsTheRequestAtOnce()
    {
        server->answer("/f", plainText("0123456789"));
        net::HttpClient client(settingsFor(*server), eager());
        const auto answer = answerTo(client, into("/f", std::make_shared<FailingSink>()));
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ErrorKind::Local);
        QCOMPARE(answer.error().message, QStringLiteral("The disk is full."));
        QCOMPARE(server->requestCount("/f"), 1);
    }

    void init() { server = std::make_unique<FaultServer>(); }

private:
    [[nodiscard]] QString path(const char *name) const
    {
        return folder.filePath(QLatin1StringView(name));
    }
    [[nodiscard]] std::shared_ptr<net::FileSink> sinkAt(const char *name) const
    {
        return std::make_shared<net::FileSink>(path(name));
    }
    [[nodiscard]] static net::HttpRequest into(
        const char *where, const std::shared_ptr<net::BodySink> &sink)
    {
        net::HttpRequest request = getOf(QLatin1StringView(where));
        request.expectJson = false;
        request.sink = sink;
        return request;
    }

    std::unique_ptr<FaultServer> server;
    QTemporaryDir folder;
};

QTEST_GUILESS_MAIN(TestHttpFiles)
#include "tst_http_files.moc"
