// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/ci/ci_backend.h"

#include <QMutex>

#include <memory>

namespace faultline::tests {

/// What the console asked for, and what it will be answered. Shared between the service thread and
/// the test.
struct CiScript
{
    QMutex mutex;
    QList<domain::PipelineRequest> created;
    QList<domain::PipelineId> cancelledPipelines;
    QList<domain::JobId> cancelledJobs;
    QList<domain::JobId> retriedJobs;
    QStringList filesRead;
    QStringList branches{ QStringLiteral("release"), QStringLiteral("main") };
    QByteArray suites = "suites:\n  functions:\n    cases: [kv-crud]\n"
                        "  resistance:\n    cases: [case-node-shutdown, case-leader-shutdown]\n";
    std::optional<domain::Error> refuseCreate;
    ci::CiDelta delta; ///< what the feed says once
    domain::FeedHealth health;
};

class FakeFeed : public ci::CiFeed
{
    Q_OBJECT

public:
    explicit FakeFeed(std::shared_ptr<CiScript> script)
        : m_script(std::move(script))
    {
    }
    void start() override;
    void retryNow() override { }

private:
    std::shared_ptr<CiScript> m_script;
};

/// A CI server that lives in the process: no network, but the real threads and the real Call
/// contract.
class FakeCi : public ci::CiBackend
{
    Q_OBJECT

public:
    explicit FakeCi(std::shared_ptr<CiScript> script)
        : m_script(std::move(script))
    {
    }

    net::Call identity(domain::Done<ci::CiIdentity> done) override;
    net::Call pipelines(int limit, domain::Done<QList<domain::Pipeline>> done) override;
    net::Call jobs(int limit, domain::Done<QList<domain::Job>> done) override;
    net::Call pipelineJobs(domain::PipelineId id, domain::Done<QList<domain::Job>> done) override;
    net::Call pipeline(domain::PipelineId id, domain::Done<domain::Pipeline> done) override;
    net::Call job(domain::JobId id, domain::Done<domain::Job> done) override;
    net::Call runners(domain::Done<QList<domain::Runner>> done) override;
    net::Call branches(domain::Done<QStringList> done) override;
    net::Call file(QString path, QString ref, domain::Done<QByteArray> done) override;
    net::Call createPipeline(
        domain::PipelineRequest request, domain::Done<domain::Pipeline> done) override;
    net::Call triggerPipeline(domain::PipelineRequest request, QString triggerToken,
        domain::Done<domain::Pipeline> done) override;
    net::Call cancelPipeline(domain::PipelineId id, domain::Done<domain::Pipeline> done) override;
    net::Call retryPipeline(domain::PipelineId id, domain::Done<domain::Pipeline> done) override;
    net::Call cancelJob(domain::JobId id, domain::Done<domain::Job> done) override;
    net::Call retryJob(domain::JobId id, domain::Done<domain::Job> done) override;
    net::Call playJob(domain::JobId id, QMap<QString, QString> variables,
        domain::Done<domain::Job> done) override;
    std::unique_ptr<ci::JobTrace> openTrace(domain::JobId id) override;
    std::unique_ptr<ci::CiFeed> openFeed() override;

private:
    template <typename T>
    net::Call answer(domain::Result<T> result, domain::Done<T> done)
    {
        net::Promise<T> promise(std::move(done));
        promise.finishLater(this, std::move(result));
        return promise.call();
    }

    std::shared_ptr<CiScript> m_script;
};

/// A day's runs in every state, with hostile names among them, as of `now`.
[[nodiscard]] ci::CiDelta sampleRuns(const QDateTime &now);

} // namespace faultline::tests
