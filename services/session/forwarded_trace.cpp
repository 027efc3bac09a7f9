// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/session/forwarded_trace.h"

#include <QPointer>

namespace faultline::session {

/// Touched on the service thread only.
struct ForwardedTrace::Link
{
    bool closed = false;
    QPointer<ci::JobTrace> trace;
};

namespace {

void forward(ci::JobTrace *trace, JobLogTail *relay)
{
    QObject::connect(
        trace, &ci::JobTrace::appended, relay, &JobLogTail::appended, Qt::QueuedConnection);
    QObject::connect(
        trace, &ci::JobTrace::restarted, relay, &JobLogTail::restarted, Qt::QueuedConnection);
    QObject::connect(trace, &ci::JobTrace::ended, relay, &JobLogTail::ended, Qt::QueuedConnection);
    QObject::connect(
        trace, &ci::JobTrace::failed, relay, &JobLogTail::failed, Qt::QueuedConnection);
}

void tellThatThereIsNoCi(JobLogTail *relay)
{
    domain::Error error;
    error.kind = domain::ErrorKind::NotFound;
    error.message
        = JobLogTail::tr("This workspace has no CI server, so there is no job log to follow.");
    QMetaObject::invokeMethod(
        relay, [relay, error] { Q_EMIT relay->failed(error); }, Qt::QueuedConnection);
}

} // namespace

ForwardedTrace::ForwardedTrace(std::shared_ptr<QObject> service)
    : m_service(std::move(service))
    , m_relay(new JobLogTail, [](JobLogTail *relay) { relay->deleteLater(); })
    , m_link(std::make_shared<Link>())
{
    connect(m_relay.get(), &JobLogTail::appended, this, &JobLogTail::appended);
    connect(m_relay.get(), &JobLogTail::restarted, this, &JobLogTail::restarted);
    connect(m_relay.get(), &JobLogTail::ended, this, &JobLogTail::ended);
    connect(m_relay.get(), &JobLogTail::failed, this, &JobLogTail::failed);
}

ForwardedTrace::~ForwardedTrace()
{
    QMetaObject::invokeMethod(
        m_service.get(),
        [link = m_link] {
            link->closed = true;
            delete link->trace.data();
        },
        Qt::QueuedConnection);
}

void ForwardedTrace::open(std::function<std::unique_ptr<ci::JobTrace>()> make)
{
    QMetaObject::invokeMethod(
        m_service.get(),
        [link = m_link, relay = m_relay, service = m_service.get(), make = std::move(make)] {
            if (link->closed)
                return;
            std::unique_ptr<ci::JobTrace> trace = make();
            if (!trace) {
                tellThatThereIsNoCi(relay.get());
                return;
            }
            forward(trace.get(), relay.get());
            trace->setParent(service);
            link->trace = trace.release();
        },
        Qt::QueuedConnection);
}

} // namespace faultline::session
