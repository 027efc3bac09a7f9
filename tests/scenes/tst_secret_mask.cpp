// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/scenes/secret_mask.h"

#include <QTest>

using faultline::scenes::isSecretName;
using faultline::scenes::SecretMask;

class tst_secret_mask : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatLooksLikeASecretIsMasked_data();
    void whatLooksLikeASecretIsMasked();
    void ordinaryLinesStayAsTheyAre_data();
    void ordinaryLinesStayAsTheyAre();
    void aKnownSecretIsMaskedWhereverItStands();
    void withoutKnowingItTheSecretStays();
    void aPrivateKeyIsMaskedOverItsLines();
    void namesOfSecretsAreKnown();
};

namespace {

QByteArray masked(const QByteArray &line, const std::vector<std::string> &secrets = {})
{
    return QByteArray::fromStdString(
        SecretMask::maskedText(secrets, { line.constData(), std::size_t(line.size()) }));
}

} // namespace

void tst_secret_mask::whatLooksLikeASecretIsMasked_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QByteArray>("wanted");
    const auto add = [](const char *name, const char *line, const char *wanted) {
        QTest::newRow(name) << QByteArray(line) << QByteArray(wanted);
    };
    add("env", "MYSQL_ROOT_PASSWORD=hunter2 and more", "MYSQL_ROOT_PASSWORD=*** and more");
    add("json", R"(  "db_password": "a \"b\" c",)", R"(  "db_password": ***b\" c",)");
    add("yaml", "secret_key: abcdef", "secret_key: ***");
    add("bearer", "Authorization: Bearer abcdefghijkl", "Authorization: Bearer ***");
    add("url", "dial tcp mysql://root:pw@10.0.0.1:3306/", "dial tcp mysql://***@10.0.0.1:3306/");
    add("slack", "post https://hooks.slack.com/services/T1/B2/abc done",
        "post https://hooks.slack.com/*** done");
    add("gitlab", "clone with glpat-12345678901234567890.", "clone with ***");
}

void tst_secret_mask::whatLooksLikeASecretIsMasked()
{
    QFETCH(QByteArray, line);
    QFETCH(QByteArray, wanted);
    QCOMPARE(masked(line), wanted);
}

void tst_secret_mask::ordinaryLinesStayAsTheyAre_data()
{
    QTest::addColumn<QByteArray>("line");
    for (const char *line : { "raft2026/11/23 14:00:01 INFO: 8e9e05c52164694d became leader",
             "listening for client requests on http://0.0.0.0:2379", "", "\xff\xfe no UTF-8",
             R"({"level":"info","msg":"published local member","took":"1.2ms"})",
             "the tokens were compacted" })
        QTest::addRow("%s", line) << QByteArray(line);
}

void tst_secret_mask::ordinaryLinesStayAsTheyAre()
{
    QFETCH(QByteArray, line);
    QCOMPARE(masked(line), line);
}

void tst_secret_mask::aKnownSecretIsMaskedWhereverItStands()
{
    QCOMPARE(masked("x canary-5150 canary-5150-long y\ncanary-5150",
                 { "canary-5150", "canary-5150-long" }),
        QByteArray("x *** *** y\n***"));
    QCOMPARE(masked("a short one stays", { "one" }), QByteArray("a short one stays"));
}

void tst_secret_mask::withoutKnowingItTheSecretStays()
{
    QCOMPARE(masked("x canary-5150 y"), QByteArray("x canary-5150 y"));
}

void tst_secret_mask::aPrivateKeyIsMaskedOverItsLines()
{
    QCOMPARE(
        masked("a\n-----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY-----\nb\n"),
        QByteArray("a\n***\n***\n***\nb\n"));
}

void tst_secret_mask::namesOfSecretsAreKnown()
{
    QVERIFY(isSecretName("RANCHER_SECRET_KEY"));
    QVERIFY(isSecretName("gitlab_token"));
    QVERIFY(isSecretName("FAULTLINE_SLACK_WEBHOOK"));
    QVERIFY(!isSecretName("PATH"));
    QVERIFY(!isSecretName("CI_JOB_ID"));
}

QTEST_GUILESS_MAIN(tst_secret_mask)
#include "tst_secret_mask.moc"
