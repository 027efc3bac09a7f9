// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/stacks/stack_backend.h"

#include <QStringList>

#include <optional>

namespace faultline::tests {

/// A stack backend in memory: answers at once, remembers what it was asked, and moves through the
/// states that a test has queued, one per look or feed tick.
class FakeStackBackend : public stacks::StackBackend
{
    Q_OBJECT

public:
    FakeStackBackend();

    stacks::StackSnapshot world; ///< what a snapshot gives
    QList<stacks::StackSnapshot> next; ///< worlds to come: one every 10 ms while a feed is open
    std::optional<stacks::StackSnapshot> staleBeginning; ///< what a feed tells before the present
    std::optional<domain::Error> failure; ///< every verb ends with it
    bool neverAnswers = false;
    bool feedIsSilent = false; ///< as behind a proxy that swallows WebSockets
    QHash<QString, QByteArray>
        logs; ///< by container id; a container that is not in it never ends its log
    QStringList asked; ///< "removeStack 1st1", …
    std::optional<stacks::StackSpec> created;

    [[nodiscard]] stacks::Capabilities capabilities() const override { return {}; }
    [[nodiscard]] net::Call projects(domain::Done<QList<domain::Project>> done) override;
    [[nodiscard]] net::Call snapshot(domain::Done<stacks::StackSnapshot> done) override;
    [[nodiscard]] net::Call createStack(
        stacks::StackSpec spec, domain::Done<domain::Stack> done) override;
    [[nodiscard]] net::Call stack(domain::StackId id, domain::Done<domain::Stack> done) override;
    [[nodiscard]] net::Call stackByName(QString name, domain::Done<domain::Stack> done) override;
    [[nodiscard]] net::Call removeStack(
        domain::StackId id, domain::Done<domain::Stack> done) override;
    [[nodiscard]] net::Call runOnStack(
        domain::StackId id, stacks::StackAction action, domain::Done<domain::Stack> done) override;
    [[nodiscard]] net::Call scaleService(
        domain::ServiceId id, int scale, domain::Done<domain::Service> done) override;
    [[nodiscard]] net::Call runOnService(domain::ServiceId id, stacks::ServiceAction action,
        domain::Done<domain::Service> done) override;
    [[nodiscard]] net::Call container(
        domain::ContainerId id, domain::Done<domain::Container> done) override;
    [[nodiscard]] net::Call runOnContainer(domain::ContainerId id, stacks::ContainerAction action,
        domain::Done<domain::Container> done) override;
    [[nodiscard]] net::Call stopContainer(domain::ContainerId id, std::chrono::seconds grace,
        domain::Done<domain::Container> done) override;
    [[nodiscard]] net::Call removeContainer(
        domain::ContainerId id, domain::Done<domain::Container> done) override;
    [[nodiscard]] std::unique_ptr<stacks::ContainerLog> openLog(
        domain::ContainerId id, stacks::LogOptions options) override;
    [[nodiscard]] std::unique_ptr<stacks::StackFeed> openFeed() override;

    /// The next queued world becomes the present one; false when there is none.
    bool step();

private:
    template <typename T>
    [[nodiscard]] net::Call answer(domain::Result<T> result, domain::Done<T> done);
};

/// Values for tests; states in the server's words.
[[nodiscard]] domain::Lifecycle life(
    const char *state, const char *transitioning = "no", const char *message = "");
[[nodiscard]] domain::Stack stackNamed(
    const char *id, const char *name, const domain::Lifecycle &life);
[[nodiscard]] domain::Service serviceNamed(const char *id, const char *stackId, const char *name,
    int scale, const domain::Lifecycle &life);
[[nodiscard]] domain::Container containerNamed(const char *id, const char *stackId,
    const char *serviceId, const char *name, const domain::Lifecycle &life);

} // namespace faultline::tests
