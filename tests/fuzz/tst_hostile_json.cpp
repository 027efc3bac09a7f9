// SPDX-License-Identifier: GPL-3.0-or-later
// Answers that no honest server gives. Each is read as a page of GitLab's jobs and of Rancher's
// containers.
#include "services/ci/gitlab/gitlab_parse.h"
#include "services/net/http_client.h"
#include "services/stacks/rancher/rancher_parse.h"
#include "tests/net/exchange.h"

#include <QFile>
#include <QTest>

using namespace faultline;
using namespace faultline::tests;
using domain::ErrorKind;

namespace {

constexpr qint64 mebibyte = 1 << 20;

/// Bytes of this process that are in memory; 0 when the system does not tell.
qint64 residentBytes()
{
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return file.readAll().split(' ').value(1).toLongLong() * 4096;
}

bool isSanitized()
{
#if defined(__SANITIZE_ADDRESS__)
    return true; // its own bookkeeping is what would be measured
#else
    return false;
#endif
}

domain::Result<QList<domain::Job>> jobsOf(const QByteArray &json)
{
    return ci::gitlab::parseJobs(json, QStringLiteral("GET /jobs"));
}

} // namespace

class TestHostileJson : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void brokenAnswersAreErrorsWithWords_data();
    void brokenAnswersAreErrorsWithWords();
    void theHonestAnswerBesideThemIsRead();
    void idsBeyondDoublesStayExact();
    void aDoubleWouldHaveLostTheId();
    void idsBeyondSixtyFourBitsAreRefused();
    void ofDuplicateKeysOneCountsAndNothingElseSuffers();
    void deepNestingCostsNoMemory();
    void bodiesAreCappedByKind_data();
    void bodiesAreCappedByKind();
};

void TestHostileJson::brokenAnswersAreErrorsWithWords_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("one bracket") << QByteArray("[");
    QTest::newRow("cut in a string") << QByteArray("[{\"id\":1,\"name\":\"ab");
    QTest::newRow("cut in a number") << QByteArray("[{\"id\":12");
    QTest::newRow("cut behind a comma") << QByteArray("[{\"id\":1},");
    QTest::newRow("two values") << QByteArray("[] []");
    QTest::newRow("bad UTF-8") << QByteArray("[{\"id\":1,\"name\":\"a\xff\xfe\xc0\"}]");
    QTest::newRow("half a surrogate in UTF-8")
        << QByteArray("[{\"id\":1,\"name\":\"\xed\xa0\x80\"}]");
    QTest::newRow("a raw control character") << QByteArray("[{\"id\":1,\"name\":\"a\nb\"}]");
    QTest::newRow("100,000 deep") << QByteArray(100'000, '[');
    QTest::newRow("100,000 deep and closed") << QByteArray(100'000, '[') + QByteArray(100'000, ']');
    QTest::newRow("100,000 objects deep")
        << QByteArray("{\"a\":").repeated(100'000) + "1" + QByteArray(100'000, '}');
    QTest::newRow("a page of the web") << QByteArray("<html><title>Sign in</title></html>");
    QTest::newRow("NaN") << QByteArray("[{\"id\":NaN}]");
    QTest::newRow("a row without id") << QByteArray("[{\"name\":\"x\"}]");
}

void TestHostileJson::brokenAnswersAreErrorsWithWords()
{
    QFETCH(QByteArray, json);
    const auto jobs = jobsOf(json);
    QVERIFY(!jobs);
    QCOMPARE(jobs.error().kind, ErrorKind::Server);
    QVERIFY(!jobs.error().message.isEmpty());
    const auto containers
        = stacks::rancher::parseContainers("{\"data\":" + json + "}", QStringLiteral("GET /x"));
    QVERIFY(!containers);
    QCOMPARE(containers.error().kind, ErrorKind::Server);
    QVERIFY(!stacks::rancher::parseStack(json, QStringLiteral("GET /x")));
}

void TestHostileJson::theHonestAnswerBesideThemIsRead()
{
    // Negative control: what is refused above is refused for its fault.
    const auto jobs = jobsOf("[{\"id\":1,\"name\":\"ab\"}]");
    QVERIFY(jobs && jobs->size() == 1);
    const auto containers
        = stacks::rancher::parseContainers("{\"data\":[{\"id\":\"1i1\",\"name\":\"ab\"}]}", {});
    QVERIFY(containers && containers->items.size() == 1);
}

void TestHostileJson::idsBeyondDoublesStayExact()
{
    const auto jobs = jobsOf(
        "[{\"id\":9007199254740993},{\"id\":9223372036854775807},{\"id\":\"9007199254740995\"}]");
    QVERIFY(jobs);
    QCOMPARE(jobs->at(0).id.value(), 9'007'199'254'740'993LL);
    QCOMPARE(jobs->at(1).id.value(), std::numeric_limits<qint64>::max());
    QCOMPARE(jobs->at(2).id.value(), 9'007'199'254'740'995LL);
}

void TestHostileJson::aDoubleWouldHaveLostTheId()
{
    // Negative control: the ids above are ones that a reader by doubles gets wrong.
    QCOMPARE(qint64(QByteArray("9007199254740993").toDouble()), 9'007'199'254'740'992LL);
}

void TestHostileJson::idsBeyondSixtyFourBitsAreRefused()
{
    QVERIFY(!jobsOf("[{\"id\":18446744073709551615}]"));
    QVERIFY(!jobsOf("[{\"id\":123456789012345678901234567890}]"));
}

void TestHostileJson::ofDuplicateKeysOneCountsAndNothingElseSuffers()
{
    const auto jobs
        = jobsOf("[{\"id\":1,\"name\":\"a\",\"id\":2,\"name\":\"b\"},{\"id\":3,\"name\":\"c\"}]");
    QVERIFY(jobs);
    QCOMPARE(jobs->size(), 2);
    QCOMPARE(jobs->at(0).id.value(), 2); // the last one, as in JavaScript and Python
    QCOMPARE(jobs->at(0).name, QStringLiteral("b"));
    QCOMPARE(jobs->at(1).name, QStringLiteral("c"));
}

void TestHostileJson::deepNestingCostsNoMemory()
{
    if (isSanitized())
        return;
    QVERIFY(residentBytes() > 0);
    const QByteArray deep = QByteArray(20 * mebibyte, '[');
    const QByteArray wide = "[" + QByteArray("{\"name\":\"x\"},").repeated(1'000'000) + "{}]";
    const qint64 before = residentBytes();
    for (int i = 0; i < 3; ++i) {
        QVERIFY(!jobsOf(deep));
        QVERIFY(!jobsOf(wide));
    }
    const qint64 growth = residentBytes() - before;
    qInfo("three times 20 MiB of brackets and 13 MB of rows without id: %lld KiB more memory",
        growth / 1024);
    QVERIFY(growth <= 64 * mebibyte);
    // Negative control: the measure sees memory that is kept.
    const QByteArray kept(100 * mebibyte, 'x');
    QVERIFY(residentBytes() - before > 64 * mebibyte && kept.size() > 0);
}

void TestHostileJson::bodiesAreCappedByKind_data()
{
    QTest::addColumn<qint64>("cap");
    // The 64 MiB of a list are in tst_http_client: stopsReadingAPageThatIsTooLarge.
    QTest::newRow("words: 64 KiB") << qint64(64 << 10);
    QTest::newRow("a file: 1 MiB") << mebibyte;
}

void TestHostileJson::bodiesAreCappedByKind()
{
    QFETCH(qint64, cap);
    FaultServer server;
    Answer endless = json("[");
    endless.body = QByteArray(mebibyte, ' ');
    endless.prefix = "[";
    endless.repeat = 2048; // 2 GiB, never held
    endless.chunked = true;
    server.answer("/x", endless);
    server.answer("/small", json("[]"));
    net::HttpClient client(settingsFor(server), eager());
    net::HttpRequest request = getOf(QStringLiteral("/x"));
    request.maxBody = cap;
    const auto answer = answerTo(client, request, std::chrono::seconds(60));
    QVERIFY(!answer);
    QCOMPARE(answer.error().kind, ErrorKind::Server);
    QCOMPARE(server.requestCount("/x"), 1); // not asked for again
    request.path = QStringLiteral("/small"); // negative control: the cap is what ends it
    QVERIFY(answerTo(client, request).has_value());
}

QTEST_GUILESS_MAIN(TestHostileJson)
#include "tst_hostile_json.moc"
