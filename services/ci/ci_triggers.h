// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/ci_details.h"
#include "services/net/call.h"

namespace faultline::ci {

/// Tokens that start pipelines and nothing else (facts: gitlab.md §5). The duties and the thread
/// are CiBackend's.
class CiTriggers
{
public:
    CiTriggers() = default;
    virtual ~CiTriggers() = default;
    CiTriggers(const CiTriggers &) = delete;
    CiTriggers &operator=(const CiTriggers &) = delete;

    [[nodiscard]] virtual net::Call list(domain::Done<QList<domain::CiTrigger>> done) = 0;
    [[nodiscard]] virtual net::Call one(domain::TriggerId id, domain::Done<domain::CiTrigger> done)
        = 0;
    /// `expiresAt` may be invalid: never.
    [[nodiscard]] virtual net::Call create(
        QString description, QDateTime expiresAt, domain::Done<domain::CiTrigger> done)
        = 0;
    [[nodiscard]] virtual net::Call rename(
        domain::TriggerId id, QString description, domain::Done<domain::CiTrigger> done)
        = 0;
    [[nodiscard]] virtual net::Call remove(domain::TriggerId id, domain::Done<void> done) = 0;
};

} // namespace faultline::ci
