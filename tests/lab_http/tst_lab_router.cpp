// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/http/host_check.h"
#include "services/lab/http/router.h"
#include "services/lab/http/url_parts.h"

#include <QTest>

using namespace faultline::lab;

namespace {

Request requestTo(const std::string &method, const std::string &target)
{
    Request request;
    request.method = method;
    if (!fillTarget(request, target))
        request.method.clear();
    return request;
}

/// A handler that answers with its name, so that a test sees which one was found.
Handler named(const std::string &name)
{
    return [name](const Request &, const Responder &responder) {
        Response response;
        response.body = name;
        responder.reply(response);
    };
}

std::string foundBy(const Router &router, Request request)
{
    const Router::Match match = router.find(request);
    if (match.handler == nullptr)
        return match.pathKnown ? "405" : "404";
    std::string name;
    (*match.handler)(
        request, Responder([&name](const Response &response) { name = response.body; }));
    return name;
}

} // namespace

class RouterTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void literalSegmentsWinOverParameters();
    void aWildcardTakesTheRestAndGivesWayToOthers();
    void anEscapedSlashStaysInItsSegment();
    void theOtherMethodOfAKnownPathIs405();
    void headFindsGet();
    void caseIsIgnoredOnlyWhereAsked();
    void theLongestPrefixGuards();
    void targetsThatClimbOrAreBrokenAreRefused_data();
    void targetsThatClimbOrAreBrokenAreRefused();
    void anAbandonedRequestIsAnsweredOnceWith500();
    void foreignNamesAreRefused_data();
    void foreignNamesAreRefused();
};

void RouterTest::literalSegmentsWinOverParameters()
{
    Router router;
    router.add("GET", "/jobs/:id", named("parameter"));
    router.add("GET", "/jobs/latest", named("literal"));
    QCOMPARE(foundBy(router, requestTo("GET", "/jobs/latest")), std::string("literal"));
    QCOMPARE(foundBy(router, requestTo("GET", "/jobs/7?x=1")), std::string("parameter"));
    QCOMPARE(foundBy(router, requestTo("GET", "/jobs")), std::string("404"));
}

void RouterTest::aWildcardTakesTheRestAndGivesWayToOthers()
{
    Router router;
    router.add("GET", "/files/*rest", named("rest"));
    router.add("POST", "/files/special", named("special"));
    QCOMPARE(foundBy(router, requestTo("POST", "/files/special")), std::string("special"));
    QCOMPARE(foundBy(router, requestTo("GET", "/files/special")), std::string("rest"));
    Request request = requestTo("GET", "/files/a/b/c");
    QVERIFY(router.find(request).handler != nullptr);
    QCOMPARE(request.parameters["rest"], std::string("a/b/c"));
}

void RouterTest::anEscapedSlashStaysInItsSegment()
{
    Router router;
    router.add("GET", "/projects/:id/jobs", named("jobs"));
    Request request = requestTo("GET", "/projects/group%2Fproject/jobs");
    QVERIFY(router.find(request).handler != nullptr);
    QCOMPARE(request.parameters["id"], std::string("group/project"));
}

void RouterTest::theOtherMethodOfAKnownPathIs405()
{
    Router router;
    router.add("GET", "/jobs", named("jobs"));
    QCOMPARE(foundBy(router, requestTo("DELETE", "/jobs")), std::string("405"));
    QCOMPARE(foundBy(router, requestTo("DELETE", "/others")), std::string("404"));
}

void RouterTest::headFindsGet()
{
    Router router;
    router.add("GET", "/jobs", named("jobs"));
    QCOMPARE(foundBy(router, requestTo("HEAD", "/jobs")), std::string("jobs"));
}

void RouterTest::caseIsIgnoredOnlyWhereAsked()
{
    Router router;
    router.add("GET", "/v2-beta/serviceLogs", named("any"), { true, 0 });
    router.add("GET", "/api/Jobs", named("exact"));
    QCOMPARE(foundBy(router, requestTo("GET", "/V2-beta/servicelogs")), std::string("any"));
    QCOMPARE(foundBy(router, requestTo("GET", "/api/jobs")), std::string("404"));
}

void RouterTest::theLongestPrefixGuards()
{
    Router router;
    const auto refuseWith = [](int status) {
        return [status](const Request &) {
            Response response;
            response.status = status;
            return std::optional<Response>(response);
        };
    };
    router.addGuard("/api", refuseWith(401));
    router.addGuard("/api/open", [](const Request &) { return std::optional<Response>(); });
    QCOMPARE(router.refusal(requestTo("GET", "/api/x"))->status, 401);
    QVERIFY(!router.refusal(requestTo("GET", "/API/open/x")));
    QVERIFY(!router.refusal(requestTo("GET", "/apiary")));
}

void RouterTest::targetsThatClimbOrAreBrokenAreRefused_data()
{
    QTest::addColumn<QString>("target");
    for (const char *target : { "/a/../b", "/a/%2e%2e/b", "/a/x%2f..%2fy", "/a%00b", "/a%zz",
             "/a%2", "/a?b=%", "a/b", "", "/a/..%5cb" })
        QTest::newRow(target[0] == '\0' ? "empty" : target) << QString::fromLatin1(target);
}

void RouterTest::targetsThatClimbOrAreBrokenAreRefused()
{
    QFETCH(const QString, target);
    Request request;
    QVERIFY(!fillTarget(request, target.toStdString()));
    QVERIFY(fillTarget(request, "/a..b/.../c.d?e=..")); // dots alone are no crime
}

void RouterTest::anAbandonedRequestIsAnsweredOnceWith500()
{
    QList<int> statuses;
    {
        const Responder responder(
            [&statuses](const Response &response) { statuses.append(response.status); });
    }
    QCOMPARE(statuses, QList<int>{ 500 });
    {
        const Responder responder(
            [&statuses](const Response &response) { statuses.append(response.status); });
        responder.reply({});
        responder.reply({});
    }
    QCOMPARE(statuses, (QList<int>{ 500, 200 }));
}

void RouterTest::foreignNamesAreRefused_data()
{
    QTest::addColumn<QString>("host");
    QTest::addColumn<bool>("accepted");
    QTest::newRow("loopback") << "127.0.0.1:7480" << true;
    QTest::newRow("localhost") << "LOCALHOST:7480" << true;
    QTest::newRow("six") << "[::1]:7480" << true;
    QTest::newRow("configured") << "lab.example" << true;
    QTest::newRow("other port") << "127.0.0.1:7481" << false;
    QTest::newRow("rebound") << "evil.example:7480" << false;
    QTest::newRow("trick") << "127.0.0.1.evil.example:7480" << false;
    QTest::newRow("configured, with a port") << "lab.example:8443" << true;
    QTest::newRow("a path behind the name") << "lab.example:80/@evil.example" << false;
    QTest::newRow("none") << "" << false;
}

void RouterTest::foreignNamesAreRefused()
{
    QFETCH(const QString, host);
    QFETCH(const bool, accepted);
    const HostCheck check({ "lab.example" }, 7480);
    QCOMPARE(check.acceptsHost(host.toStdString()), accepted);
    QCOMPARE(check.acceptsOrigin("http://" + host.toStdString()), accepted);
    QVERIFY(check.acceptsOrigin(""));
    QVERIFY(!check.acceptsOrigin("null"));
}

QTEST_GUILESS_MAIN(RouterTest)
#include "tst_lab_router.moc"
