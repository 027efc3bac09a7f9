// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ci/gitlab_lab.h"

using faultline::domain::CiStatus;

namespace faultline::tests {

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
stubborn:
  stage: test
  when: manual
  script: ['sleep 600']
  after_script: ['sleep 600']
child:
  stage: test
  trigger: {include: child.yml}
)";

} // namespace

std::unique_ptr<ci::GitLabBackend> GitLabLab::backendWith(const QByteArray &token) const
{
    settings::GitLabSettings settings;
    settings.url = QUrl(QString::fromStdString(m_lab->url()));
    settings.project = QStringLiteral("faultline/sample");
    return std::make_unique<ci::GitLabBackend>(settings, token);
}

void GitLabLab::runThePipeline()
{
    m_lab = std::make_unique<lab::LabFixture>();
    m_lab->start();
    QVERIFY(m_lab->pushFiles(
        { { ".gitlab-ci.yml", ciFile }, { "child.yml", "inside: {script: 'true'}\n" } },
        "A change [skip ci]"));
    m_ci = backendWith("glpat-test");
    const domain::PipelineRequest request{ QStringLiteral("main"),
        { { QStringLiteral("COLOUR"), QStringLiteral("blue") } }, {} };
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

void GitLabLab::endTheLab()
{
    m_ci.reset();
    m_lab.reset();
}

domain::Job GitLabLab::jobNamed(domain::PipelineId pipeline, const char *name)
{
    const auto jobs = answerOf<QList<domain::Job>>(
        [&](auto done) { return m_ci->pipelineJobs(pipeline, std::move(done)); });
    for (const domain::Job &job : jobs.value_or(QList<domain::Job>())) {
        if (job.name == QLatin1StringView(name))
            return job;
    }
    return {};
}

} // namespace faultline::tests
