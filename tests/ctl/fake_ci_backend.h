// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/ci/ci_backend.h"

#include <QStringList>

#include <optional>

namespace faultline::tests {

/// A CI backend in memory: a pipeline goes through the statuses that a test has queued, one per
/// look.
class FakeCiBackend : public ci::CiBackend
{
    Q_OBJECT

public:
    domain::Pipeline present;
    QList<domain::Job> presentJobs;
    QStringList nextStatuses; ///< of the pipeline and of all jobs
    std::optional<domain::Error> failure;
    QByteArray traceBytes;
    QList<QByteArray> tracePieces; ///< what following delivers before it ends
    QStringList asked;
    std::optional<domain::PipelineRequest> request;
    QString usedTriggerToken;

    [[nodiscard]] net::Call identity(domain::Done<ci::CiIdentity> done) override;
    [[nodiscard]] net::Call pipelines(
        int limit, domain::Done<QList<domain::Pipeline>> done) override;
    [[nodiscard]] net::Call jobs(int limit, domain::Done<QList<domain::Job>> done) override;
    [[nodiscard]] net::Call pipelineJobs(
        domain::PipelineId id, domain::Done<QList<domain::Job>> done) override;
    [[nodiscard]] net::Call pipeline(
        domain::PipelineId id, domain::Done<domain::Pipeline> done) override;
    [[nodiscard]] net::Call job(domain::JobId id, domain::Done<domain::Job> done) override;
    [[nodiscard]] net::Call runners(domain::Done<QList<domain::Runner>> done) override;
    [[nodiscard]] net::Call branches(domain::Done<QStringList> done) override;
    [[nodiscard]] net::Call file(QString path, QString ref, domain::Done<QByteArray> done) override;
    [[nodiscard]] net::Call createPipeline(
        domain::PipelineRequest wanted, domain::Done<domain::Pipeline> done) override;
    [[nodiscard]] net::Call triggerPipeline(domain::PipelineRequest wanted, QString triggerToken,
        domain::Done<domain::Pipeline> done) override;
    [[nodiscard]] net::Call cancelPipeline(
        domain::PipelineId id, domain::Done<domain::Pipeline> done) override;
    [[nodiscard]] net::Call retryPipeline(
        domain::PipelineId id, domain::Done<domain::Pipeline> done) override;
    [[nodiscard]] net::Call cancelJob(domain::JobId id, domain::Done<domain::Job> done) override;
    [[nodiscard]] net::Call retryJob(domain::JobId id, domain::Done<domain::Job> done) override;
    [[nodiscard]] net::Call playJob(domain::JobId id, QMap<QString, QString> variables,
        domain::Done<domain::Job> done) override;
    [[nodiscard]] net::Call trace(domain::JobId id, domain::Done<QByteArray> done) override;
    [[nodiscard]] std::unique_ptr<ci::JobTrace> openTrace(domain::JobId id) override;
    [[nodiscard]] std::unique_ptr<ci::CiFeed> openFeed() override { return nullptr; }

private:
    template <typename T>
    [[nodiscard]] net::Call answer(T value, domain::Done<T> done);
};

} // namespace faultline::tests
