// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/ci_details.h"
#include "services/net/call.h"

namespace faultline::ci {

/// What jobs left behind. Files are written whole or not at all, and never held in memory: into a
/// temporary file beside the target, which then takes its name. An answer of more than `largest`
/// bytes ends with ErrorKind::Server, a target that can't be written with ErrorKind::Local. All of
/// them answer the number of bytes. The duties and the thread are CiBackend's.
class CiArtifacts
{
public:
    CiArtifacts() = default;
    virtual ~CiArtifacts() = default;
    CiArtifacts(const CiArtifacts &) = delete;
    CiArtifacts &operator=(const CiArtifacts &) = delete;

    struct Target
    {
        QString path;
        qint64 largest = 2LL << 30;
    };

    /// The zip archive of a job; checked for its end, so that a cut one is no success.
    [[nodiscard]] virtual net::Call archive(
        domain::JobId id, Target target, domain::Done<qint64> done)
        = 0;
    /// One file out of it; `inner` is its path there.
    [[nodiscard]] virtual net::Call file(
        domain::JobId id, QString inner, Target target, domain::Done<qint64> done)
        = 0;
    /// The archive of the job `job` of the newest successful pipeline of a branch or tag.
    [[nodiscard]] virtual net::Call archiveOfRef(
        QString ref, QString job, Target target, domain::Done<qint64> done)
        = 0;
    [[nodiscard]] virtual net::Call fileOfRef(
        QString ref, QString job, QString inner, Target target, domain::Done<qint64> done)
        = 0;
    /// They do not expire any more.
    [[nodiscard]] virtual net::Call keep(domain::JobId id, domain::Done<domain::Job> done) = 0;
    [[nodiscard]] virtual net::Call remove(domain::JobId id, domain::Done<void> done) = 0;
    /// Those of every job of the project that may go: not those that are kept. The server does it
    /// later (DELETE …/artifacts answers 202).
    [[nodiscard]] virtual net::Call removeAll(domain::Done<void> done) = 0;
    /// The log goes too (POST …/erase); ErrorKind::Forbidden while the job is not complete.
    [[nodiscard]] virtual net::Call erase(domain::JobId id, domain::Done<domain::Job> done) = 0;
};

} // namespace faultline::ci
