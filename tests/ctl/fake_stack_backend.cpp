// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ctl/fake_stack_backend.h"

#include <QTimer>

#include <algorithm>

namespace faultline::tests {

using domain::ErrorKind;

namespace {

QString text(const char *utf8)
{
    return QString::fromUtf8(utf8);
}

class FakeFeed : public stacks::StackFeed
{
public:
    explicit FakeFeed(FakeStackBackend &backend)
        : m_backend(backend)
    {
        QObject::connect(&m_timer, &QTimer::timeout, this, [this] {
            if (m_backend.step())
                tell(m_backend.world);
        });
    }

    void start() override
    {
        m_timer.start(10);
        QMetaObject::invokeMethod(
            this,
            [this] {
                if (m_backend.feedIsSilent)
                    return;
                domain::FeedHealth health;
                health.kind = m_backend.failure ? domain::FeedHealth::Kind::Refused
                                                : domain::FeedHealth::Kind::Live;
                health.error = m_backend.failure;
                Q_EMIT healthChanged(health);
                if (m_backend.staleBeginning)
                    tell(*m_backend.staleBeginning);
                else if (!m_backend.failure)
                    tell(m_backend.world);
            },
            Qt::QueuedConnection);
    }
    void retryNow() override { }

private:
    void tell(const stacks::StackSnapshot &world)
    {
        if (m_backend.feedIsSilent)
            return;
        stacks::StackDelta delta;
        delta.stacks = { world.stacks, {}, {}, true };
        delta.services = { world.services, {}, {}, true };
        delta.containers = { world.containers, {}, {}, true };
        delta.hosts = { world.hosts, {}, {}, true };
        Q_EMIT changed(delta);
    }

    FakeStackBackend &m_backend;
    QTimer m_timer;
};

template <typename T, typename IdType>
domain::Result<T> byId(const QList<T> &rows, const IdType &id)
{
    const auto found
        = std::find_if(rows.begin(), rows.end(), [&](const T &row) { return row.id == id; });
    if (found == rows.end())
        return domain::failure(ErrorKind::NotFound, QStringLiteral("Not there."));
    return *found;
}

} // namespace

domain::Lifecycle life(const char *state, const char *transitioning, const char *message)
{
    domain::Lifecycle out;
    out.state = domain::OpenEnum<domain::State>::fromText(text(state));
    out.transitioning = domain::OpenEnum<domain::Transitioning>::fromText(text(transitioning));
    out.transitioningMessage = text(message);
    out.created = QDateTime(QDate(2026, 1, 31), QTime(12, 0), Qt::UTC);
    return out;
}

domain::Stack stackNamed(const char *id, const char *name, const domain::Lifecycle &life)
{
    domain::Stack out;
    out.id = domain::StackId(text(id));
    out.name = text(name);
    out.life = life;
    return out;
}

domain::Service serviceNamed(
    const char *id, const char *stackId, const char *name, int scale, const domain::Lifecycle &life)
{
    domain::Service out;
    out.id = domain::ServiceId(text(id));
    out.stackId = domain::StackId(text(stackId));
    out.name = text(name);
    out.image = QStringLiteral("faultline/etcd:3.4");
    out.scale = scale;
    out.currentScale = scale;
    out.life = life;
    return out;
}

domain::Container containerNamed(const char *id, const char *stackId, const char *serviceId,
    const char *name, const domain::Lifecycle &life)
{
    domain::Container out;
    out.id = domain::ContainerId(text(id));
    out.stackId = domain::StackId(text(stackId));
    out.serviceId = domain::ServiceId(text(serviceId));
    out.hostId = domain::HostId(QStringLiteral("1h1"));
    out.name = text(name);
    out.image = QStringLiteral("faultline/etcd:3.4");
    out.primaryAddress = QStringLiteral("10.42.0.7");
    out.ports = { { QStringLiteral("127.0.0.1"), 32768, 2379, QStringLiteral("tcp") } };
    out.life = life;
    return out;
}

FakeStackBackend::FakeStackBackend()
{
    domain::Host host;
    host.id = domain::HostId(QStringLiteral("1h1"));
    host.name = QStringLiteral("rack-1");
    world.hosts += host;
}

bool FakeStackBackend::step()
{
    if (next.isEmpty())
        return false;
    const auto hosts = world.hosts;
    world = next.takeFirst();
    world.hosts = hosts;
    return true;
}

template <typename T>
net::Call FakeStackBackend::answer(domain::Result<T> result, domain::Done<T> done)
{
    const net::Promise<T> promise(std::move(done));
    if (neverAnswers)
        return promise.call();
    promise.finishLater(
        this, failure ? domain::Result<T>(domain::failure(*failure)) : std::move(result));
    return promise.call();
}

net::Call FakeStackBackend::projects(domain::Done<QList<domain::Project>> done)
{
    return answer<QList<domain::Project>>(QList<domain::Project>(), std::move(done));
}

net::Call FakeStackBackend::snapshot(domain::Done<stacks::StackSnapshot> done)
{
    if (feedIsSilent)
        step();
    return answer<stacks::StackSnapshot>(world, std::move(done));
}

net::Call FakeStackBackend::createStack(stacks::StackSpec spec, domain::Done<domain::Stack> done)
{
    created = spec;
    return answer<domain::Stack>(
        stackNamed("1st1", spec.name.toUtf8().constData(), life("activating", "yes")),
        std::move(done));
}

net::Call FakeStackBackend::stack(domain::StackId id, domain::Done<domain::Stack> done)
{
    return answer<domain::Stack>(byId(world.stacks, id), std::move(done));
}

net::Call FakeStackBackend::stackByName(QString name, domain::Done<domain::Stack> done)
{
    domain::Result<domain::Stack> found = domain::failure(
        ErrorKind::NotFound, QStringLiteral("There is no stack \"%1\".").arg(name));
    for (const domain::Stack &stack : world.stacks) {
        if (stack.name == name)
            found = stack;
    }
    return answer<domain::Stack>(found, std::move(done));
}

net::Call FakeStackBackend::removeStack(domain::StackId id, domain::Done<domain::Stack> done)
{
    asked += QStringLiteral("removeStack ") + id.value();
    return answer<domain::Stack>(byId(world.stacks, id), std::move(done));
}

net::Call FakeStackBackend::runOnStack(
    domain::StackId id, stacks::StackAction action, domain::Done<domain::Stack> done)
{
    asked += (action == stacks::StackAction::Activate ? QStringLiteral("activate ")
                                                      : QStringLiteral("deactivate "))
        + id.value();
    return answer<domain::Stack>(byId(world.stacks, id), std::move(done));
}

net::Call FakeStackBackend::scaleService(
    domain::ServiceId id, int scale, domain::Done<domain::Service> done)
{
    asked += QStringLiteral("scale %1 %2").arg(id.value()).arg(scale);
    return answer<domain::Service>(byId(world.services, id), std::move(done));
}

net::Call FakeStackBackend::runOnService(
    domain::ServiceId id, stacks::ServiceAction action, domain::Done<domain::Service> done)
{
    asked += (action == stacks::ServiceAction::Activate ? QStringLiteral("activate ")
                                                        : QStringLiteral("deactivate "))
        + id.value();
    return answer<domain::Service>(byId(world.services, id), std::move(done));
}

net::Call FakeStackBackend::container(domain::ContainerId id, domain::Done<domain::Container> done)
{
    step();
    return answer<domain::Container>(byId(world.containers, id), std::move(done));
}

net::Call FakeStackBackend::runOnContainer(
    domain::ContainerId id, stacks::ContainerAction action, domain::Done<domain::Container> done)
{
    asked += QStringLiteral("container %1 %2").arg(id.value()).arg(static_cast<int>(action));
    return answer<domain::Container>(byId(world.containers, id), std::move(done));
}

net::Call FakeStackBackend::stopContainer(
    domain::ContainerId id, std::chrono::seconds grace, domain::Done<domain::Container> done)
{
    asked += QStringLiteral("stop %1 within %2 s").arg(id.value()).arg(grace.count());
    return answer<domain::Container>(byId(world.containers, id), std::move(done));
}

net::Call FakeStackBackend::removeContainer(
    domain::ContainerId id, domain::Done<domain::Container> done)
{
    return answer<domain::Container>(byId(world.containers, id), std::move(done));
}

std::unique_ptr<stacks::ContainerLog> FakeStackBackend::openLog(
    domain::ContainerId id, stacks::LogOptions options)
{
    asked += QStringLiteral("log %1 tail %2%3%4")
                 .arg(id.value())
                 .arg(options.tailLines)
                 .arg(options.follow ? QStringLiteral(" follow") : QString(),
                     options.timestamps ? QStringLiteral(" timestamps") : QString());
    auto log = std::make_unique<stacks::ContainerLog>();
    if (!logs.contains(id.value()))
        return log;
    QMetaObject::invokeMethod(
        log.get(),
        [target = log.get(), bytes = logs.value(id.value())] {
            // In two pieces, cut where it hurts.
            Q_EMIT target->received(stacks::LogChannel::Combined, bytes.left(3));
            Q_EMIT target->received(stacks::LogChannel::Combined, bytes.mid(3));
            Q_EMIT target->ended();
        },
        Qt::QueuedConnection);
    return log;
}

std::unique_ptr<stacks::StackFeed> FakeStackBackend::openFeed()
{
    return std::make_unique<FakeFeed>(*this);
}

} // namespace faultline::tests
