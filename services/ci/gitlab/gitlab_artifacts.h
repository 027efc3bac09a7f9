// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/ci/ci_artifacts.h"
#include "services/ci/gitlab/gitlab_verbs.h"

namespace faultline::ci::gitlab {

/// CiArtifacts on …/jobs/:id/artifacts (facts: gitlab.md §3.3). A redirect to object storage is
/// followed without the token.
class GitLabArtifacts : public CiArtifacts, private GitLabVerbs
{
public:
    using GitLabVerbs::GitLabVerbs;

    [[nodiscard]] net::Call archive(
        domain::JobId id, Target target, domain::Done<qint64> done) override;
    [[nodiscard]] net::Call file(
        domain::JobId id, QString inner, Target target, domain::Done<qint64> done) override;
    [[nodiscard]] net::Call archiveOfRef(
        QString ref, QString job, Target target, domain::Done<qint64> done) override;
    [[nodiscard]] net::Call fileOfRef(
        QString ref, QString job, QString inner, Target target, domain::Done<qint64> done) override;
    [[nodiscard]] net::Call keep(domain::JobId id, domain::Done<domain::Job> done) override;
    [[nodiscard]] net::Call remove(domain::JobId id, domain::Done<void> done) override;
    [[nodiscard]] net::Call removeAll(domain::Done<void> done) override;
    [[nodiscard]] net::Call erase(domain::JobId id, domain::Done<domain::Job> done) override;

private:
    [[nodiscard]] QString path(domain::JobId id, const QString &rest) const;
    [[nodiscard]] net::Call download(
        const QString &path, const Target &target, bool isArchive, domain::Done<qint64> done);
};

} // namespace faultline::ci::gitlab
