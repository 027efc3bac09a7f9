// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/assignments.h"
#include "app/ctl/compose_file.h"
#include "app/ctl/duration.h"
#include "app/ctl/error_report.h"
#include "app/ctl/log_text.h"
#include "app/ctl/printable.h"
#include "app/ctl/run_labels.h"
#include "app/ctl/stack_path.h"
#include "app/ctl/table.h"

#include <QTemporaryDir>
#include <QTest>

using namespace faultline;

class tst_ctl_text : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void controlCharactersOfServersAreNotPrinted();
    void tableColumnsAreAsWideAsTheirWidestCell();
    void durations_data();
    void durations();
    void assignmentsNeedAName();
    void errorsNameSentenceCauseWordsAndNextStep();
    void aJobLogIsTheSameHoweverItIsCut();
    void coloursStayOnATerminalAndOtherEscapesGo();
    void anUnfinishedLineIsNotLost();
    void composeFilesThatAreNoYamlNameTheirLine();
    void labelsComeFromTheCiJob();
    void pathsHaveOneToThreeParts();
};

void tst_ctl_text::controlCharactersOfServersAreNotPrinted()
{
    const QString hostile = QStringLiteral("a\x1b[2Jb\u0007c\u009bd\u202ee\nf\tg");
    QCOMPARE(ctl::printable(hostile), QStringLiteral("a[2Jbcde\nf\tg"));
    QCOMPARE(ctl::printableCell(hostile), QStringLiteral("a[2Jbcde f g"));
}

void tst_ctl_text::tableColumnsAreAsWideAsTheirWidestCell()
{
    ctl::Table table({ QStringLiteral("NAME"), QStringLiteral("STATE") });
    table.add({ QStringLiteral("a-long-name"), QStringLiteral("active") });
    table.add({ QStringLiteral("b") });
    QCOMPARE(
        table.text(), QStringLiteral("NAME         STATE\na-long-name  active\nb            -\n"));
}

void tst_ctl_text::durations_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("milliseconds");
    QTest::newRow("seconds") << QStringLiteral("300s") << 300'000LL;
    QTest::newRow("bare number") << QStringLiteral("7") << 7'000LL;
    QTest::newRow("milliseconds") << QStringLiteral("250ms") << 250LL;
    QTest::newRow("minutes") << QStringLiteral("5m") << 300'000LL;
    QTest::newRow("hours") << QStringLiteral("2h") << 7'200'000LL;
    QTest::newRow("zero") << QStringLiteral("0") << 0LL;
    QTest::newRow("empty") << QString() << -1LL;
    QTest::newRow("word") << QStringLiteral("soon") << -1LL;
    QTest::newRow("negative") << QStringLiteral("-5s") << -1LL;
    QTest::newRow("overflow") << QStringLiteral("9223372036854775807h") << -1LL;
}

void tst_ctl_text::durations()
{
    QFETCH(QString, text);
    QFETCH(qint64, milliseconds);
    const auto parsed = ctl::parseDuration(text);
    QCOMPARE(parsed ? qint64(parsed->count()) : -1LL, milliseconds);
}

void tst_ctl_text::assignmentsNeedAName()
{
    const auto good = ctl::parseAssignments({ "A=1", "B=x=y", "C=" }, QStringLiteral("--env"));
    QVERIFY(good);
    QCOMPARE(good->value(QStringLiteral("B")), QStringLiteral("x=y"));
    QCOMPARE(good->value(QStringLiteral("C"), QStringLiteral("?")), QString());
    for (const char *bad : { "=1", "A", "" })
        QVERIFY2(!ctl::parseAssignments({ bad }, QStringLiteral("--env")), bad);
}

void tst_ctl_text::errorsNameSentenceCauseWordsAndNextStep()
{
    domain::Error error;
    error.kind = domain::ErrorKind::Auth;
    error.message = QStringLiteral("The token is not accepted.");
    error.where = QStringLiteral("GET http://127.0.0.1/api/v4/user");
    error.serverWords = QStringLiteral("401 \x1b[31mUnauthorized\n");
    const QString report = ctl::errorReport(error);
    QVERIFY(report.startsWith(QStringLiteral("faultlinectl: The token is not accepted.\n")));
    QVERIFY(report.contains(QStringLiteral("  where: GET http://127.0.0.1/api/v4/user\n")));
    QVERIFY(report.contains(QStringLiteral("  the server said: 401 [31mUnauthorized\n")));
    QVERIFY(report.contains(QStringLiteral("  next: ")));
}

void tst_ctl_text::aJobLogIsTheSameHoweverItIsCut()
{
    const QByteArray log
        = "2026-01-31T12:34:56.123456Z 00O \x1b[0KRunning\n"
          "2026-01-31T12:34:56.223456Z 00O "
          "section_start:1769862896:step_script\r\x1b[0K\x1b[36mStep\x1b[0;m\n"
          "2026-01-31T12:34:57.123456Z 01O   1 passing\n"
          "2026-01-31T12:34:58.123456Z 00O section_end:1769862898:step_script\r\x1b[0K\n";
    const QByteArray wanted = "Running\nStep\n  1 passing\n";
    for (qsizetype cut = 0; cut <= log.size(); ++cut) {
        ctl::LogText text({ false, true, false });
        QByteArray shown = text.add(log.left(cut));
        shown += text.add(log.mid(cut));
        shown += text.finish();
        QVERIFY2(shown == wanted,
            qPrintable(QStringLiteral("cut at %1: %2").arg(cut).arg(QString::fromUtf8(shown))));
    }
}

void tst_ctl_text::coloursStayOnATerminalAndOtherEscapesGo()
{
    ctl::LogText text({ true, false, false });
    const QByteArray hostile
        = "\x1b[31mred\x1b[0m \x1b]0;title\x07gone \x1b[2J\x1bPq#0\x1b\\x \xc2\x9b"
          "31my\n";
    QCOMPARE(text.add(hostile), QByteArray("\x1b[31mred\x1b[0m gone x 31my\n"));
}

void tst_ctl_text::anUnfinishedLineIsNotLost()
{
    ctl::LogText text({ false, false, false });
    QCOMPARE(text.add("no end"), QByteArray());
    QCOMPARE(text.finish(), QByteArray("no end"));
    QCOMPARE(text.finish(), QByteArray());
    QVERIFY(!text.add(QByteArray(70'000, 'x')).isEmpty());
}

void tst_ctl_text::composeFilesThatAreNoYamlNameTheirLine()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("docker-compose.yml"));
    const auto write = [&path](const QByteArray &bytes) {
        QFile file(path);
        return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
    };
    QCOMPARE(ctl::readComposeFile(path).error().kind, domain::ErrorKind::Local);

    QVERIFY(write("services:\n  a:\n    image: x\n"));
    QVERIFY(ctl::readComposeFile(path));

    QVERIFY(write("services:\n  a: [\n"));
    const auto broken = ctl::readComposeFile(path);
    QVERIFY(!broken);
    QCOMPARE(broken.error().kind, domain::ErrorKind::Invalid);
    QVERIFY2(broken.error().where.startsWith(path + QStringLiteral(":3:")),
        qPrintable(broken.error().where));

    QVERIFY(write("- a\n- list\n"));
    QCOMPARE(ctl::readComposeFile(path).error().where, path + QStringLiteral(":1:1"));

    QVERIFY(write("services: \xff\xfe\n"));
    QVERIFY(!ctl::readComposeFile(path));
}

void tst_ctl_text::labelsComeFromTheCiJob()
{
    QProcessEnvironment environment;
    QCOMPARE(ctl::runLabels(QStringLiteral("kv"), environment),
        (QMap<QString, QString>{ { QStringLiteral("faultline.stack"), QStringLiteral("kv") } }));
    environment.insert(QStringLiteral("CI_JOB_ID"), QStringLiteral("12"));
    environment.insert(QStringLiteral("CI_PIPELINE_ID"), QStringLiteral("3"));
    environment.insert(QStringLiteral("CI_JOB_NAME"), QStringLiteral("case-node-shutdown"));
    environment.insert(QStringLiteral("CI_COMMIT_SHA"), QStringLiteral("abc"));
    environment.insert(QStringLiteral("GITLAB_USER_LOGIN"), QStringLiteral("ada"));
    const auto labels = ctl::runLabels(QStringLiteral("kv"), environment);
    QCOMPARE(labels.size(), 7);
    QCOMPARE(labels.value(QStringLiteral("faultline.case")), QStringLiteral("case-node-shutdown"));
    QCOMPARE(labels.value(QStringLiteral("faultline.run")), QStringLiteral("12"));
    QCOMPARE(labels.value(QStringLiteral("faultline.commit")), QStringLiteral("abc"));
}

void tst_ctl_text::pathsHaveOneToThreeParts()
{
    const auto path = ctl::StackPath::parse(QStringLiteral("a/b/c"));
    QVERIFY(path);
    QCOMPARE(path->container, QStringLiteral("c"));
    for (const char *bad : { "", "/", "a/", "a//c", "a/b/c/d" })
        QVERIFY2(!ctl::StackPath::parse(QString::fromLatin1(bad)), bad);
}

QTEST_GUILESS_MAIN(tst_ctl_text)
#include "tst_ctl_text.moc"
