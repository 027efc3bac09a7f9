// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/stacks/stack_backend.h"

#include <QCoreApplication>

namespace faultline::stacks {

namespace {

template <typename T>
net::Call refuse(QObject *context, domain::Done<T> done)
{
    const net::Promise<T> promise(std::move(done));
    promise.finishLater(context,
        domain::failure(domain::ErrorKind::Invalid,
            QCoreApplication::translate("stacks", "This orchestrator can't do that.")));
    return promise.call();
}

} // namespace

net::Call StackBackend::upgradeService(
    domain::ServiceId, ServiceUpgradeSpec, domain::Done<domain::Service> done)
{
    return refuse(this, std::move(done));
}

net::Call StackBackend::upgradeStack(
    domain::StackId, StackUpgradeSpec, domain::Done<domain::Stack> done)
{
    return refuse(this, std::move(done));
}

net::Call StackBackend::exportCompose(domain::StackId, domain::Done<ComposeFiles> done)
{
    return refuse(this, std::move(done));
}

net::Call StackBackend::createHelper(HelperSpec, domain::Done<domain::Container> done)
{
    return refuse(this, std::move(done));
}

std::unique_ptr<ContainerTerminal> StackBackend::openTerminal(domain::ContainerId, TerminalOptions)
{
    return nullptr;
}

std::unique_ptr<UsageFeed> StackBackend::openUsage(domain::ContainerId)
{
    return nullptr;
}

std::unique_ptr<UsageFeed> StackBackend::openUsage(domain::HostId)
{
    return nullptr;
}

net::Call StackBackend::noteOnService(
    domain::ServiceId, QMap<QString, QString>, domain::Done<domain::Service> done)
{
    return refuse(this, std::move(done));
}

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
