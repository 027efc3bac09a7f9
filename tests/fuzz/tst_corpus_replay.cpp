// SPDX-License-Identifier: GPL-3.0-or-later
// Replays the inputs that fuzzing kept, among them each that once did harm, through the fuzzers'
// own entries.
#include "tests/fuzz/fuzz_input.h"

#include <QDir>
#include <QFile>
#include <QMap>
#include <QTest>

#include <csignal>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

using Entry = int (*)(const std::uint8_t *, std::size_t);

#define FAULTLINE_ENTRY(target)                                                                    \
    extern "C" int fuzz_##target(const std::uint8_t *bytes, std::size_t size);
FAULTLINE_ENTRY(job_log)
FAULTLINE_ENTRY(ci_yaml)
FAULTLINE_ENTRY(compose)
FAULTLINE_ENTRY(lab_http)
FAULTLINE_ENTRY(web_socket)
FAULTLINE_ENTRY(json_rows)
FAULTLINE_ENTRY(case_yaml)
FAULTLINE_ENTRY(workspace)
FAULTLINE_ENTRY(links)
FAULTLINE_ENTRY(agent_fault)
FAULTLINE_ENTRY(agent_packet)
#undef FAULTLINE_ENTRY

namespace {

const QMap<QString, Entry> &entries()
{
    static const QMap<QString, Entry> all{ { QStringLiteral("job_log"), &fuzz_job_log },
        { QStringLiteral("ci_yaml"), &fuzz_ci_yaml }, { QStringLiteral("compose"), &fuzz_compose },
        { QStringLiteral("lab_http"), &fuzz_lab_http },
        { QStringLiteral("web_socket"), &fuzz_web_socket },
        { QStringLiteral("json_rows"), &fuzz_json_rows },
        { QStringLiteral("case_yaml"), &fuzz_case_yaml },
        { QStringLiteral("workspace"), &fuzz_workspace },
        { QStringLiteral("links"), &fuzz_links },
        { QStringLiteral("agent_fault"), &fuzz_agent_fault },
        { QStringLiteral("agent_packet"), &fuzz_agent_packet } };
    return all;
}

QDir corpus()
{
    return QDir(QStringLiteral(FAULTLINE_TEST_SOURCE_DIR "/corpus"));
}

void play(Entry entry, const QByteArray &input)
{
    // A buffer of exactly this size, so that a sanitizer sees a read behind it.
    const std::vector<std::uint8_t> bytes(input.begin(), input.end());
    entry(bytes.data(), bytes.size());
}

} // namespace

class TestCorpusReplay : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aBrokenPromiseEndsTheProgram();
    void everyTargetHasACorpusAndEveryCorpusATarget();
    void keptInputsDoNoHarm_data();
    void keptInputsDoNoHarm();
    void keptInputsDoNoHarmWhereverTheyAreCut_data();
    void keptInputsDoNoHarmWhereverTheyAreCut();
};

void TestCorpusReplay::aBrokenPromiseEndsTheProgram()
{
    // Negative control: without it a replay that checks nothing would pass as well.
    const pid_t child = fork();
    QVERIFY(child >= 0);
    if (child == 0) {
        std::signal(SIGABRT, SIG_DFL); // QtTest's own would print a stack
        faultline::fuzz::hold(false, "this one is broken on purpose");
        _exit(0);
    }
    int status = 0;
    QCOMPARE(waitpid(child, &status, 0), child);
    QVERIFY(WIFSIGNALED(status));
    QCOMPARE(WTERMSIG(status), SIGABRT);
}

void TestCorpusReplay::everyTargetHasACorpusAndEveryCorpusATarget()
{
    QCOMPARE(corpus().entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name),
        QStringList(entries().keys()));
}

void TestCorpusReplay::keptInputsDoNoHarm_data()
{
    QTest::addColumn<QString>("target");
    for (const QString &target : entries().keys())
        QTest::newRow(qPrintable(target)) << target;
}

void TestCorpusReplay::keptInputsDoNoHarm()
{
    QFETCH(QString, target);
    const QDir folder(corpus().filePath(target));
    const QStringList names = folder.entryList(QDir::Files, QDir::Name);
    QVERIFY(!names.isEmpty());
    for (const QString &name : names) {
        QFile file(folder.filePath(name));
        QVERIFY(file.open(QIODevice::ReadOnly));
        play(entries().value(target), file.readAll());
    }
}

void TestCorpusReplay::keptInputsDoNoHarmWhereverTheyAreCut_data()
{
    keptInputsDoNoHarm_data();
}

void TestCorpusReplay::keptInputsDoNoHarmWhereverTheyAreCut()
{
    QFETCH(QString, target);
    const QDir folder(corpus().filePath(target));
    const int cuts
        = target == QStringLiteral("web_socket") ? 3 : 24; // each of those is a connection
    for (const QString &name : folder.entryList(QDir::Files, QDir::Name)) {
        QFile file(folder.filePath(name));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray whole = file.readAll();
        for (int cut = 1; cut <= cuts; ++cut)
            play(entries().value(target), whole.left(whole.size() * cut / (cuts + 1)));
    }
}

QTEST_GUILESS_MAIN(TestCorpusReplay)
#include "tst_corpus_replay.moc"
