// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/record/event_log.h"
#include "services/runs/record/plain_file.h"
#include "services/runs/record/reports.h"
#include "services/runs/record/run_name.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

using namespace faultline;
using namespace faultline::runs;

class tst_run_record : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anEventIsOneLineInTheFileAndInTheLog();
    void aFullDiskIsTold();
    void verdictsAndExitCodes();
    void aKnownIssueExcusesUntilItsDate();
    void aStackIsNamedAfterItsCase();
    void theReportNeverPassesWhatDidNot();
};

namespace {

Finding finding(Finding::Kind kind)
{
    Finding out;
    out.kind = kind;
    out.check = "reads";
    out.message = "context deadline <exceeded>";
    return out;
}

} // namespace

void tst_run_record::anEventIsOneLineInTheFileAndInTheLog()
{
    const QTemporaryDir folder;
    const std::string path = folder.filePath(QStringLiteral("events.jsonl")).toStdString();
    std::string sentence;
    std::string live;
    EventLog log("abcd", [&](const std::string &text, const std::string &json) {
        sentence = text;
        live = json;
    });
    QVERIFY(!log.open(path));
    log.write("phase.begin", { { "phase", "chaos\nand more" } }, "phase chaos");
    log.write("quiet", Json::object());
    QFile file(QString::fromStdString(path));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QList<QByteArray> lines = file.readAll().split('\n');
    QCOMPARE(lines.size(), 3); // two events, each ended
    QCOMPARE(lines.at(0).toStdString(), live);
    QCOMPARE(sentence, std::string("phase chaos"));
    const Json first = Json::parse(live);
    QVERIFY(first["type"] == "phase.begin");
    QVERIFY(first["run"] == "abcd");
    QVERIFY(first["phase"] == "chaos\nand more");
    QVERIFY(first["mono"].get<std::int64_t>() > 0);
    QCOMPARE(
        first["t"].get<std::string>().size(), std::string("2026-01-31T10:00:00.123456Z").size());
    QCOMPARE(timeText(1'000'001), std::string("1970-01-01T00:00:01.000001Z"));
}

void tst_run_record::aFullDiskIsTold()
{
    EventLog log("abcd", {});
    QVERIFY(!log.open("/dev/full"));
    QVERIFY(!log.problem());
    log.write("phase.begin", Json::object(), "phase");
    QVERIFY(log.problem());
    QVERIFY(EventLog("abcd", {}).open("/proc/no-such-folder/events.jsonl"));
    QVERIFY(replaceFile("/proc/no-such-folder/file", "bytes"));
}

void tst_run_record::verdictsAndExitCodes()
{
    const Findings none;
    const Findings anomaly{ finding(Finding::Kind::Remark), finding(Finding::Kind::Anomaly) };
    const Findings gaveUp{ finding(Finding::Kind::GaveUp) };
    const Findings both{ finding(Finding::Kind::GaveUp), finding(Finding::Kind::Anomaly) };
    QCOMPARE(exitCodeOf(judge({}, none)), 0);
    QCOMPARE(exitCodeOf(judge({}, { finding(Finding::Kind::Remark) })), 0);
    QCOMPARE(exitCodeOf(judge({}, anomaly)), 1);
    QCOMPARE(exitCodeOf(judge({}, both)), 1);
    QCOMPARE(exitCodeOf(judge({}, gaveUp)), 2);
    QCOMPARE(exitCodeOf(judge({ false, true, 0 }, anomaly)), 3);
    QCOMPARE(exitCodeOf(judge({ true, false, 0 }, anomaly)), 4);
    QCOMPARE(exitCodeOf(judge({ true, true, 1 }, none)), 5);
}

void tst_run_record::aKnownIssueExcusesUntilItsDate()
{
    std::vector<cases::KnownIssue> issues(1);
    issues[0].match = "context deadline";
    issues[0].issue = "#12";
    issues[0].until = "2026-06-30";
    Finding known = finding(Finding::Kind::Anomaly);
    excuse(known, issues, "2026-06-30");
    QCOMPARE(known.knownIssue, std::string("#12"));
    QCOMPARE(judge({}, { known }), Verdict::Pass);
    Finding late = finding(Finding::Kind::Anomaly);
    excuse(late, issues, "2026-07-01");
    QCOMPARE(judge({}, { late }), Verdict::Fail);
    issues[0].match = "another matter";
    Finding other = finding(Finding::Kind::Anomaly);
    excuse(other, issues, "2026-01-01");
    QVERIFY(countsAsAnomaly(other));
}

void tst_run_record::aStackIsNamedAfterItsCase()
{
    const std::string run = runId(0x1a2b'0000'0000'00ffULL);
    QCOMPARE(run, std::string("1a2b0000000000ff"));
    QCOMPARE(stackName("kv-crud", 0, run), std::string("kv-crud-19700101000000-1a2b"));
    QCOMPARE(stackName("KV crud!", 0, run), std::string("kv-crud-19700101000000-1a2b"));
    const std::string cut = stackName(std::string(80, 'a'), 0, run);
    QCOMPARE(cut.size(), std::size_t(63));
    QVERIFY(cut.ends_with("-19700101000000-1a2b"));
}

void tst_run_record::theReportNeverPassesWhatDidNot()
{
    RunSummary summary;
    summary.caseName = "kv \"crud\"";
    summary.checks = { "exitCode", "reads" };
    const auto counts = [&] {
        QXmlStreamReader reader(QString::fromStdString(junitXml(summary)));
        reader.readNextStartElement();
        const auto attributes = reader.attributes();
        while (!reader.atEnd())
            reader.readNext();
        return reader.hasError() ? reader.errorString()
                                 : attributes.value(QStringLiteral("tests")).toString() + u' '
                + attributes.value(QStringLiteral("failures")).toString() + u' '
                + attributes.value(QStringLiteral("errors")).toString();
    };
    QCOMPARE(counts(), QStringLiteral("3 0 0"));
    summary.verdict = Verdict::Fail;
    summary.findings = { finding(Finding::Kind::Anomaly) };
    QCOMPARE(counts(), QStringLiteral("3 1 0"));
    summary.verdict = Verdict::Unknown;
    summary.findings = { finding(Finding::Kind::GaveUp) };
    QCOMPARE(counts(), QStringLiteral("3 0 1"));
    summary.findings.clear();
    for (const Verdict verdict : { Verdict::Infrastructure, Verdict::Aborted, Verdict::Leaked }) {
        summary.verdict = verdict;
        QCOMPARE(counts(), QStringLiteral("1 0 1"));
    }
    QVERIFY(findingsJson(summary)["exitCode"] == 5);
}

QTEST_GUILESS_MAIN(tst_run_record)
#include "tst_run_record.moc"
