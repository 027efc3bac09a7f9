// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/ci_details.h"
#include "services/net/call.h"

namespace faultline::ci {

/// A status to set on a commit. The same name again changes it; a step that the server's state
/// machine does not have ("running" after "success") is ErrorKind::Invalid.
struct CommitStatusSpec
{
    QString sha;
    QString state; ///< "pending", "running", "success", "failed", "canceled", "skipped"
    QString name; ///< "default" when empty
    QString ref; ///< branch or tag; the default branch when empty
    QString targetUrl;
    QString description;
    domain::PipelineId pipelineId; ///< may be empty
};

/// Which statuses a commit shows (facts: gitlab.md §7). The duties and the thread are CiBackend's.
class CiCommits
{
public:
    CiCommits() = default;
    virtual ~CiCommits() = default;
    CiCommits(const CiCommits &) = delete;
    CiCommits &operator=(const CiCommits &) = delete;

    [[nodiscard]] virtual net::Call statuses(
        QString sha, domain::Done<QList<domain::CommitStatus>> done)
        = 0;
    [[nodiscard]] virtual net::Call setStatus(
        CommitStatusSpec spec, domain::Done<domain::CommitStatus> done)
        = 0;
};

} // namespace faultline::ci
