// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ci/ci_artifacts.h"
#include "services/ci/ci_checks.h"
#include "services/ci/ci_commits.h"
#include "services/ci/ci_pipelines.h"
#include "services/ci/ci_releases.h"
#include "services/ci/ci_runners.h"
#include "services/ci/ci_schedules.h"
#include "services/ci/ci_triggers.h"
#include "services/ci/gitlab/gitlab_backend.h"
#include "tests/lab_gitlab/lab_fixture.h"
#include "tests/support/answers.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace faultline;
using namespace faultline::tests;
using domain::CiStatus;
using domain::ErrorKind;

namespace {

constexpr const char *ciFile = R"(stages: [build, test]
build:
  stage: build
  script:
    - mkdir -p out/deep
    - echo "built $COLOUR" > out/deep/note.txt
    - head -c 300000 /dev/urandom > out/big.bin
    - printf '<testsuite><testcase name="good" classname="c" time="1.5"/><testcase name="bad"><failure>why</failure></testcase></testsuite>' > out/junit.xml
  artifacts:
    paths: [out]
    expire_in: 1 day
    reports: {junit: out/junit.xml}
by hand:
  stage: test
  when: manual
  script: ['echo "played with $SHAPE"']
child:
  stage: test
  trigger: {include: child.yml}
)";

QString words(const domain::Error &error)
{
    return error.text();
}

QByteArray contents(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(not there)");
}

} // namespace

/// The GitLab client's verbs by topic against the lab's real server, runners included.
class TestGitLabVerbs : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void pipelinesAreFoundByFilters();
    void theLatestPipelineOfARef();
    void aPipelineTellsItsVariablesAndBridges();
    void testReportsWithAndWithoutCases();
    void aPipelineIsRenamedAndRemoved();
    void aManualJobIsPlayedWithVariablesAndErased();
    void anArchiveIsWrittenWhole();
    void aFailedDownloadLeavesTheFileThatWasThere();
    void artifactsAreKeptAndRemoved();
    void schedulesFromCreationToRemoval();
    void aScheduleIsPlayedOnceAMinute();
    void triggersFromCreationToRemoval();
    void runnersAreShownAndPaused();
    void commitStatusesAreSetAndListed();
    void releasesFromCreationToRemoval();
    void lintTellsTheServersWords();
    void theTokenTellsWhatItMayDo();
    void aWrongTokenIsTold();

private:
    template <typename T>
    [[nodiscard]] T get(std::function<net::Call(domain::Done<T>)> start)
    {
        auto answer = answerOf<T>(std::move(start));
        if (answer)
            return *answer;
        QTest::qFail(qPrintable(answer.error().text()), __FILE__, __LINE__);
        return T();
    }
    template <typename T>
    [[nodiscard]] domain::Error refused(std::function<net::Call(domain::Done<T>)> start)
    {
        const auto answer = answerOf<T>(std::move(start));
        return answer ? domain::Error() : answer.error();
    }
    [[nodiscard]] domain::Job jobNamed(const char *name);
    [[nodiscard]] std::unique_ptr<ci::GitLabBackend> backendWith(const QByteArray &token) const;

    QTemporaryDir m_folder;
    std::unique_ptr<lab::LabFixture> m_lab;
    std::unique_ptr<ci::GitLabBackend> m_ci;
    domain::PipelineId m_pipeline; // ran to its end, but for the manual job
};

std::unique_ptr<ci::GitLabBackend> TestGitLabVerbs::backendWith(const QByteArray &token) const
{
    settings::GitLabSettings settings;
    settings.url = QUrl(QString::fromStdString(m_lab->url()));
    settings.project = QStringLiteral("faultline/sample");
    return std::make_unique<ci::GitLabBackend>(settings, token);
}

void TestGitLabVerbs::initTestCase()
{
    m_lab = std::make_unique<lab::LabFixture>();
    m_lab->start();
    QVERIFY(m_lab->pushFiles(
        { { ".gitlab-ci.yml", ciFile }, { "child.yml", "inside: {script: 'true'}\n" } },
        "A change [skip ci]"));
    m_ci = backendWith("glpat-test");
    const domain::PipelineRequest request{ QStringLiteral("main"),
        { { QStringLiteral("COLOUR"), QStringLiteral("blue") } } };
    QTRY_VERIFY_WITH_TIMEOUT(m_lab->pipelineStatus(1) == "skipped", 30'000);
    m_pipeline = get<domain::Pipeline>([&](auto done) {
        return m_ci->createPipeline(request, std::move(done));
    }).id;
    QTRY_COMPARE_WITH_TIMEOUT(jobNamed("build").status, CiStatus::Success, 60'000);
    QTRY_COMPARE_WITH_TIMEOUT(
        m_lab->pipelineStatus(m_pipeline.value() + 1), std::string("success"), 60'000);
    QTRY_COMPARE_WITH_TIMEOUT(
        m_lab->pipelineStatus(m_pipeline.value()), std::string("success"), 60'000);
}

void TestGitLabVerbs::cleanupTestCase()
{
    m_ci.reset();
    m_lab.reset();
}

domain::Job TestGitLabVerbs::jobNamed(const char *name)
{
    const auto jobs = answerOf<QList<domain::Job>>(
        [&](auto done) { return m_ci->pipelineJobs(m_pipeline, std::move(done)); });
    for (const domain::Job &job : jobs.value_or(QList<domain::Job>())) {
        if (job.name == QLatin1StringView(name))
            return job;
    }
    return {};
}

void TestGitLabVerbs::pipelinesAreFoundByFilters()
{
    using List = QList<domain::Pipeline>;
    const auto found = [&](const ci::PipelineFilter &filter, int limit = 100) {
        return get<List>(
            [&](auto done) { return m_ci->pipelineVerbs()->list(filter, limit, std::move(done)); });
    };
    ci::PipelineFilter api;
    api.source = QStringLiteral("api");
    QCOMPARE(found(api).size(), 1);
    QCOMPARE(found(api).first().id, m_pipeline);
    ci::PipelineFilter status;
    status.status = QStringLiteral("skipped");
    QCOMPARE(found(status).size(), 1);
    ci::PipelineFilter ref;
    ref.ref = QStringLiteral("no/such & branch");
    QVERIFY(found(ref).isEmpty());
    ci::PipelineFilter later;
    later.updatedAfter = QDateTime::currentDateTimeUtc().addSecs(3600);
    QVERIFY(found(later).isEmpty());
    QCOMPARE(found({}, 1).size(), 1);
    ci::PipelineFilter wrong;
    wrong.status = QStringLiteral("tired");
    const auto error = refused<List>(
        [&](auto done) { return m_ci->pipelineVerbs()->list(wrong, 10, std::move(done)); });
    QCOMPARE(error.kind, ErrorKind::Invalid);
    QVERIFY2(error.serverWords.contains(QStringLiteral("status")), qPrintable(words(error)));
}

void TestGitLabVerbs::theLatestPipelineOfARef()
{
    const auto latest = get<domain::Pipeline>([&](auto done) {
        return m_ci->pipelineVerbs()->latest(QStringLiteral("main"), std::move(done));
    });
    QCOMPARE(latest.id, m_pipeline);
    const auto error = refused<domain::Pipeline>([&](auto done) {
        return m_ci->pipelineVerbs()->latest(QStringLiteral("nobody"), std::move(done));
    });
    QVERIFY(error.kind == ErrorKind::Forbidden || error.kind == ErrorKind::NotFound);
    QVERIFY(!error.serverWords.isEmpty());
}

void TestGitLabVerbs::aPipelineTellsItsVariablesAndBridges()
{
    const auto variables = get<QList<domain::CiVariable>>(
        [&](auto done) { return m_ci->pipelineVerbs()->variables(m_pipeline, std::move(done)); });
    QCOMPARE(variables,
        QList<domain::CiVariable>({ { QStringLiteral("COLOUR"), QStringLiteral("blue"), false } }));
    const auto bridges = get<QList<domain::Bridge>>(
        [&](auto done) { return m_ci->pipelineVerbs()->bridges(m_pipeline, std::move(done)); });
    QCOMPARE(bridges.size(), 1);
    QCOMPARE(bridges[0].name, QStringLiteral("child"));
    QCOMPARE(bridges[0].downstream.value(), m_pipeline.value() + 1);
    QCOMPARE(bridges[0].downstreamStatus, CiStatus::Success);
}

void TestGitLabVerbs::testReportsWithAndWithoutCases()
{
    const auto report = get<domain::TestReport>(
        [&](auto done) { return m_ci->pipelineVerbs()->testReport(m_pipeline, std::move(done)); });
    QCOMPARE(report.counts.total, 2);
    QCOMPARE(report.counts.failed, 1);
    QCOMPARE(report.suites.size(), 1);
    QCOMPARE(report.suites[0].name, QStringLiteral("build"));
    QCOMPARE(report.suites[0].cases.size(), 2);
    const domain::TestCase &good = report.suites[0].cases[0].name == QLatin1StringView("good")
        ? report.suites[0].cases[0]
        : report.suites[0].cases[1];
    QCOMPARE(good.status, QStringLiteral("success"));
    QCOMPARE(good.seconds, 1.5);
    const auto summary = get<domain::TestReport>(
        [&](auto done) { return m_ci->pipelineVerbs()->testSummary(m_pipeline, std::move(done)); });
    QCOMPARE(summary.counts, report.counts);
    QVERIFY(summary.suites[0].cases.isEmpty());
    QCOMPARE(summary.suites[0].jobs, QList<domain::JobId>({ jobNamed("build").id }));
}

void TestGitLabVerbs::aPipelineIsRenamedAndRemoved()
{
    const auto named = get<domain::Pipeline>([&](auto done) {
        return m_ci->pipelineVerbs()->rename(
            m_pipeline, QStringLiteral("Night run"), std::move(done));
    });
    QCOMPARE(named.name, QStringLiteral("Night run"));
    const domain::PipelineId first(1);
    QVERIFY(answerOf<void>(
        [&](auto done) { return m_ci->pipelineVerbs()->remove(first, std::move(done)); }));
    const auto gone = refused<domain::Pipeline>(
        [&](auto done) { return m_ci->pipeline(first, std::move(done)); });
    QCOMPARE(gone.kind, ErrorKind::NotFound);
    QVERIFY2(gone.serverWords.contains(QStringLiteral("404")), qPrintable(words(gone)));
}

void TestGitLabVerbs::aManualJobIsPlayedWithVariablesAndErased()
{
    const domain::JobId id = jobNamed("by hand").id;
    const auto tooEarly = refused<domain::Job>(
        [&](auto done) { return m_ci->artifacts()->erase(id, std::move(done)); });
    QCOMPARE(tooEarly.kind, ErrorKind::Forbidden);
    QVERIFY2(
        tooEarly.serverWords.contains(QStringLiteral("erasable")), qPrintable(words(tooEarly)));
    const auto played = get<domain::Job>([&](auto done) {
        return m_ci->playJob(
            id, { { QStringLiteral("SHAPE"), QStringLiteral("round") } }, std::move(done));
    });
    QCOMPARE(played.id, id);
    QTRY_COMPARE_WITH_TIMEOUT(jobNamed("by hand").status, CiStatus::Success, 60'000);
    const auto trace = get<QByteArray>([&](auto done) { return m_ci->trace(id, std::move(done)); });
    QVERIFY(trace.contains("played with round"));
    const auto again
        = refused<domain::Job>([&](auto done) { return m_ci->playJob(id, {}, std::move(done)); });
    QVERIFY2(again.serverWords.contains(QStringLiteral("Unplayable")), qPrintable(words(again)));
    (void)get<domain::Job>(
        [&](auto done) { return m_ci->artifacts()->erase(id, std::move(done)); });
    QVERIFY(get<QByteArray>([&](auto done) { return m_ci->trace(id, std::move(done)); }).isEmpty());
}

void TestGitLabVerbs::anArchiveIsWrittenWhole()
{
    const domain::JobId id = jobNamed("build").id;
    const QString path = m_folder.filePath(QStringLiteral("all.zip"));
    const qint64 size = get<qint64>(
        [&](auto done) { return m_ci->artifacts()->archive(id, { path }, std::move(done)); });
    QCOMPARE(contents(path).size(), size);
    QVERIFY(size > 300'000);
    QVERIFY(contents(path).startsWith("PK"));
    const QString note = m_folder.filePath(QStringLiteral("note.txt"));
    QCOMPARE(get<qint64>([&](auto done) {
        return m_ci->artifacts()->file(
            id, QStringLiteral("out/deep/note.txt"), { note }, std::move(done));
    }),
        11);
    QCOMPARE(contents(note), QByteArray("built blue\n"));
    const QString byRef = m_folder.filePath(QStringLiteral("by-ref.txt"));
    QCOMPARE(get<qint64>([&](auto done) {
        return m_ci->artifacts()->fileOfRef(QStringLiteral("main"), QStringLiteral("build"),
            QStringLiteral("out/deep/note.txt"), { byRef }, std::move(done));
    }),
        11);
    QCOMPARE(contents(byRef), QByteArray("built blue\n"));
    const QString zipByRef = m_folder.filePath(QStringLiteral("by-ref.zip"));
    QCOMPARE(get<qint64>([&](auto done) {
        return m_ci->artifacts()->archiveOfRef(
            QStringLiteral("main"), QStringLiteral("build"), { zipByRef }, std::move(done));
    }),
        size);
}

void TestGitLabVerbs::aFailedDownloadLeavesTheFileThatWasThere()
{
    const domain::JobId id = jobNamed("build").id;
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("kept"));
    QFile before(path);
    QVERIFY(before.open(QIODevice::WriteOnly));
    before.write("what was there");
    before.close();
    const auto tooLarge = refused<qint64>([&](auto done) {
        return m_ci->artifacts()->archive(id, { path, 100'000 }, std::move(done));
    });
    QCOMPARE(tooLarge.kind, ErrorKind::Server);
    QVERIFY2(tooLarge.message.contains(QStringLiteral("larger")), qPrintable(words(tooLarge)));
    const auto missing = refused<qint64>([&](auto done) {
        return m_ci->artifacts()->file(
            id, QStringLiteral("out/nothing"), { path }, std::move(done));
    });
    QCOMPARE(missing.kind, ErrorKind::NotFound);
    QVERIFY(!missing.serverWords.isEmpty());
    const auto none = refused<qint64>([&](auto done) {
        return m_ci->artifacts()->archive(jobNamed("by hand").id, { path }, std::move(done));
    });
    QCOMPARE(none.kind, ErrorKind::NotFound);
    QCOMPARE(contents(path), QByteArray("what was there"));
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), 1); // no temporary file stays
    const auto unwritable = refused<qint64>([&](auto done) {
        return m_ci->artifacts()->archive(
            id, { QStringLiteral("/nonexistent/folder/x.zip") }, std::move(done));
    });
    QCOMPARE(unwritable.kind, ErrorKind::Local);
}

void TestGitLabVerbs::artifactsAreKeptAndRemoved()
{
    const domain::JobId id = jobNamed("build").id;
    const auto kept
        = get<domain::Job>([&](auto done) { return m_ci->artifacts()->keep(id, std::move(done)); });
    QVERIFY(kept.hasArtifacts);
    QVERIFY(m_lab->job(m_pipeline.value(), "build").at("artifacts_expire_at").is_null());
    QVERIFY(
        answerOf<void>([&](auto done) { return m_ci->artifacts()->remove(id, std::move(done)); }));
    QVERIFY(!jobNamed("build").hasArtifacts);
}

void TestGitLabVerbs::schedulesFromCreationToRemoval()
{
    ci::CiSchedules *schedules = m_ci->schedules();
    ci::ScheduleSpec spec;
    spec.description = QStringLiteral("Nightly soak");
    spec.ref = QStringLiteral("main");
    spec.cron = QStringLiteral("0 2 * * *");
    spec.cronTimezone = QStringLiteral("Europe/Berlin");
    spec.active = false;
    const auto made = get<domain::Schedule>(
        [&](auto done) { return schedules->create(spec, std::move(done)); });
    QCOMPARE(made.description, QStringLiteral("Nightly soak"));
    QCOMPARE(made.cronTimezone, QStringLiteral("Europe/Berlin"));
    QVERIFY(!made.active && made.nextRunAt.isValid());
    QCOMPARE(made.owner, QStringLiteral("lab"));
    ci::ScheduleSpec change;
    change.active = true;
    change.cron = QStringLiteral("*/5 * * * *");
    const auto changed = get<domain::Schedule>(
        [&](auto done) { return schedules->change(made.id, change, std::move(done)); });
    QVERIFY(changed.active);
    QCOMPARE(changed.description, made.description);
    const auto set = [&](const char *value) {
        return answerOf<void>([&](auto done) {
            return schedules->setVariable(made.id,
                { QStringLiteral("SUITE"), QLatin1StringView(value), false }, std::move(done));
        }).has_value();
    };
    QVERIFY(set("nightly"));
    QVERIFY(set("weekly")); // changes it
    const auto read = get<domain::Schedule>(
        [&](auto done) { return schedules->one(made.id, std::move(done)); });
    QCOMPARE(read.variables,
        QList<domain::CiVariable>(
            { { QStringLiteral("SUITE"), QStringLiteral("weekly"), false } }));
    QVERIFY(answerOf<void>([&](auto done) {
        return schedules->removeVariable(made.id, QStringLiteral("SUITE"), std::move(done));
    }));
    QCOMPARE(get<QList<domain::Schedule>>([&](auto done) {
        return schedules->list(std::move(done));
    }).size(),
        1);
    QCOMPARE(get<domain::Schedule>([&](auto done) {
        return schedules->takeOwnership(made.id, std::move(done));
    }).id,
        made.id);
    change.cron = QStringLiteral("every now and then");
    const auto error = refused<domain::Schedule>(
        [&](auto done) { return schedules->change(made.id, change, std::move(done)); });
    QCOMPARE(error.kind, ErrorKind::Invalid);
    QVERIFY2(
        error.serverWords.contains(QStringLiteral("syntax is invalid")), qPrintable(words(error)));
    QVERIFY(answerOf<void>([&](auto done) { return schedules->remove(made.id, std::move(done)); }));
    QCOMPARE(refused<domain::Schedule>([&](auto done) {
        return schedules->one(made.id, std::move(done));
    }).kind,
        ErrorKind::NotFound);
}

void TestGitLabVerbs::aScheduleIsPlayedOnceAMinute()
{
    ci::CiSchedules *schedules = m_ci->schedules();
    ci::ScheduleSpec spec;
    spec.description = QStringLiteral("Now");
    spec.ref = QStringLiteral("main");
    spec.cron = QStringLiteral("0 0 1 1 *");
    const auto made = get<domain::Schedule>(
        [&](auto done) { return schedules->create(spec, std::move(done)); });
    const auto play = [&] {
        return answerOf<void>([&](auto done) { return schedules->play(made.id, std::move(done)); });
    };
    QVERIFY(play());
    using List = QList<domain::Pipeline>;
    const auto started = [&] {
        return get<List>(
            [&](auto done) { return schedules->pipelines(made.id, 10, std::move(done)); });
    };
    QTRY_COMPARE_WITH_TIMEOUT(started().size(), 1, 30'000);
    QCOMPARE(started().first().source, QStringLiteral("schedule"));
    const auto soon = play();
    QVERIFY(!soon);
    QCOMPARE(soon.error().kind, ErrorKind::RateLimited);
    QVERIFY2(soon.error().serverWords.contains(QStringLiteral("too many times")),
        qPrintable(words(soon.error())));
}

void TestGitLabVerbs::triggersFromCreationToRemoval()
{
    ci::CiTriggers *triggers = m_ci->triggers();
    const QDateTime end = QDateTime(QDate(2099, 1, 2), QTime(3, 4, 5), Qt::UTC);
    const auto made = get<domain::CiTrigger>([&](auto done) {
        return triggers->create(QStringLiteral("From the rack"), end, std::move(done));
    });
    QVERIFY(made.token.startsWith(QStringLiteral("glptt-")));
    QCOMPARE(made.expiresAt, end);
    const auto started = get<domain::Pipeline>([&](auto done) {
        return m_ci->triggerPipeline({ QStringLiteral("main"), {} }, made.token, std::move(done));
    });
    QCOMPARE(started.source, QStringLiteral("trigger"));
    const auto renamed = get<domain::CiTrigger>([&](auto done) {
        return triggers->rename(made.id, QStringLiteral("Old rack"), std::move(done));
    });
    QCOMPARE(renamed.description, QStringLiteral("Old rack"));
    QVERIFY(get<QList<domain::CiTrigger>>([&](auto done) {
        return triggers->list(std::move(done));
    }).contains(get<domain::CiTrigger>([&](auto done) {
        return triggers->one(made.id, std::move(done));
    })));
    QVERIFY(answerOf<void>([&](auto done) { return triggers->remove(made.id, std::move(done)); }));
    QCOMPARE(refused<domain::CiTrigger>([&](auto done) {
        return triggers->one(made.id, std::move(done));
    }).kind,
        ErrorKind::NotFound);
}

void TestGitLabVerbs::runnersAreShownAndPaused()
{
    ci::CiRunners *runners = m_ci->runnerVerbs();
    const auto all
        = get<QList<domain::Runner>>([&](auto done) { return runners->list({}, std::move(done)); });
    QCOMPARE(all.size(), 2);
    QCOMPARE(all[0].status, QStringLiteral("online"));
    const domain::RunnerId id = all[0].id;
    const auto pause = [&](bool isPaused) {
        return get<domain::Runner>(
            [&](auto done) { return runners->setPaused(id, isPaused, std::move(done)); });
    };
    QVERIFY(pause(true).paused);
    QVERIFY(!pause(false).paused);
    const auto one
        = get<domain::Runner>([&](auto done) { return runners->one(id, std::move(done)); });
    QVERIFY(one.contactedAt.isValid() && !one.version.isEmpty());
    qsizetype jobs = 0;
    for (const domain::Runner &runner : all) {
        const auto ran = get<QList<domain::Job>>([&](auto done) {
            return runners->jobs(runner.id, QStringLiteral("success"), 100, std::move(done));
        });
        jobs += ran.size();
    }
    QVERIFY(jobs >= 2);
    const auto gone = refused<domain::Runner>(
        [&](auto done) { return runners->one(domain::RunnerId(9999), std::move(done)); });
    QCOMPARE(gone.kind, ErrorKind::NotFound);
}

void TestGitLabVerbs::commitStatusesAreSetAndListed()
{
    const QString sha = get<domain::Pipeline>([&](auto done) {
        return m_ci->pipeline(m_pipeline, std::move(done));
    }).sha;
    ci::CommitStatusSpec spec;
    spec.sha = sha;
    spec.state = QStringLiteral("running");
    spec.name = QStringLiteral("faultline");
    spec.description = QStringLiteral("12 of 40 cases");
    const auto set = [&] {
        return answerOf<domain::CommitStatus>(
            [&](auto done) { return m_ci->commits()->setStatus(spec, std::move(done)); });
    };
    QCOMPARE(set()->status, CiStatus::Running);
    const auto again = set();
    QVERIFY(!again);
    QVERIFY2(again.error().serverWords.contains(QStringLiteral("Cannot transition status")),
        qPrintable(words(again.error())));
    spec.state = QStringLiteral("success");
    QCOMPARE(set()->status, CiStatus::Success);
    const auto all = get<QList<domain::CommitStatus>>(
        [&](auto done) { return m_ci->commits()->statuses(sha, std::move(done)); });
    const auto own = std::find_if(all.begin(), all.end(),
        [](const domain::CommitStatus &one) { return one.name == QLatin1StringView("faultline"); });
    QVERIFY(own != all.end());
    QCOMPARE(own->description, QStringLiteral("12 of 40 cases"));
}

void TestGitLabVerbs::releasesFromCreationToRemoval()
{
    ci::CiReleases *releases = m_ci->releases();
    ci::ReleaseSpec spec;
    spec.tag = QStringLiteral("v7.5/rc 1");
    const auto bad = refused<domain::Release>(
        [&](auto done) { return releases->create(spec, std::move(done)); });
    QCOMPARE(bad.kind, ErrorKind::Invalid);
    QVERIFY2(
        bad.serverWords.contains(QStringLiteral("Ref is not specified")), qPrintable(words(bad)));
    spec.tag = QStringLiteral("v7.5/rc1");
    spec.ref = QStringLiteral("main");
    spec.name = QStringLiteral("7.5, first candidate");
    spec.description = QStringLiteral("Passed **40** cases");
    spec.links = { { QStringLiteral("Report"), QStringLiteral("https://reports.example.org/1"),
        QStringLiteral("other") } };
    const auto made
        = get<domain::Release>([&](auto done) { return releases->create(spec, std::move(done)); });
    QCOMPARE(made.id.value(), spec.tag);
    QCOMPARE(made.links, spec.links);
    QCOMPARE(made.sha.size(), 40);
    QCOMPARE(refused<domain::Release>([&](auto done) {
        return releases->create(spec, std::move(done));
    }).kind,
        ErrorKind::Conflict);
    const auto changed = get<domain::Release>([&](auto done) {
        return releases->change(spec.tag, QStringLiteral("7.5-rc1"), std::nullopt, std::move(done));
    });
    QCOMPARE(changed.name, QStringLiteral("7.5-rc1"));
    QCOMPARE(changed.description, spec.description);
    QCOMPARE(
        get<domain::Release>([&](auto done) { return releases->one(spec.tag, std::move(done)); }),
        changed);
    QCOMPARE(
        get<QList<domain::Release>>([&](auto done) { return releases->list(std::move(done)); }),
        QList<domain::Release>({ changed }));
    QVERIFY(answerOf<void>([&](auto done) { return releases->remove(spec.tag, std::move(done)); }));
    QCOMPARE(refused<domain::Release>([&](auto done) {
        return releases->one(spec.tag, std::move(done));
    }).kind,
        ErrorKind::NotFound);
}

void TestGitLabVerbs::lintTellsTheServersWords()
{
    const auto lint = [&](const ci::CiChecks::LintRequest &request) {
        return get<domain::CiLint>(
            [&](auto done) { return m_ci->checks()->lint(request, std::move(done)); });
    };
    const auto present = lint({});
    QVERIFY2(present.isValid, qPrintable(present.errors.join(u'\n')));
    QCOMPARE(present.jobs.size(), 3);
    QCOMPARE(present.jobs[0].name, QStringLiteral("build"));
    QVERIFY(!present.mergedYaml.isEmpty());
    const auto wrong = lint({ QStringLiteral("job:\n  script: ls\n  wehn: manual\n"), {}, false });
    QVERIFY(!wrong.isValid);
    QVERIFY2(wrong.errors.join(u' ').contains(QStringLiteral("wehn")),
        qPrintable(wrong.errors.join(u' ')));
    const auto nothing
        = lint({ QStringLiteral("job:\n  script: ls\n  rules: [{when: never}]\n"), {}, true });
    QVERIFY(!nothing.isValid); // a dry run asks the rules
}

void TestGitLabVerbs::theTokenTellsWhatItMayDo()
{
    const auto token = get<domain::TokenFacts>(
        [&](auto done) { return m_ci->checks()->token(std::move(done)); });
    QVERIFY(token.isActive && token.scopes.contains(QStringLiteral("api")));
    QVERIFY(token.expiresAt > QDate::currentDate());
    const auto who
        = get<ci::CiIdentity>([&](auto done) { return m_ci->identity(std::move(done)); });
    QCOMPARE(who.userName, QStringLiteral("lab"));
    QVERIFY(!who.serverVersion.isEmpty());
}

void TestGitLabVerbs::aWrongTokenIsTold()
{
    const auto stranger = backendWith("glpat-wrong");
    const auto error = refused<QList<domain::Schedule>>(
        [&](auto done) { return stranger->schedules()->list(std::move(done)); });
    QCOMPARE(error.kind, ErrorKind::Auth);
    QVERIFY2(error.serverWords.contains(QStringLiteral("401")), qPrintable(words(error)));
    QVERIFY(!words(error).contains(QStringLiteral("glpat")));
}

QTEST_GUILESS_MAIN(TestGitLabVerbs)
#include "tst_gitlab_verbs.moc"
