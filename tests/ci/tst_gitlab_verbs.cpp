// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ci/ci_artifacts.h"
#include "services/ci/ci_pipelines.h"
#include "tests/ci/gitlab_lab.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

using namespace faultline;
using namespace faultline::tests;
using domain::CiStatus;
using domain::ErrorKind;

namespace {

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

/// Verbs of pipelines, jobs and artifacts against the lab's real server, runners included.
class TestGitLabVerbs : public GitLabLab
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { runThePipeline(); }
    void cleanupTestCase() { endTheLab(); }
    void pipelinesAreFoundByFilters();
    void theLatestPipelineOfARef();
    void aPipelineTellsItsVariablesAndBridges();
    void testReportsWithAndWithoutCases();
    void aPipelineIsRenamedAndRemoved();
    void aManualJobIsPlayedWithVariablesAndErased();
    void anArchiveIsWrittenWhole();
    void aFailedDownloadLeavesTheFileThatWasThere();
    void aStubbornJobIsEndedByForce();
    void artifactsAreKeptAndRemoved();
    void allArtifactsOfTheProjectAreRemoved();
    void pipelinesTakeTypedInputs();

private:
    QTemporaryDir m_folder;
};

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

void TestGitLabVerbs::aStubbornJobIsEndedByForce()
{
    const auto tooEarly = get<domain::Job>(
        [&](auto done) { return m_ci->forceCancelJob(jobNamed("stubborn").id, std::move(done)); });
    QCOMPARE(tooEarly.status, CiStatus::Manual); // it is not being cancelled: nothing happens
    const domain::JobId id = get<domain::Job>([&](auto done) {
        return m_ci->playJob(jobNamed("stubborn").id, {}, std::move(done));
    }).id;
    QTRY_COMPARE_WITH_TIMEOUT(jobNamed("stubborn").status, CiStatus::Running, 60'000);
    (void)get<domain::Job>([&](auto done) { return m_ci->cancelJob(id, std::move(done)); });
    QCOMPARE(jobNamed("stubborn").status, CiStatus::Canceling); // its after_script runs
    const auto ended
        = get<domain::Job>([&](auto done) { return m_ci->forceCancelJob(id, std::move(done)); });
    QCOMPARE(ended.status, CiStatus::Canceled);
}

void TestGitLabVerbs::pipelinesTakeTypedInputs()
{
    QVERIFY(m_lab->pushFiles({ { ".gitlab-ci.yml",
                                 "spec:\n  inputs:\n    count: {type: number}\n    name: {default: "
                                 "none}\n---\n\"$[[ inputs.name ]] $[[ inputs.count ]]\":\n  when: "
                                 "manual\n  script: 'true'\n" } },
        "With inputs [skip ci]"));
    domain::PipelineRequest request{ QStringLiteral("main"), {},
        { { QStringLiteral("count"), 3 }, { QStringLiteral("name"), QStringLiteral("soak") } } };
    const auto pipeline = get<domain::Pipeline>(
        [&](auto done) { return m_ci->createPipeline(request, std::move(done)); });
    QVERIFY(!jobNamed(pipeline.id, "soak 3").id.isEmpty());
    request.inputs.insert(QStringLiteral("count"), QStringLiteral("three"));
    const auto wrong = refused<domain::Pipeline>(
        [&](auto done) { return m_ci->createPipeline(request, std::move(done)); });
    QCOMPARE(wrong.kind, ErrorKind::Invalid);
    QVERIFY2(wrong.serverWords.contains(QStringLiteral("count")), qPrintable(words(wrong)));
}

void TestGitLabVerbs::allArtifactsOfTheProjectAreRemoved()
{
    QVERIFY(
        answerOf<void>([&](auto done) { return m_ci->artifacts()->removeAll(std::move(done)); }));
    QTRY_VERIFY_WITH_TIMEOUT(!jobNamed("build").hasArtifacts, 30'000);
}

QTEST_GUILESS_MAIN(TestGitLabVerbs)
#include "tst_gitlab_verbs.moc"
