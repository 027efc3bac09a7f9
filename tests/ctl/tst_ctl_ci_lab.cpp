// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/e2e/program_run.h"
#include "tests/lab_gitlab/lab_fixture.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace faultline;
using namespace faultline::tests;

namespace {

constexpr const char *ciFile = R"(stages: [build, test]
build:
  stage: build
  script:
    - mkdir out
    - echo "built $COLOUR" > out/note.txt
    - printf '<testsuite><testcase name="a"/></testsuite>' > out/j.xml
  artifacts: {paths: [out], expire_in: 1 day, reports: {junit: out/j.xml}}
by hand:
  stage: test
  when: manual
  script: ['echo "shape is $SHAPE"']
)";

} // namespace

/// faultlinectl's commands for CI, run as a program against the lab's server.
class tst_ctl_ci_lab : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void pipelinesAndJobsAreListed();
    void aManualJobIsPlayed();
    void artifactsAreDownloaded();
    void schedulesAreManaged();
    void runnersArePaused();
    void aCiFileIsChecked();
    void aPipelineIsDeleted();
    void aJobIsCanceledByForce();
    void inputsReachThePipeline();
    void theServersWordsReachThePerson();

private:
    [[nodiscard]] ProgramOutcome ctl(const QStringList &arguments) const;
    [[nodiscard]] ProgramOutcome ctl(const char *line) const
    {
        return ctl(QString::fromLatin1(line).split(u' ', Qt::SkipEmptyParts));
    }
    [[nodiscard]] QJsonObject json(const char *line) const
    {
        return QJsonDocument::fromJson(ctl(line).out).object();
    }
    [[nodiscard]] QString jobId(const char *name) const;

    QTemporaryDir m_folder;
    std::unique_ptr<lab::LabFixture> m_lab;
    QString m_pipeline;
};

void tst_ctl_ci_lab::initTestCase()
{
    m_lab = std::make_unique<lab::LabFixture>();
    m_lab->start();
    QVERIFY(m_lab->pushFiles({ { ".gitlab-ci.yml", ciFile } }, "A change [skip ci]"));
    QTRY_VERIFY_WITH_TIMEOUT(m_lab->pipelineStatus(1) == "skipped", 30'000);
    const QJsonObject started = json("trigger --var COLOUR=blue --output json");
    m_pipeline = QString::number(started.value(QStringLiteral("pipeline"))
                                     .toObject()
                                     .value(QStringLiteral("id"))
                                     .toInteger());
    QTRY_COMPARE_WITH_TIMEOUT(
        m_lab->pipelineStatus(m_pipeline.toLongLong()), std::string("success"), 60'000);
}

void tst_ctl_ci_lab::cleanupTestCase()
{
    m_lab.reset();
}

ProgramOutcome tst_ctl_ci_lab::ctl(const QStringList &arguments) const
{
    QProcessEnvironment environment = cleanEnvironment();
    environment.insert(
        QStringLiteral("FAULTLINE_GITLAB_URL"), QString::fromStdString(m_lab->url()));
    environment.insert(
        QStringLiteral("FAULTLINE_GITLAB_PROJECT"), QStringLiteral("faultline/sample"));
    environment.insert(QStringLiteral("FAULTLINE_GITLAB_TOKEN"), QStringLiteral("glpat-test"));
    return runProgram(ownProgram(QStringLiteral("faultlinectl")), arguments, environment,
        std::chrono::seconds(60), m_folder.path());
}

QString tst_ctl_ci_lab::jobId(const char *name) const
{
    return QString::number(m_lab->job(m_pipeline.toLongLong(), name).at("id").get<std::int64_t>());
}

void tst_ctl_ci_lab::pipelinesAndJobsAreListed()
{
    const auto table = ctl("pipelines");
    QVERIFY2(table.exitCode == 0 && table.out.contains("success") && table.out.contains("skipped"),
        table.text().constData());
    QCOMPARE(json("pipelines --status success --since 1h --output json")
                 .value(QStringLiteral("pipelines"))
                 .toArray()
                 .size(),
        1);
    const auto one = ctl({ QStringLiteral("pipelines"), m_pipeline });
    QVERIFY2(one.out.contains("COLOUR=blue") && one.out.contains("1 tests: 1 passed"),
        one.text().constData());
    const auto jobs
        = ctl({ QStringLiteral("jobs"), m_pipeline, QStringLiteral("--status=manual") });
    QVERIFY2(jobs.out.contains("by hand") && !jobs.out.contains("build"), jobs.text().constData());
    QCOMPARE(json("jobs -n 1 --output json").value(QStringLiteral("jobs")).toArray().size(), 1);
}

void tst_ctl_ci_lab::aManualJobIsPlayed()
{
    const QString id = jobId("by hand");
    const auto played = ctl(
        { QStringLiteral("play"), id, QStringLiteral("--var"), QStringLiteral("SHAPE=round") });
    QVERIFY2(played.exitCode == 0, played.text().constData());
    QTRY_COMPARE_WITH_TIMEOUT(
        m_lab->jobStatus(m_pipeline.toLongLong(), "by hand"), std::string("success"), 60'000);
    QVERIFY(
        ctl({ QStringLiteral("log"), QStringLiteral("--job"), id }).out.contains("shape is round"));
    const auto again = ctl({ QStringLiteral("play"), id });
    QCOMPARE(again.exitCode, 64);
    QVERIFY2(again.err.contains("Unplayable Job"), again.text().constData());
}

void tst_ctl_ci_lab::artifactsAreDownloaded()
{
    const QString id = jobId("build");
    const auto archive = ctl({ QStringLiteral("artifacts"), id });
    QVERIFY2(archive.exitCode == 0, archive.text().constData());
    const QString zip = m_folder.filePath(QStringLiteral("artifacts-%1.zip").arg(id));
    QVERIFY(QFile::exists(zip));
    QCOMPARE(ctl({ QStringLiteral("artifacts"), id }).exitCode, 19); // never over a file
    const auto file
        = ctl("artifacts --ref main --job-name build --file out/note.txt --output json");
    QVERIFY2(file.exitCode == 0, file.text().constData());
    QFile note(m_folder.filePath(QStringLiteral("note.txt")));
    QVERIFY(note.open(QIODevice::ReadOnly));
    QCOMPARE(note.readAll(), QByteArray("built blue\n"));
    QCOMPARE(ctl({ QStringLiteral("artifacts"), id, QStringLiteral("--file=none") }).exitCode, 14);
    QCOMPARE(ctl({ QStringLiteral("artifacts"), id, QStringLiteral("--keep") }).exitCode, 0);
    QCOMPARE(ctl("artifacts").exitCode, 64);
}

void tst_ctl_ci_lab::schedulesAreManaged()
{
    const auto made = ctl({ QStringLiteral("schedules"), QStringLiteral("create"),
        QStringLiteral("--description=Nightly"), QStringLiteral("--ref=main"),
        QStringLiteral("--cron=0 2 * * *"), QStringLiteral("--zone=Europe/Berlin"),
        QStringLiteral("--var=FAULTLINE_SUITE=nightly"), QStringLiteral("--output=json") });
    QVERIFY2(made.exitCode == 0, made.text().constData());
    const QJsonObject schedule = QJsonDocument::fromJson(made.out).object();
    QCOMPARE(schedule.value(QStringLiteral("variables")).toArray().size(), 1);
    const QString id = QString::number(schedule.value(QStringLiteral("id")).toInteger());
    const auto run = [&](const QStringList &verb, const QStringList &rest = {}) {
        return ctl(QStringList{ QStringLiteral("schedules") } + verb + QStringList{ id } + rest);
    };
    const auto off = run({ QStringLiteral("change") },
        { QStringLiteral("--off"), QStringLiteral("--drop-var=FAULTLINE_SUITE") });
    QVERIFY2(off.exitCode == 0 && off.out.contains("off") && !off.out.contains("FAULTLINE_SUITE"),
        off.text().constData());
    QVERIFY(ctl("schedules list").out.contains("Nightly"));
    QCOMPARE(run({ QStringLiteral("play") }).exitCode, 0);
    const auto soon = run({ QStringLiteral("play") });
    QVERIFY2(soon.exitCode == 16 && soon.err.contains("too many times"), soon.text().constData());
    QCOMPARE(run({ QStringLiteral("take") }).exitCode, 0);
    const auto inputs = [&](const QStringList &options) {
        return QJsonDocument::fromJson(run({ QStringLiteral("change") },
                                           options + QStringList{ QStringLiteral("--output=json") })
                                           .out)
            .object()
            .value(QStringLiteral("inputs"))
            .toObject();
    };
    QCOMPARE(inputs({ QStringLiteral("--input=count=3"), QStringLiteral("--input=name=a b"),
                 QStringLiteral("--input=word=\"7\"") }),
        (QJsonObject{ { QStringLiteral("count"), 3 },
            { QStringLiteral("name"), QStringLiteral("a b") },
            { QStringLiteral("word"), QStringLiteral("7") } }));
    QCOMPARE(inputs({ QStringLiteral("--drop-input=count"), QStringLiteral("--drop-input=word") }),
        (QJsonObject{ { QStringLiteral("name"), QStringLiteral("a b") } }));
    const auto wrong = run({ QStringLiteral("change") }, { QStringLiteral("--cron=now and then") });
    QVERIFY2(
        wrong.exitCode == 64 && wrong.err.contains("syntax is invalid"), wrong.text().constData());
    QCOMPARE(run({ QStringLiteral("rm") }).exitCode, 0);
    QCOMPARE(run({ QStringLiteral("show") }).exitCode, 14);
    QCOMPARE(ctl("schedules create --ref main").exitCode, 64);
}

void tst_ctl_ci_lab::runnersArePaused()
{
    QVERIFY(ctl("runners --status online").out.contains("online"));
    const auto paused = ctl("runners 1 --pause");
    QVERIFY2(paused.exitCode == 0 && paused.out.contains("paused"), paused.text().constData());
    const QJsonObject one = json("runners 1 --resume --output json");
    QCOMPARE(
        one.value(QStringLiteral("runner")).toObject().value(QStringLiteral("paused")).toBool(true),
        false);
    QCOMPARE(ctl("runners 999").exitCode, 14);
    QCOMPARE(ctl("runners --pause").exitCode, 64);
}

void tst_ctl_ci_lab::aCiFileIsChecked()
{
    const auto present = ctl("lint-ci --dry-run");
    QVERIFY2(present.exitCode == 0 && present.out.contains("2 jobs"), present.text().constData());
    QFile wrong(m_folder.filePath(QStringLiteral("wrong.yml")));
    QVERIFY(wrong.open(QIODevice::WriteOnly));
    wrong.write("job:\n  script: ls\n  wehn: manual\n");
    wrong.close();
    const auto checked = ctl("lint-ci wrong.yml");
    QCOMPARE(checked.exitCode, 1);
    QVERIFY2(checked.out.contains("wehn"), checked.text().constData());
    QCOMPARE(
        json("lint-ci wrong.yml --output json").value(QStringLiteral("valid")).toBool(true), false);
    QCOMPARE(ctl("lint-ci missing.yml").exitCode, 19);
}

void tst_ctl_ci_lab::aPipelineIsDeleted()
{
    QCOMPARE(ctl("pipelines 1 --delete").exitCode, 0);
    QCOMPARE(ctl("pipelines 1").exitCode, 14);
    QCOMPARE(ctl("pipelines --delete").exitCode, 64);
}

void tst_ctl_ci_lab::aJobIsCanceledByForce()
{
    const QString pipeline = QString::number(json("trigger --output json")
                                                 .value(QStringLiteral("pipeline"))
                                                 .toObject()
                                                 .value(QStringLiteral("id"))
                                                 .toInteger());
    const QString job = QString::number(
        m_lab->job(pipeline.toLongLong(), "by hand").at("id").get<std::int64_t>());
    const QStringList cancel{ QStringLiteral("cancel"), QStringLiteral("--job"), job };
    const auto forced = ctl(cancel + QStringList{ QStringLiteral("--force") });
    // A job that is not being canceled stays as it is.
    QVERIFY2(forced.exitCode == 0 && !forced.out.contains("canceled"), forced.text().constData());
    QCOMPARE(ctl({ QStringLiteral("cancel"), pipeline, QStringLiteral("--force") }).exitCode, 64);
    QCOMPARE(
        ctl({ QStringLiteral("retry"), QStringLiteral("--job"), job, QStringLiteral("--force") })
            .exitCode,
        64);
}

void tst_ctl_ci_lab::inputsReachThePipeline()
{
    QVERIFY(m_lab->pushFiles(
        { { ".gitlab-ci.yml",
            "spec: {inputs: {count: {type: number}, name: {default: none}}}\n---\n"
            "\"$[[ inputs.name ]] $[[ inputs.count ]]\": {when: manual, script: 'true'}\n" } },
        "Inputs [skip ci]"));
    const auto wrong = ctl("trigger --input count=three");
    QVERIFY2(wrong.exitCode == 64 && wrong.err.contains("count"), wrong.text().constData());
    const auto good = ctl("trigger --input count=3 --input name=soak --output json");
    QVERIFY2(good.exitCode == 0, good.text().constData());
    const auto id = QJsonDocument::fromJson(good.out)
                        .object()
                        .value(QStringLiteral("pipeline"))
                        .toObject()
                        .value(QStringLiteral("id"))
                        .toInteger();
    QVERIFY(ctl({ QStringLiteral("jobs"), QString::number(id) }).out.contains("soak 3"));
}

void tst_ctl_ci_lab::theServersWordsReachThePerson()
{
    const auto wrong = ctl("pipelines --status tired");
    QCOMPARE(wrong.exitCode, 64);
    QVERIFY2(wrong.err.contains("status does not have a valid value"), wrong.text().constData());
}

QTEST_GUILESS_MAIN(tst_ctl_ci_lab)
#include "tst_ctl_ci_lab.moc"
