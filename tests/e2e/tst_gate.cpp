// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/e2e/lab_process.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace faultline;
using namespace faultline::tests;

/// A pipeline whose release stage asks the gate: real jobs, runs and artifacts.
class tst_gate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aPipelineWhoseCasesPassedMakesARelease();
    void aPipelineWithAFailedCaseMakesNone();
    void nothingIsLeftBehind();

private:
    [[nodiscard]] QJsonArray asked(const QString &path) const;
    /// Status of each job of a new pipeline, as "name status".
    [[nodiscard]] QStringList pipeline(int exitCode, QByteArray &log) const;

    std::unique_ptr<LabProcess> m_lab;
};

namespace {

const QByteArray ci = R"(stages: [test, release]
variables: {WORK_EXIT: "0", TOKEN_FILE: ""}
small-case:
  stage: test
  # The gate is to see a failed case, not the stage's order.
  allow_failure: true
  script:
    - test -n "$TOKEN_FILE" || exit 0
    - faultlinectl run case.yaml --bundle "out/$CI_JOB_NAME"
  after_script:
    - faultlinectl status reconcile
  artifacts: {when: always, paths: [out/]}
release:
  stage: release
  script:
    - test -n "$TOKEN_FILE" || exit 0
    - FAULTLINE_GITLAB_TOKEN=$(cat "$TOKEN_FILE")
    - export FAULTLINE_GITLAB_TOKEN
    - faultlinectl gate --suite release --report out/report.md --release "passed-$CI_PIPELINE_ID" --link "bundles=$CI_JOB_URL/artifacts/download"
  artifacts: {when: always, paths: [out/report.md]}
)";

const QByteArray caseFile = R"(apiVersion: faultline/v1
kind: Case
metadata: {name: small-case, owner: {team: storage}}
topology: {compose: compose.yml, roles: {worker: {service: worker, scale: 1}}}
workload: {command: "exit $WORK_EXIT"}
timeout: 3m
)";

void save(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("can't write %s", qPrintable(path));
}

} // namespace

void tst_gate::initTestCase()
{
    if (!LabProcess::dockerHost())
        QSKIP("no Docker Engine answers (FAULTLINE_DOCKER_HOST, DOCKER_HOST)");
    m_lab = std::make_unique<LabProcess>();
    QVERIFY2(m_lab->start(), qPrintable(m_lab->why()));
    const QTemporaryDir folder;
    save(folder.filePath(QStringLiteral(".gitlab-ci.yml")), ci);
    save(folder.filePath(QStringLiteral("case.yaml")), caseFile);
    save(folder.filePath(QStringLiteral("suites.yaml")),
        "suites: {release: {cases: [small-case]}}\n");
    save(folder.filePath(QStringLiteral("compose.yml")),
        "version: '2'\nservices:\n  worker:\n    image: faultline/busybox:1\n    command: sleep "
        "3600\n");
    const auto pushed = m_lab->push(folder.path());
    QVERIFY2(pushed.exitCode == 0, pushed.text().constData());
    QVERIFY(m_lab->endPushedPipeline());
}

QJsonArray tst_gate::asked(const QString &path) const
{
    const auto answer = runProgram(QStringLiteral("/bin/bash"),
        { QStringLiteral("-c"),
            QStringLiteral("printf 'header = \"PRIVATE-TOKEN: %s\"\\n' \"$(cat \"$0\")\" | "
                           "curl -sS -K - \"$1\""),
            m_lab->stateFolder() + QStringLiteral("/secrets/gitlab-token"),
            m_lab->url().toString() + QStringLiteral("/api/v4/projects/1") + path },
        cleanEnvironment(), std::chrono::seconds(30));
    return QJsonDocument::fromJson(answer.out).array();
}

QStringList tst_gate::pipeline(int exitCode, QByteArray &log) const
{
    const auto outcome = m_lab->ctl(
        { QStringLiteral("trigger"), QStringLiteral("--ref=main"), QStringLiteral("--wait"),
            QStringLiteral("--output=json"), QStringLiteral("--timeout=240s"),
            QStringLiteral("--var"), QStringLiteral("WORK_EXIT=%1").arg(exitCode),
            QStringLiteral("--var"),
            QStringLiteral("TOKEN_FILE=%1/secrets/gitlab-token").arg(m_lab->stateFolder()) },
        std::chrono::seconds(280));
    log = outcome.text();
    QStringList out;
    for (const QJsonValue &job :
        QJsonDocument::fromJson(outcome.out)[QStringLiteral("jobs")].toArray()) {
        out += job[QStringLiteral("name")].toString() + u' '
            + job[QStringLiteral("status")].toString();
        log += m_lab
                   ->ctl({ QStringLiteral("log"), QStringLiteral("--job"),
                       QString::number(job[QStringLiteral("id")].toInteger()),
                       QStringLiteral("--plain") })
                   .out;
    }
    out.sort();
    return out;
}

void tst_gate::aPipelineWhoseCasesPassedMakesARelease()
{
    QByteArray log;
    const QStringList jobs = pipeline(0, log);
    QVERIFY2(jobs
            == QStringList(
                { QStringLiteral("release success"), QStringLiteral("small-case success") }),
        (jobs.join(u'\n').toUtf8() + '\n' + log).constData());
    const QJsonArray releases = asked(QStringLiteral("/releases"));
    QCOMPARE(releases.size(), 1);
    const QString description = releases[0][QStringLiteral("description")].toString();
    QVERIFY2(
        description.contains(QStringLiteral("| small-case | pass |")), qPrintable(description));
    QCOMPARE(releases[0][QStringLiteral("assets")][QStringLiteral("links")].toArray().size(), 1);
}

void tst_gate::aPipelineWithAFailedCaseMakesNone()
{
    QByteArray log;
    const QStringList jobs = pipeline(1, log);
    QVERIFY2(jobs
            == QStringList(
                { QStringLiteral("release failed"), QStringLiteral("small-case failed") }),
        (jobs.join(u'\n').toUtf8() + '\n' + log).constData());
    QVERIFY2(log.contains("The gate is closed."), log.constData());
    QCOMPARE(asked(QStringLiteral("/releases")).size(), 1); // that of the first pipeline
}

void tst_gate::nothingIsLeftBehind()
{
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->leftovers(), QStringList(), 10'000);
    QVERIFY(m_lab->stop());
    const auto removed = m_lab->removeAll();
    QVERIFY2(removed.exitCode == 0, removed.text().constData());
}

QTEST_GUILESS_MAIN(tst_gate)
#include "tst_gate.moc"
