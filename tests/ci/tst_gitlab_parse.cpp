// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ci/gitlab/gitlab_parse.h"

#include <QCoreApplication>
#include <QFile>
#include <QTest>

using namespace faultline;
using namespace faultline::ci::gitlab;

namespace {

QByteArray recorded(const char *name)
{
    QFile file(QStringLiteral(FAULTLINE_TEST_SOURCE_DIR "/data/") + QString::fromLatin1(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QString shown(const QDateTime &time)
{
    return time.isValid() ? time.toString(Qt::ISODateWithMs) : QStringLiteral("-");
}

/// Every field of a job on one line.
QString dump(const domain::Job &job)
{
    return QStringList{ QString::number(job.id.value()), QString::number(job.pipelineId.value()),
        job.name, job.stage, job.ref, job.sha, job.commitTitle, job.userName, job.status.text(),
        job.status.isUnknown() ? QStringLiteral("unknown") : QStringLiteral("known"),
        job.failureReason,
        job.allowFailure ? QStringLiteral("may fail") : QStringLiteral("must pass"),
        shown(job.createdAt), shown(job.startedAt), shown(job.finishedAt),
        QString::number(job.runnerId.value()), job.runnerName, job.tags.join(QLatin1Char(',')),
        job.webUrl, QString::number(job.traceSize),
        job.hasArtifacts ? QStringLiteral("artifacts") : QStringLiteral("none") }
        .join(QStringLiteral(" | "));
}

QString dump(const domain::Pipeline &pipeline)
{
    return QStringList{ QString::number(pipeline.id.value()), QString::number(pipeline.number),
        pipeline.name, pipeline.ref, pipeline.sha, pipeline.source, pipeline.status.text(),
        shown(pipeline.createdAt), shown(pipeline.updatedAt), pipeline.webUrl }
        .join(QStringLiteral(" | "));
}

template <typename T>
QString dumpAll(const domain::Result<QList<T>> &items)
{
    if (!items)
        return items.error().text();
    QString out;
    for (const T &item : *items)
        out += dump(item) + QLatin1Char('\n');
    return out;
}

domain::Error errorOf(const QByteArray &json)
{
    const auto jobs = parseJobs(json, QStringLiteral("GET jobs"));
    return jobs ? domain::Error{} : jobs.error();
}

/// Compares with a recorded dump; on failure the actual one is left beside the program for a diff.
bool isAsRecorded(const QString &actual, const char *name)
{
    if (actual == QString::fromUtf8(recorded(name)))
        return true;
    QFile file(QCoreApplication::applicationDirPath() + QStringLiteral("/actual-")
        + QString::fromLatin1(name));
    if (file.open(QIODevice::WriteOnly))
        file.write(actual.toUtf8());
    qWarning("differs from data/%s: see %s", name, qPrintable(file.fileName()));
    return false;
}

} // namespace

class TestGitLabParse : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void recordedAnswersBecomeValues()
    {
        QVERIFY(isAsRecorded(dumpAll(parseJobs(recorded("jobs.json"), {})), "jobs.txt"));
        QVERIFY(
            isAsRecorded(dumpAll(parsePipelines(recorded("pipelines.json"), {})), "pipelines.txt"));
    }

    void branchesAndFieldsAreRead()
    {
        const auto branches
            = parseBranches(R"([{"name":"main","commit":{"name":"x"}},{"name":"b/c"}])", {});
        QVERIFY(branches);
        QCOMPARE(*branches, QStringList({ QStringLiteral("main"), QStringLiteral("b/c") }));
        QCOMPARE(
            parseTextField(R"({"id":1,"username":"root"})", "username", {}).value_or(QString()),
            QStringLiteral("root"));
        const auto runners = parseRunners(
            R"([{"id":8,"description":"r","paused":true,"online":null,"status":"x"}])", {});
        QVERIFY(runners && runners->size() == 1 && runners->first().paused);
    }

    void brokenAnswersAreServerErrors_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QString>("words");
        const QString misunderstood = QStringLiteral("can't be understood");
        const QByteArray whole = recorded("jobs.json");
        QTest::newRow("empty") << QByteArray() << QStringLiteral("empty");
        QTest::newRow("html") << QByteArray("<!DOCTYPE html><html>Sign in</html>")
                              << QStringLiteral("web page");
        QTest::newRow("cut in a string") << whole.left(whole.indexOf("Kill one")) << misunderstood;
        QTest::newRow("cut between fields")
            << whole.left(whole.indexOf("\"web_url\"")) << misunderstood;
        QTest::newRow("cut at the end") << whole.trimmed().chopped(1) << misunderstood;
        QTest::newRow("deep") << QByteArray(100'000, '[') << misunderstood;
        QTest::newRow("deep, closed")
            << QByteArray(5000, '[') + QByteArray(5000, ']') << misunderstood;
        QTest::newRow("bad UTF-8")
            << QByteArray("[{\"id\":1,\"name\":\"\xff\xfe\"}]") << misunderstood;
        QTest::newRow("an id beyond 64 bits")
            << QByteArray("[{\"id\":92233720368547758080}]") << misunderstood;
        QTest::newRow("no id") << QByteArray("[{\"name\":\"a\"}]") << QStringLiteral("no id");
        QTest::newRow("an object") << QByteArray("{\"message\":\"x\"}") << misunderstood;
        QTest::newRow("a number") << QByteArray("17") << misunderstood;
        QTest::newRow("text behind") << QByteArray("[{\"id\":1}] [") << misunderstood;
        QTest::newRow("NUL") << QByteArray("\0\0\0", 3) << misunderstood;
    }

    void brokenAnswersAreServerErrors()
    {
        QFETCH(QByteArray, json);
        QFETCH(QString, words);
        const domain::Error error = errorOf(json);
        QVERIFY2(error.message.contains(words), qPrintable(error.text()));
        QCOMPARE(error.kind, domain::ErrorKind::Server);
        QCOMPARE(error.where, QStringLiteral("GET jobs"));
    }

    void anAnswerCutAnywhereNeverCrashes()
    {
        const QByteArray whole = recorded("jobs.json").trimmed();
        for (qsizetype length = 0; length < whole.size(); ++length)
            QVERIFY2(!parseJobs(whole.left(length), {}), qPrintable(QString::number(length)));
    }

    void anAnswerWithAnyByteChangedNeverCrashes()
    {
        const QByteArray whole = recorded("jobs.json");
        for (const char replacement : { '"', '{', '\\', '\x80', '9' }) {
            for (qsizetype at = 0; at < whole.size(); at += 3) {
                QByteArray changed = whole;
                changed[at] = replacement;
                (void)parseJobs(changed, {});
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestGitLabParse)
#include "tst_gitlab_parse.moc"
