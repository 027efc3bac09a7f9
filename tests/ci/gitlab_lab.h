// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/ci/gitlab/gitlab_backend.h"
#include "tests/lab_gitlab/lab_fixture.h"
#include "tests/support/answers.h"

#include <QObject>
#include <QTest>

namespace faultline::tests {

/// Our client and the lab's server with its runners, for the tests of verbs. One pipeline has run
/// to its end there, but for its manual job.
class GitLabLab : public QObject
{
    Q_OBJECT

protected:
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
    [[nodiscard]] domain::Job jobNamed(const char *name) { return jobNamed(m_pipeline, name); }
    [[nodiscard]] domain::Job jobNamed(domain::PipelineId pipeline, const char *name);
    [[nodiscard]] std::unique_ptr<ci::GitLabBackend> backendWith(const QByteArray &token) const;
    void runThePipeline();
    void endTheLab();

    std::unique_ptr<lab::LabFixture> m_lab;
    std::unique_ptr<ci::GitLabBackend> m_ci;
    domain::PipelineId m_pipeline;
};

} // namespace faultline::tests
