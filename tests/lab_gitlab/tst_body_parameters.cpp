// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "services/lab/gitlab/body_parameters.h"

using namespace faultline::lab;
using nlohmann::json;

class TestBodyParameters : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyEncodingGivesTheSameParameters_data();
    void everyEncodingGivesTheSameParameters();
    void listsOfObjectsAreReadAsRackReadsThem();
    void aFileIsAPartAndNoParameter();
    void bodiesThatCantBeReadGiveNothing();
};

namespace {

Request requestOf(const char *type, const char *body)
{
    Request request;
    request.headers = { { "content-type", type } };
    request.body = body;
    return request;
}

} // namespace

void TestBodyParameters::everyEncodingGivesTheSameParameters_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("json") << QByteArray("application/json")
                          << QByteArray(R"({"token":"t","variables":{"A":"1 2"}})");
    QTest::newRow("urlencoded") << QByteArray("application/x-www-form-urlencoded")
                                << QByteArray("token=t&variables%5BA%5D=1+2");
    QTest::newRow("multipart")
        << QByteArray("multipart/form-data; boundary=\"b\"")
        << QByteArray(
               "--b\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\nt\r\n--b\r\n"
               "content-disposition: form-data; name=\"variables[A]\"\r\n\r\n1 2\r\n--b--\r\n");
}

void TestBodyParameters::everyEncodingGivesTheSameParameters()
{
    QFETCH(const QByteArray, type);
    QFETCH(const QByteArray, body);
    Request request = requestOf(type.constData(), body.constData());
    request.query = { { "ref", "main" }, { "token", "of the query" } };
    const json expected
        = { { "ref", "main" }, { "token", "t" }, { "variables", { { "A", "1 2" } } } };
    QCOMPARE(requestParameters(request).dump(), expected.dump());
}

void TestBodyParameters::listsOfObjectsAreReadAsRackReadsThem()
{
    Request request;
    request.query
        = { { "variables[][key]", "A" }, { "variables[][value]", "1" }, { "variables[][key]", "B" },
              { "variables[][value]", "2" }, { "scope[]", "running" }, { "scope[]", "pending" } };
    const json parameters = requestParameters(request);
    QCOMPARE(parameters.at("variables").dump(),
        std::string(R"([{"key":"A","value":"1"},{"key":"B","value":"2"}])"));
    QCOMPARE(
        listParameter(parameters, "scope"), (std::vector<std::string>{ "running", "pending" }));
}

void TestBodyParameters::aFileIsAPartAndNoParameter()
{
    const Request request = requestOf("multipart/form-data; boundary=xx",
        "--xx\r\nContent-Disposition: form-data; name=\"file\"; "
        "filename=\"a.zip\"\r\n\r\nby\r\nte\r\n--xx--\r\n");
    const auto parts = bodyParts(request);
    QCOMPARE(parts.size(), 1U);
    QCOMPARE(parts[0].fileName, std::string("a.zip"));
    QCOMPARE(std::string(parts[0].content), std::string("by\r\nte"));
    QVERIFY(requestParameters(request).empty());
}

void TestBodyParameters::bodiesThatCantBeReadGiveNothing()
{
    QVERIFY(requestParameters(requestOf("application/json", "{\"a\":")).empty());
    QVERIFY(requestParameters(requestOf("application/json", "[1]")).empty());
    QVERIFY(
        requestParameters(requestOf("multipart/form-data; boundary=b", "--b\r\nnothing")).empty());
    QVERIFY(bodyParts(requestOf("multipart/form-data", "--\r\n")).empty());
}

QTEST_GUILESS_MAIN(TestBodyParameters)
#include "tst_body_parameters.moc"
