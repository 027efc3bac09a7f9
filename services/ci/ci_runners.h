// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/ci_details.h"
#include "services/net/call.h"

namespace faultline::ci {

/// The machines that run jobs (facts: gitlab.md §6.1). The duties and the thread are CiBackend's.
class CiRunners
{
public:
    CiRunners() = default;
    virtual ~CiRunners() = default;
    CiRunners(const CiRunners &) = delete;
    CiRunners &operator=(const CiRunners &) = delete;

    struct Filter
    {
        QString status; ///< "online", "offline", …; empty: all
        QStringList tags; ///< has all of them
    };

    /// Of the project; without what only one() tells (tags, version, …).
    [[nodiscard]] virtual net::Call list(Filter filter, domain::Done<QList<domain::Runner>> done)
        = 0;
    [[nodiscard]] virtual net::Call one(domain::RunnerId id, domain::Done<domain::Runner> done) = 0;
    /// Newest first, at most `limit`; `status` may be empty.
    [[nodiscard]] virtual net::Call jobs(
        domain::RunnerId id, QString status, int limit, domain::Done<QList<domain::Job>> done)
        = 0;
    /// A paused runner takes no further jobs; those it runs go on.
    [[nodiscard]] virtual net::Call setPaused(
        domain::RunnerId id, bool isPaused, domain::Done<domain::Runner> done)
        = 0;
};

} // namespace faultline::ci
