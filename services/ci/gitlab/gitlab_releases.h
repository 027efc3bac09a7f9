// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/ci/ci_releases.h"
#include "services/ci/gitlab/gitlab_verbs.h"

namespace faultline::ci::gitlab {

/// CiReleases on …/releases (facts: gitlab.md §7).
class GitLabReleases : public CiReleases, private GitLabVerbs
{
public:
    using GitLabVerbs::GitLabVerbs;

    [[nodiscard]] net::Call list(domain::Done<QList<domain::Release>> done) override;
    [[nodiscard]] net::Call one(QString tag, domain::Done<domain::Release> done) override;
    [[nodiscard]] net::Call create(ReleaseSpec spec, domain::Done<domain::Release> done) override;
    [[nodiscard]] net::Call change(QString tag, std::optional<QString> name,
        std::optional<QString> description, domain::Done<domain::Release> done) override;
    [[nodiscard]] net::Call addLink(
        QString tag, domain::ReleaseLink link, domain::Done<domain::ReleaseLink> done) override;
    [[nodiscard]] net::Call changeLink(
        QString tag, domain::ReleaseLink link, domain::Done<domain::ReleaseLink> done) override;
    [[nodiscard]] net::Call removeLink(
        QString tag, domain::ReleaseLinkId id, domain::Done<void> done) override;
    [[nodiscard]] net::Call remove(QString tag, domain::Done<void> done) override;

private:
    [[nodiscard]] QString path(const QString &tag) const;
    [[nodiscard]] QString linkPath(const QString &tag, domain::ReleaseLinkId id) const;
};

} // namespace faultline::ci::gitlab
