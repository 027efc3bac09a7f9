// SPDX-License-Identifier: GPL-3.0-or-later
#include <QRegularExpression>
#include <QTest>

#include "services/lab/runner/job_log.h"
#include "services/lab/runner/path_pattern.h"

using namespace faultline::lab;

class TestJobLog : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyLineHasATimestampHeader();
    void secretsAreMaskedWhereverTheyAreCut();
    void anUnfinishedLineIsContinuedWithAPlus();
    void theLimitEndsWithTheRunnersNotice();
    void artifactPathsMatchAsInGitLab_data();
    void artifactPathsMatchAsInGitLab();
};

namespace {

std::chrono::system_clock::time_point fixedTime()
{
    return std::chrono::system_clock::time_point(std::chrono::microseconds(1'769'862'896'123'456));
}

constexpr const char *header = "2026-01-31T12:34:56.123456Z ";

} // namespace

void TestJobLog::everyLineHasATimestampHeader()
{
    JobLog log({}, 100'000, fixedTime);
    log.line("runner");
    log.write(JobLog::Stream::scriptOutput, "out\npart");
    log.write(JobLog::Stream::scriptError, "err\n");
    log.write(JobLog::Stream::scriptOutput, "ial\n");
    const std::string expected = std::string(header) + "00O runner\n" + header + "01O out\n"
        + header + "01E err\n" + header + "01O partial\n";
    QCOMPARE(log.text(), expected);
}

void TestJobLog::secretsAreMaskedWhereverTheyAreCut()
{
    const std::string text = "before topsecret, top, secret: topsecret\nand tops\n";
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
        JobLog log({ "topsecret" }, 100'000, fixedTime);
        log.write(JobLog::Stream::scriptOutput, std::string_view(text).substr(0, cut));
        log.write(JobLog::Stream::scriptOutput, std::string_view(text).substr(cut));
        log.finish();
        const std::string expected = std::string(header)
            + "01O before [MASKED], top, secret: [MASKED]\n" + header + "01O and tops\n";
        QCOMPARE(log.text(), expected);
    }
}

void TestJobLog::anUnfinishedLineIsContinuedWithAPlus()
{
    JobLog log({}, 100'000, fixedTime);
    log.write(JobLog::Stream::scriptOutput, "10 %");
    log.flushPartialLines();
    log.write(JobLog::Stream::scriptOutput, " 20 %\nnext\n");
    const std::string expected
        = std::string(header) + "01O 10 %\n" + header + "01O+ 20 %\n" + header + "01O next\n";
    QCOMPARE(log.text(), expected);
}

void TestJobLog::theLimitEndsWithTheRunnersNotice()
{
    JobLog log({}, 200, fixedTime);
    for (int i = 0; i < 100; ++i)
        log.write(JobLog::Stream::scriptOutput, "some line\n");
    log.line("Job succeeded");
    const QString text = QString::fromStdString(log.text());
    QCOMPARE(text.count(QStringLiteral("Job's log exceeded limit of 200 bytes.")), 1);
    QVERIFY(text.contains(QStringLiteral("no more output will be collected.")));
    QVERIFY(text.endsWith(QStringLiteral("00O Job succeeded\n")));
    QVERIFY(text.size() < 600);
}

void TestJobLog::artifactPathsMatchAsInGitLab_data()
{
    QTest::addColumn<QByteArray>("pattern");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<bool>("matches");
    const auto row = [](const char *pattern, const char *path, bool matches) {
        QTest::addRow("%s %s", pattern, path) << QByteArray(pattern) << QByteArray(path) << matches;
    };
    row("out/", "out/a/b.txt", true);
    row("out", "outer/a", false);
    row("*.xml", "junit.xml", true);
    row("*.xml", "a/junit.xml", false);
    row("**/*.xml", "junit.xml", true);
    row("**/*.xml", "a/b/junit.xml", true);
    row("a/**/z", "a/z", true);
    row("a/**/z", "a/b/c/z", true);
    row("./a/b", "a/b", true);
    row("../a", "a", false);
    row(".", "any/file", true);
}

void TestJobLog::artifactPathsMatchAsInGitLab()
{
    QFETCH(const QByteArray, pattern);
    QFETCH(const QByteArray, path);
    QTEST(pathMatches(pattern.toStdString(), path.toStdString()), "matches");
}

QTEST_GUILESS_MAIN(TestJobLog)
#include "tst_job_log.moc"
