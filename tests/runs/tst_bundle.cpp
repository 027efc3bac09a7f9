// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/gate.h"
#include "services/runs/history_check.h"
#include "services/runs/record/event_lines.h"
#include "services/runs/record/plain_file.h"
#include "services/runs/record/rebuild_bundle.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <random>
#include <thread>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace faultline;
using namespace faultline::runs;

/// What a bundle's events alone tell, and that they survive what kills a runner.
class tst_bundle : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aBundleIsRebuiltFromItsEvents();
    void aCutLineAtEveryByteIsToleratedAndSaid();
    void eventsWithoutABeginningAreRefused();
    void acknowledgedEventsSurviveAKillAtAnyMoment();
    void eventsThatAreOnlyBufferedDoNotSurvive();
    void aFileThatCannotGrowIsToldAndEndsInOneTornLine();
    void aClockThatJumpsMakesNoNegativeDuration();
    void aGateIsOpenOnlyWhenAllPassed();
    void theNewestRunOfACaseCounts();
    void runsOfAnotherPipelineDoNotCount();
    void aCaseWithoutABundleIsJudgedByItsJob();
    void anEmptySuiteDoesNotPass();
    void aHistoryIsJudgedByItsFile();
};

namespace {

std::string path(const QTemporaryDir &folder, const char *name)
{
    return QFile::encodeName(folder.filePath(QLatin1StringView(name))).toStdString();
}

QByteArray contents(const std::string &file)
{
    QFile source(QString::fromStdString(file));
    return source.open(QIODevice::ReadOnly) ? source.readAll() : QByteArray();
}

void writeRun(const std::string &file, Verdict verdict, const std::string &caseName = "kv",
    const std::string &started = "2026-01-31T12:00:00.000000Z")
{
    EventLog events("0123456789abcdef", {});
    if (const auto problem = events.open(file))
        qFatal("%s", problem->c_str());
    events.write("run.begin",
        { { "case", caseName }, { "stack", "kv-1" }, { "seed", "42" }, { "started", started },
            { "checks", { "exitCode" } } });
    for (int second = 0; second < 3; ++second)
        events.write("probe.second",
            { { "probe", "put/etcd" }, { "second", second }, { "ok", 10 - second },
                { "failed", second }, { "p50Ms", 1.5 }, { "p99Ms", 2.25 }, { "maxMs", 3.0 } });
    if (verdict == Verdict::Fail)
        events.write("finding",
            { { "kind", "anomaly" }, { "check", "exitCode" }, { "anomaly", "crash" },
                { "message", "It \"ended\" & <failed>." }, { "knownIssue", "" },
                { "atMs", 1'234 } });
    events.write("run.end",
        { { "verdict", nameOf(verdict) }, { "exitCode", exitCodeOf(verdict) },
            { "seconds", 12.345678 } });
}

GateInput gateOf(const QTemporaryDir &folder, std::vector<std::string> cases)
{
    GateInput out;
    out.suite = "release";
    out.cases = std::move(cases);
    for (const QString &name : QDir(folder.path()).entryList(QDir::Dirs | QDir::NoDotAndDotDot))
        out.bundles.push_back(QFile::encodeName(folder.filePath(name)).toStdString());
    return out;
}

void addBundle(const QTemporaryDir &folder, const char *name, Verdict verdict,
    const std::string &caseName, const std::string &pipeline = "7",
    const std::string &started = "2026-01-31T12:00:00.000000Z")
{
    QDir(folder.path()).mkpath(QLatin1StringView(name));
    const std::string bundle = path(folder, name);
    writeRun(bundle + "/events.jsonl", verdict, caseName, started);
    if (replaceFile(bundle + "/ci.json", "{\"pipeline\": \"" + pipeline + "\"}"))
        qFatal("can't write");
}

/// A child that writes events until it is killed; each number that was acknowledged goes to a pipe.
/// With `isBuffered` it acknowledges what the system has not got yet: the negative control.
pid_t startWriter(const std::string &file, int acknowledged, bool isBuffered)
{
    const pid_t child = fork();
    if (child != 0)
        return child;
    FILE *buffer = isBuffered ? std::fopen(file.c_str(), "a") : nullptr;
    EventLog events("0123456789abcdef", {});
    if (!isBuffered && events.open(file))
        _exit(2);
    for (std::int32_t number = 0;; ++number) {
        if (isBuffered)
            std::fprintf(buffer, "%s\n",
                eventJson(Moment::now(), "tick", "0123456789abcdef", { { "number", number } })
                    .c_str());
        else
            events.write("tick", { { "number", number } });
        if (write(acknowledged, &number, sizeof number) != sizeof number)
            _exit(3);
    }
}

/// Kills it after `wait` and gives how many acknowledged events are missing in its file.
int lostEvents(const std::string &file, std::chrono::microseconds wait, bool isBuffered)
{
    int ends[2];
    if (pipe(ends) != 0)
        qFatal("no pipe");
    const pid_t child = startWriter(file, ends[1], isBuffered);
    close(ends[1]);
    std::int32_t last = -1;
    std::int32_t number = 0;
    const auto deadline = std::chrono::steady_clock::now() + wait;
    bool isKilled = false;
    while (read(ends[0], &number, sizeof number) == sizeof number) {
        last = number;
        if (!isKilled && std::chrono::steady_clock::now() >= deadline)
            isKilled = kill(child, SIGKILL) == 0;
    }
    close(ends[0]);
    waitpid(child, nullptr, 0);
    const EventLines events = readEventLines(file);
    for (std::size_t i = 0; i < events.rows.size(); ++i) {
        if (numberAt(events.rows[i], "number") != static_cast<std::int64_t>(i))
            qFatal("line %zu holds another event", i);
    }
    return std::max(0, last + 1 - static_cast<int>(events.rows.size()));
}

} // namespace

void tst_bundle::aBundleIsRebuiltFromItsEvents()
{
    const QTemporaryDir folder;
    writeRun(path(folder, "events.jsonl"), Verdict::Fail);
    const RebuiltBundle rebuilt
        = rebuildBundle(path(folder, "events.jsonl"), path(folder, "again"));
    QCOMPARE(rebuilt.problem, std::string());
    QCOMPARE(rebuilt.summary.verdict, Verdict::Fail);
    QCOMPARE(rebuilt.summary.seconds, 12.345678);
    QCOMPARE(rebuilt.summary.findings.size(), std::size_t(1));
    QCOMPARE(rebuilt.summary.findings[0].message, std::string("It \"ended\" & <failed>."));
    QCOMPARE(rebuilt.summary.findings[0].atMs, std::int64_t(1'234));
    QCOMPARE(contents(path(folder, "again/series/put_etcd.csv")),
        QByteArray("second,ok,failed,p50_ms,p99_ms,max_ms\n0,10,0,1.500,2.250,3.000\n"
                   "1,9,1,1.500,2.250,3.000\n2,8,2,1.500,2.250,3.000\n"));
    QVERIFY(contents(path(folder, "again/junit.xml")).contains("failures=\"1\""));
    QVERIFY(contents(path(folder, "again/findings.json")).contains("\"verdict\": \"fail\""));
}

void tst_bundle::aCutLineAtEveryByteIsToleratedAndSaid()
{
    const QTemporaryDir folder;
    writeRun(path(folder, "events.jsonl"), Verdict::Fail);
    const QByteArray all = contents(path(folder, "events.jsonl"));
    const qsizetype lastLine = all.lastIndexOf('\n', -2) + 1;
    for (qsizetype size = lastLine; size < all.size(); ++size) {
        if (replaceFile(path(folder, "cut.jsonl"), all.left(size).toStdString()))
            QFAIL("can't write");
        const RebuiltBundle rebuilt
            = rebuildBundle(path(folder, "cut.jsonl"), path(folder, "again"));
        QCOMPARE(rebuilt.problem, std::string());
        QCOMPARE(rebuilt.tornBytes, static_cast<std::size_t>(size - lastLine));
        QVERIFY(!rebuilt.hasEnd);
        QCOMPARE(rebuilt.summary.verdict, Verdict::Infrastructure);
        QCOMPARE(rebuilt.summary.findings.size(), std::size_t(1));
    }
}

void tst_bundle::eventsWithoutABeginningAreRefused()
{
    const QTemporaryDir folder;
    QVERIFY(!rebuildBundle(path(folder, "missing.jsonl"), path(folder, "again")).problem.empty());
    QVERIFY(!QFile::exists(folder.filePath(QStringLiteral("again/findings.json"))));
}

void tst_bundle::acknowledgedEventsSurviveAKillAtAnyMoment()
{
    std::mt19937 random(5150);
    const QTemporaryDir folder;
    for (int i = 0; i < 100; ++i) {
        const std::string file = path(folder, "events.jsonl") + std::to_string(i);
        const auto wait = std::chrono::microseconds(random() % 20'000);
        QCOMPARE(lostEvents(file, wait, false), 0);
    }
}

void tst_bundle::eventsThatAreOnlyBufferedDoNotSurvive()
{
    // Without this the test above would prove nothing.
    const QTemporaryDir folder;
    QVERIFY(lostEvents(path(folder, "events.jsonl"), std::chrono::milliseconds(5), true) > 0);
}

void tst_bundle::aFileThatCannotGrowIsToldAndEndsInOneTornLine()
{
    // For every size at which the disk may be full: what was there stays, one torn line at most,
    // and it is told.
    const QTemporaryDir folder;
    for (rlim_t size = 1; size < 700; size += 23) {
        const std::string file = path(folder, "events.jsonl") + std::to_string(size);
        const pid_t child = fork();
        if (child == 0) {
            std::signal(SIGXFSZ, SIG_IGN);
            const rlimit limit{ size, size };
            EventLog events("0123456789abcdef", {});
            if (setrlimit(RLIMIT_FSIZE, &limit) != 0 || events.open(file))
                _exit(2);
            for (int i = 0; i < 20; ++i)
                events.write("tick", { { "number", i } });
            const bool isFileTold
                = replaceFile(file + ".json", std::string(1'000, 'x')).has_value();
            _exit(events.problem() && isFileTold ? 0 : 3);
        }
        int status = 0;
        waitpid(child, &status, 0);
        QVERIFY2(
            WIFEXITED(status) && WEXITSTATUS(status) == 0, QByteArray::number(status).constData());
        const EventLines events = readEventLines(file);
        QCOMPARE(events.badLines, std::size_t(0));
        QVERIFY(events.wholeBytes + events.tornBytes <= size);
        for (std::size_t i = 0; i < events.rows.size(); ++i)
            QCOMPARE(numberAt(events.rows[i], "number"), static_cast<std::int64_t>(i));
        // Neither the target nor the file beside it is half there.
        QVERIFY(!QFile::exists(QString::fromStdString(file + ".json")));
        QVERIFY(!QFile::exists(QString::fromStdString(file + ".json.new")));
    }
}

void tst_bundle::aClockThatJumpsMakesNoNegativeDuration()
{
    const QTemporaryDir folder;
    std::string text;
    std::int64_t mono = 5'000'000'000;
    std::int64_t wall = 1'770'000'000'000'000;
    const char *const types[] = { "run.begin", "phase", "phase" };
    for (const char *type : types) {
        text += eventJson({ wall, mono }, type, "0123456789abcdef", { { "case", "kv" } }) + '\n';
        mono += 2'000'000'000;
        wall -= 3'600'000'000; // somebody set it back by an hour
    }
    if (replaceFile(path(folder, "events.jsonl"), text))
        QFAIL("can't write");
    const RebuiltBundle rebuilt
        = rebuildBundle(path(folder, "events.jsonl"), path(folder, "again"));
    QCOMPARE(rebuilt.summary.seconds, 4.0);
}

void tst_bundle::aGateIsOpenOnlyWhenAllPassed()
{
    const QTemporaryDir folder;
    addBundle(folder, "a", Verdict::Pass, "kv");
    addBundle(folder, "b", Verdict::Pass, "bank");
    QVERIFY(judgeGate(gateOf(folder, { "kv", "bank" })).isOpen);
    QCOMPARE(judgeGate(gateOf(folder, { "kv", "bank" })).exitCode, 0);
    const GateReport missing = judgeGate(gateOf(folder, { "kv", "bank", "third" }));
    QVERIFY(!missing.isOpen);
    QCOMPARE(missing.exitCode, 2);
    const std::pair<Verdict, int> closing[] = { { Verdict::Fail, 1 }, { Verdict::Unknown, 2 },
        { Verdict::Infrastructure, 3 }, { Verdict::Aborted, 4 }, { Verdict::Leaked, 5 } };
    for (const auto &[verdict, exitCode] : closing) {
        const QTemporaryDir other;
        addBundle(other, "a", Verdict::Pass, "kv");
        addBundle(other, "b", verdict, "bank");
        const GateReport report = judgeGate(gateOf(other, { "kv", "bank" }));
        QVERIFY(!report.isOpen);
        QCOMPARE(report.exitCode, exitCode);
    }
    QVERIFY(gateMarkdown(missing).find("| third | missing |") != std::string::npos);
}

void tst_bundle::theNewestRunOfACaseCounts()
{
    const QTemporaryDir folder;
    addBundle(folder, "a", Verdict::Fail, "kv", "7", "2026-01-31T12:00:00.000000Z");
    addBundle(folder, "b", Verdict::Pass, "kv", "7", "2026-01-31T13:00:00.000000Z");
    addBundle(folder, "c", Verdict::Fail, "kv", "7", "2026-01-31T12:30:00.000000Z");
    QVERIFY(judgeGate(gateOf(folder, { "kv" })).isOpen);
}

void tst_bundle::runsOfAnotherPipelineDoNotCount()
{
    const QTemporaryDir folder;
    addBundle(folder, "a", Verdict::Pass, "kv", "6");
    GateInput input = gateOf(folder, { "kv" });
    QVERIFY(judgeGate(input).isOpen);
    input.pipeline = "7";
    QVERIFY(!judgeGate(input).isOpen);
}

void tst_bundle::aCaseWithoutABundleIsJudgedByItsJob()
{
    const QTemporaryDir folder;
    GateInput input = gateOf(folder, { "kv" });
    for (const char *status : { "failed", "canceled", "skipped", "running", "new word" }) {
        input.jobs = { { "kv", status } };
        QVERIFY2(!judgeGate(input).isOpen, status);
    }
    input.jobs = { { "kv", "success" } };
    QVERIFY(judgeGate(input).isOpen);
    addBundle(folder, "a", Verdict::Unknown, "kv");
    input.bundles = gateOf(folder, {}).bundles;
    QVERIFY(!judgeGate(input).isOpen); // its own verdict outranks the job's
}

void tst_bundle::anEmptySuiteDoesNotPass()
{
    const QTemporaryDir folder;
    QVERIFY(!judgeGate(gateOf(folder, {})).isOpen);
    QCOMPARE(judgeGate(gateOf(folder, {})).exitCode, 2);
}

void tst_bundle::aHistoryIsJudgedByItsFile()
{
    const QTemporaryDir folder;
    const std::string file = path(folder, "history.jsonl");
    cases::Check check;
    check.kind = "history.linearizable";
    const auto judge = [&](const std::string &text) {
        if (replaceFile(file, text))
            qFatal("can't write");
        return checkHistory(check, file);
    };
    QCOMPARE(checkHistory(check, file)->kind, Finding::Kind::GaveUp); // missing
    QCOMPARE(judge("")->kind, Finding::Kind::GaveUp);
    QCOMPARE(judge("not JSON\n")->kind, Finding::Kind::GaveUp);
    const std::string write = R"({"process":1,"type":"invoke","f":"write","value":1})"
                              "\n"
                              R"({"process":1,"type":"ok","f":"write"})"
                              "\n";
    QVERIFY(!judge(write));
    QCOMPARE(judge(write + "{\"proc")->kind, Finding::Kind::GaveUp); // incomplete is no pass
    const std::string stale = R"({"process":2,"type":"invoke","f":"read"})"
                              "\n"
                              R"({"process":2,"type":"ok","f":"read","value":null})"
                              "\n";
    const auto found = judge(write + stale);
    QVERIFY(found);
    QCOMPARE(found->kind, Finding::Kind::Anomaly);
    QCOMPARE(found->anomaly, std::string("consistency"));
}

QTEST_GUILESS_MAIN(tst_bundle)
#include "tst_bundle.moc"
