// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/session/session.h"

namespace faultline::session {

/// A JobLogTail that is fed by a JobTrace on the service thread. It may outlive its session: then
/// it is silent.
class ForwardedTrace : public JobLogTail
{
    Q_OBJECT

public:
    /// `service` is the object that stands for the service thread; the trace becomes its child.
    explicit ForwardedTrace(std::shared_ptr<QObject> service);
    ~ForwardedTrace() override;

    /// Runs `make` on the service thread and forwards what the trace says; an empty answer of
    /// `make` is a failure.
    void open(std::function<std::unique_ptr<ci::JobTrace>()> make);

private:
    struct Link;

    std::shared_ptr<QObject> m_service;
    std::shared_ptr<JobLogTail>
        m_relay; // on this thread; receives while the service thread connects to it
    std::shared_ptr<Link> m_link;
};

} // namespace faultline::session
