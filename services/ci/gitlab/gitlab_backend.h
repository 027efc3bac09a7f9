// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/ci/ci_backend.h"
#include "services/net/http_client.h"
#include "services/net/surroundings.h"
#include "services/settings/workspace.h"

namespace faultline::ci {

namespace gitlab {
class GitLabClient;
}

/// CiBackend on GitLab's REST API v4 (facts: gitlab.md §1-3). Use it on the thread that created it.
class GitLabBackend : public CiBackend
{
    Q_OBJECT

public:
    GitLabBackend(const settings::GitLabSettings &settings, const QByteArray &token,
        net::Surroundings surroundings = {}, QObject *parent = nullptr);
    ~GitLabBackend() override;

    [[nodiscard]] net::Call identity(domain::Done<CiIdentity> done) override;

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
        domain::PipelineRequest request, domain::Done<domain::Pipeline> done) override;
    [[nodiscard]] net::Call triggerPipeline(domain::PipelineRequest request, QString triggerToken,
        domain::Done<domain::Pipeline> done) override;
    [[nodiscard]] net::Call cancelPipeline(
        domain::PipelineId id, domain::Done<domain::Pipeline> done) override;
    [[nodiscard]] net::Call retryPipeline(
        domain::PipelineId id, domain::Done<domain::Pipeline> done) override;
    [[nodiscard]] net::Call cancelJob(domain::JobId id, domain::Done<domain::Job> done) override;
    [[nodiscard]] net::Call forceCancelJob(
        domain::JobId id, domain::Done<domain::Job> done) override;
    [[nodiscard]] net::Call retryJob(domain::JobId id, domain::Done<domain::Job> done) override;
    [[nodiscard]] net::Call playJob(domain::JobId id, QMap<QString, QString> variables,
        domain::Done<domain::Job> done) override;

    [[nodiscard]] net::Call trace(domain::JobId id, domain::Done<QByteArray> done) override;
    [[nodiscard]] std::unique_ptr<JobTrace> openTrace(domain::JobId id) override;
    [[nodiscard]] std::unique_ptr<CiFeed> openFeed() override;

    [[nodiscard]] CiPipelines *pipelineVerbs() override;
    [[nodiscard]] CiArtifacts *artifacts() override;
    [[nodiscard]] CiSchedules *schedules() override;
    [[nodiscard]] CiTriggers *triggers() override;
    [[nodiscard]] CiRunners *runnerVerbs() override;
    [[nodiscard]] CiReleases *releases() override;
    [[nodiscard]] CiCommits *commits() override;
    [[nodiscard]] CiChecks *checks() override;
    [[nodiscard]] CiHooks *hooks() override;

private:
    [[nodiscard]] net::Call postForPipeline(
        const QString &rest, const QByteArray &body, domain::Done<domain::Pipeline> done);
    [[nodiscard]] net::Call postForJob(
        const QString &rest, const QByteArray &body, domain::Done<domain::Job> done);
    [[nodiscard]] std::shared_ptr<gitlab::GitLabClient> singleAttemptClient() const;

    struct Topics;

    net::ServerSettings m_server;
    QString m_project;
    net::Surroundings m_surroundings;
    std::shared_ptr<gitlab::GitLabClient> m_client;
    std::unique_ptr<gitlab::GitLabClient>
        m_anonymous; // for trigger tokens, which need no other sign-in
    std::unique_ptr<Topics> m_topics;
};

} // namespace faultline::ci
