// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/id.h"
#include "services/net/call.h"

#include <QByteArray>

#include <functional>

namespace faultline::stacks {

/// One request to the container engine of a host.
struct EngineRequest
{
    QByteArray method = "GET";
    QByteArray path; ///< "/containers/ID/pause"
    /// Takes the body of a 200 piece by piece, on the service thread, instead of EngineAnswer::body;
    /// false ends the request with ErrorKind::Local. For what may be large.
    std::function<bool(const QByteArray &piece)> onBody = {};
};

struct EngineAnswer
{
    int status = 0;
    QByteArray body;
};

/// What a backend can do beside its orchestrator's own verbs: reach the engine (Docker) of a host.
/// For what an orchestrator lacks, such as a pause. A backend that can do it implements this, too.
class EngineAccess
{
public:
    EngineAccess() = default;
    virtual ~EngineAccess() = default;
    EngineAccess(const EngineAccess &) = delete;
    EngineAccess &operator=(const EngineAccess &) = delete;

    /// On the service thread. Any status is an answer; no answer is an error (Forbidden when the
    /// key may not reach hosts), and so are more than 8 MiB without onBody.
    [[nodiscard]] virtual net::Call askEngine(
        domain::HostId host, EngineRequest request, domain::Done<EngineAnswer> done)
        = 0;
};

} // namespace faultline::stacks
