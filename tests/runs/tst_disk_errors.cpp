// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/e2e/program_run.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

#include <cerrno>

using namespace faultline::tests;

/// A disk that fails at the N-th call, for every N: never half a file, and it is told.
class tst_disk_errors : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void noFailureLeavesHalfAFile_data();
    void noFailureLeavesHalfAFile();
    void aPlainWriterLeavesHalfAFile();
};

namespace {

const QByteArray events
    = R"({"t":"2026-01-31T12:00:00.000000Z","mono":1,"type":"run.begin","run":"r","case":"kv","stack":"s","seed":"1"}
{"t":"2026-01-31T12:00:01.000000Z","mono":2,"type":"probe.second","run":"r","probe":"up","second":0,"ok":9,"failed":1}
{"t":"2026-01-31T12:00:02.000000Z","mono":3,"type":"run.end","run":"r","verdict":"pass","seconds":2}
)";
const QByteArray old = "what was there before";

void save(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("can't write %s", qPrintable(path));
}

QByteArray contents(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QProcessEnvironment failing(const QString &folder, const QString &call, int nth, int error)
{
    QProcessEnvironment out = cleanEnvironment();
    out.insert(QStringLiteral("LD_PRELOAD"), QStringLiteral(FAULTLINE_FAIL_NTH));
    // The sanitizers want to be loaded first, and are not the subject here.
    out.insert(QStringLiteral("ASAN_OPTIONS"), QStringLiteral("verify_asan_link_order=0"));
    out.insert(QStringLiteral("FAIL_BELOW"), folder);
    out.insert(QStringLiteral("FAIL_CALL"), call);
    out.insert(QStringLiteral("FAIL_NTH"), QString::number(nth));
    out.insert(QStringLiteral("FAIL_ERRNO"), QString::number(error));
    return out;
}

} // namespace

void tst_disk_errors::noFailureLeavesHalfAFile_data()
{
    QTest::addColumn<QString>("call");
    QTest::addColumn<int>("error");
    for (const char *call : { "open", "write", "fsync", "rename" }) {
        QTest::addRow("%s: broken", call) << QString::fromLatin1(call) << EIO;
        QTest::addRow("%s: full", call) << QString::fromLatin1(call) << ENOSPC;
    }
    QTest::addRow("open: no descriptor is left") << QStringLiteral("open") << EMFILE;
    QTest::addRow("open: read-only") << QStringLiteral("open") << EROFS;
    QTest::addRow("write: over quota") << QStringLiteral("write") << EDQUOT;
}

void tst_disk_errors::noFailureLeavesHalfAFile()
{
    QFETCH(QString, call);
    QFETCH(int, error);
    const QStringList names{ QStringLiteral("findings.json"), QStringLiteral("junit.xml"),
        QStringLiteral("series/up.csv") };
    int failures = 0;
    for (int nth = 1;; ++nth) {
        QVERIFY(nth < 100);
        const QTemporaryDir folder;
        QDir(folder.path()).mkpath(QStringLiteral("series"));
        save(folder.filePath(QStringLiteral("events.jsonl")), events);
        for (const QString &name : names)
            save(folder.filePath(name), old);
        const auto outcome = runProgram(ownProgram(QStringLiteral("faultlinectl")),
            { QStringLiteral("bundle"), QStringLiteral("rebuild"), folder.path() },
            failing(folder.path(), call, nth, error), std::chrono::seconds(30));
        const bool hasFailed = outcome.err.contains("the disk failed");
        QVERIFY2((outcome.exitCode == 0) == !hasFailed, outcome.text().constData());
        for (const QString &name : names) {
            const QByteArray text = contents(folder.filePath(name));
            const bool isWhole = text.endsWith("}\n") || text.endsWith("</testsuite>\n")
                || text.endsWith("0,9,1,0.000,0.000,0.000\n");
            QVERIFY2(text == old || isWhole, text.constData());
            QVERIFY(hasFailed || isWhole);
            QVERIFY(!QFile::exists(folder.filePath(name) + QStringLiteral(".new")));
        }
        QCOMPARE(contents(folder.filePath(QStringLiteral("events.jsonl"))), events);
        if (!hasFailed)
            break;
        ++failures;
    }
    qInfo("%d failures of %s", failures, qPrintable(call));
    QVERIFY(failures >= 3);
}

void tst_disk_errors::aPlainWriterLeavesHalfAFile()
{
    // The negative control: the same disk under a program that writes in place.
    const QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("findings.json"));
    save(file, old);
    const auto outcome = runProgram(QStringLiteral("/bin/sh"),
        { QStringLiteral("-c"), QStringLiteral("echo '{\"verdict\": \"pass\"}' > \"$0\""), file },
        failing(folder.path(), QStringLiteral("write"), 1, EIO), std::chrono::seconds(30));
    QVERIFY2(outcome.err.contains("the disk failed"), outcome.text().constData());
    const QByteArray text = contents(file);
    QVERIFY2(text != old && !text.endsWith("}\n"), text.constData());
}

QTEST_GUILESS_MAIN(tst_disk_errors)
#include "tst_disk_errors.moc"
