// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/net/http_client.h"
#include "services/net/surroundings.h"
#include "services/settings/workspace.h"
#include "services/stacks/engine_access.h"
#include "services/stacks/stack_backend.h"

namespace faultline::stacks {

namespace rancher {
class RancherClient;
}

/// StackBackend on Rancher 1.6's v2-beta API (facts: rancher.md §1-6). Use it on the thread that
/// created it.
class RancherBackend : public StackBackend, public EngineAccess
{
    Q_OBJECT

public:
    RancherBackend(const settings::RancherSettings &settings, const QByteArray &accessKey,
        const QByteArray &secretKey, net::Surroundings surroundings = {},
        QObject *parent = nullptr);
    ~RancherBackend() override;

    [[nodiscard]] Capabilities capabilities() const override;

    [[nodiscard]] net::Call projects(domain::Done<QList<domain::Project>> done) override;
    [[nodiscard]] net::Call snapshot(domain::Done<StackSnapshot> done) override;

    [[nodiscard]] net::Call createStack(StackSpec spec, domain::Done<domain::Stack> done) override;
    [[nodiscard]] net::Call stack(domain::StackId id, domain::Done<domain::Stack> done) override;
    [[nodiscard]] net::Call stackByName(QString name, domain::Done<domain::Stack> done) override;
    [[nodiscard]] net::Call removeStack(
        domain::StackId id, domain::Done<domain::Stack> done) override;
    [[nodiscard]] net::Call runOnStack(
        domain::StackId id, StackAction action, domain::Done<domain::Stack> done) override;

    [[nodiscard]] net::Call scaleService(
        domain::ServiceId id, int scale, domain::Done<domain::Service> done) override;
    [[nodiscard]] net::Call runOnService(
        domain::ServiceId id, ServiceAction action, domain::Done<domain::Service> done) override;

    [[nodiscard]] net::Call noteOnService(domain::ServiceId id, QMap<QString, QString> notes,
        domain::Done<domain::Service> done) override;

    [[nodiscard]] net::Call container(
        domain::ContainerId id, domain::Done<domain::Container> done) override;
    [[nodiscard]] net::Call runOnContainer(domain::ContainerId id, ContainerAction action,
        domain::Done<domain::Container> done) override;
    [[nodiscard]] net::Call stopContainer(domain::ContainerId id, std::chrono::seconds grace,
        domain::Done<domain::Container> done) override;
    [[nodiscard]] net::Call removeContainer(
        domain::ContainerId id, domain::Done<domain::Container> done) override;

    [[nodiscard]] net::Call askEngine(
        domain::HostId host, EngineRequest request, domain::Done<EngineAnswer> done) override;

    [[nodiscard]] std::unique_ptr<ContainerLog> openLog(
        domain::ContainerId id, LogOptions options) override;
    [[nodiscard]] std::unique_ptr<StackFeed> openFeed() override;

    [[nodiscard]] net::Call upgradeService(
        domain::ServiceId id, ServiceUpgradeSpec spec, domain::Done<domain::Service> done) override;
    [[nodiscard]] net::Call upgradeStack(
        domain::StackId id, StackUpgradeSpec spec, domain::Done<domain::Stack> done) override;
    [[nodiscard]] net::Call exportCompose(
        domain::StackId id, domain::Done<ComposeFiles> done) override;
    [[nodiscard]] net::Call createHelper(
        HelperSpec spec, domain::Done<domain::Container> done) override;
    [[nodiscard]] std::unique_ptr<ContainerTerminal> openTerminal(
        domain::ContainerId id, TerminalOptions options) override;
    [[nodiscard]] std::unique_ptr<UsageFeed> openUsage(domain::ContainerId id) override;
    [[nodiscard]] std::unique_ptr<UsageFeed> openUsage(domain::HostId id) override;

private:
    net::ServerSettings m_server;
    QString m_project;
    net::Surroundings m_surroundings;
    std::shared_ptr<rancher::RancherClient> m_client; // logs share it
};

} // namespace faultline::stacks
