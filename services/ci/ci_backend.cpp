// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ci/ci_backend.h"

#include <QCoreApplication>

namespace faultline::ci {

net::Call CiBackend::trace(domain::JobId, domain::Done<QByteArray> done)
{
    const net::Promise<QByteArray> promise(std::move(done));
    promise.finishLater(this,
        domain::failure(domain::ErrorKind::Invalid,
            QCoreApplication::translate("ci", "This server's job logs can only be followed.")));
    return promise.call();
}

net::Call CiBackend::forceCancelJob(domain::JobId, domain::Done<domain::Job> done)
{
    const net::Promise<domain::Job> promise(std::move(done));
    promise.finishLater(this,
        domain::failure(domain::ErrorKind::Invalid,
            QCoreApplication::translate("ci", "This server ends no job by force.")));
    return promise.call();
}

} // namespace faultline::ci
