// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/ci_details.h"
#include "services/net/call.h"

#include <optional>

namespace faultline::ci {

/// What a hook is to be; what is not set stays as it is. A new one needs an address.
struct HookSpec
{
    std::optional<QString> url;
    std::optional<QString> token; ///< a secret, sent as X-Gitlab-Token; never told again
    std::optional<bool> tellsJobs;
    std::optional<bool> tellsPipelines;
    std::optional<bool> verifiesTls;
};

/// Addresses that are told of jobs and pipelines (…/hooks of GitLab). The duties and the thread are
/// CiBackend's.
class CiHooks
{
public:
    CiHooks() = default;
    virtual ~CiHooks() = default;
    CiHooks(const CiHooks &) = delete;
    CiHooks &operator=(const CiHooks &) = delete;

    enum class Subject { Jobs, Pipelines };

    [[nodiscard]] virtual net::Call list(domain::Done<QList<domain::Hook>> done) = 0;
    [[nodiscard]] virtual net::Call one(domain::HookId id, domain::Done<domain::Hook> done) = 0;
    [[nodiscard]] virtual net::Call create(HookSpec spec, domain::Done<domain::Hook> done) = 0;
    [[nodiscard]] virtual net::Call change(
        domain::HookId id, HookSpec spec, domain::Done<domain::Hook> done)
        = 0;
    [[nodiscard]] virtual net::Call remove(domain::HookId id, domain::Done<void> done) = 0;
    /// Sends the newest job or pipeline; ErrorKind::Invalid when there is none.
    [[nodiscard]] virtual net::Call test(
        domain::HookId id, Subject subject, domain::Done<void> done)
        = 0;
    /// What was sent in the last seven days, newest first, at most `limit`.
    [[nodiscard]] virtual net::Call events(
        domain::HookId id, int limit, domain::Done<QList<domain::HookEvent>> done)
        = 0;
    /// Sends it once more, five times a minute at most (ErrorKind::RateLimited).
    [[nodiscard]] virtual net::Call resend(
        domain::HookId id, domain::HookEventId event, domain::Done<void> done)
        = 0;
};

} // namespace faultline::ci
