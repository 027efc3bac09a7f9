// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/stacks/stack_backend.h"

#include <QCoreApplication>

namespace faultline::stacks {

net::Call StackBackend::stopContainer(
    domain::ContainerId, std::chrono::seconds, domain::Done<domain::Container> done)
{
    const net::Promise<domain::Container> promise(std::move(done));
    promise.finishLater(this,
        domain::failure(domain::ErrorKind::Invalid,
            QCoreApplication::translate("stacks", "This orchestrator can't stop a container with a time limit.")));
    return promise.call();
}

} // namespace faultline::stacks
