// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/faults/helper_container.h"

#include "services/faults/helper_needs.h"
#include "services/faults/text.h"
#include "services/net/mailbox.h"
#include "services/net/service_owned.h"

#include <QJsonDocument>

#include <variant>

namespace faultline::faults {

using namespace std::chrono_literals;
using domain::State;

namespace {

constexpr auto requestLimit = 15s;
constexpr qsizetype largestLog = 1 << 20;

QString word(const char *latin)
{
    return QString::fromLatin1(latin);
}

template <typename T>
domain::Result<T> ask(stacks::StackBackend &backend,
    std::function<net::Call(stacks::StackBackend &, domain::Done<T>)> verb,
    const net::CancelToken &token = {})
{
    return net::waitFor<T>(
        &backend,
        [&backend, verb = std::move(verb)](
            domain::Done<T> done) { return verb(backend, std::move(done)); },
        requestLimit, token);
}

} // namespace

QString agentImage()
{
    const QString chosen = qEnvironmentVariable("FAULTLINE_AGENT_IMAGE");
    return chosen.isEmpty() ? QStringLiteral("faultline/agent:1") : chosen;
}

QString helperName(const QString &faultId, HelperTask task, int attempt)
{
    const QString name = QStringLiteral("faultline-") + faultId;
    return task == HelperTask::Inject ? name : name + QStringLiteral("-undo%1").arg(attempt);
}

stacks::HelperSpec helperOf(const FaultRecord &record, HelperTask task, int attempt)
{
    const HelperNeeds needs = needsOf(record.kind);
    stacks::HelperSpec out;
    out.name = helperName(record.id, task, attempt);
    out.image = agentImage();
    const bool isUndo = task == HelperTask::Undo;
    out.command = { QStringLiteral("faultline-agent"),
        isUndo ? QStringLiteral("undo") : QStringLiteral("run"), QString::fromUtf8(record.spec) };
    out.labels = record.origin.labels;
    out.labels.insert(word(label::fault), record.id);
    out.labels.insert(word(label::kind), record.kind);
    out.labels.insert(word(label::spec), QString::fromUtf8(record.spec));
    out.labels.insert(word(label::target), record.target.dockerId);
    out.labels.insert(word(label::container), record.target.id.value());
    out.labels.insert(word(label::targetName), record.target.name);
    out.labels.insert(word(label::starts), QString::number(record.target.startCount));
    out.labels.insert(word(label::started), record.target.startedAt);
    out.labels.insert(word(label::lease), QString::number(record.lease.count() / 1'000));
    out.labels.insert(word(label::until), record.until.toUTC().toString(Qt::ISODate));
    out.labels.insert(word(label::stack), record.origin.stack);
    out.labels.insert(word(label::owner), record.origin.owner);
    out.labels.insert(word(label::runner), record.controller);
    if (!record.origin.run.isEmpty())
        out.labels.insert(word(label::run), record.origin.run);
    if (isUndo)
        out.labels.insert(word(label::task), QStringLiteral("undo"));
    out.host = record.target.host;
    if (needs.sharesNetwork)
        out.networkOf = record.target.id;
    out.hasNoNetwork = !needs.sharesNetwork;
    out.hostProcesses = needs.hostProcesses;
    out.capabilities = needs.capabilities;
    out.dropsOtherCapabilities = true;
    out.volumes = needs.volumes;
    return out;
}

std::optional<FaultRecord> recordOf(const domain::Container &helper)
{
    const auto text = [&](const char *name) { return helper.labels.value(word(name)); };
    FaultRecord out;
    out.id = text(label::fault);
    out.spec = text(label::spec).toUtf8();
    if (out.id.isEmpty() || out.spec.isEmpty())
        return std::nullopt;
    out.kind = text(label::kind);
    out.state = FaultState::InForce;
    out.origin = { {}, text(label::stack), text(label::run), text(label::owner), {} };
    out.target = { domain::ContainerId(text(label::container)), text(label::target),
        text(label::targetName), helper.hostId, {}, text(label::starts).toInt(),
        text(label::started) };
    out.helper = helper.name;
    out.controller = text(label::runner);
    out.lease = std::chrono::seconds(text(label::lease).toInt());
    const QJsonObject spec = QJsonDocument::fromJson(out.spec).object();
    out.duration = std::chrono::milliseconds(
        qRound64(spec.value(QLatin1StringView("duration")).toDouble() * 1'000));
    out.created = helper.life.created;
    out.until = QDateTime::fromString(text(label::until), Qt::ISODate);
    return out;
}

bool isUndoHelper(const domain::Container &helper)
{
    return helper.labels.value(word(label::task)) == QLatin1StringView("undo");
}

bool hasEnded(const domain::Container &container)
{
    const auto state = container.life.state.known();
    return state == State::Stopped || state == State::Error || state == State::Erroring
        || domain::isGone(container.life);
}

bool isRunning(const domain::Container &container)
{
    return container.life.state.known() == State::Running;
}

domain::Result<domain::Container> createHelper(
    stacks::StackBackend &backend, const stacks::HelperSpec &spec, const net::CancelToken &token)
{
    return ask<domain::Container>(
        backend,
        [spec](stacks::StackBackend &server, auto done) {
            return server.createHelper(spec, std::move(done));
        },
        token);
}

domain::Result<std::optional<domain::Container>> lookAt(
    stacks::StackBackend &backend, const domain::ContainerId &id, const net::CancelToken &token)
{
    const auto found = ask<domain::Container>(
        backend,
        [id](stacks::StackBackend &server, auto done) {
            return server.container(id, std::move(done));
        },
        token);
    if (!found && found.error().kind == domain::ErrorKind::NotFound)
        return std::optional<domain::Container>();
    if (!found)
        return domain::failure(found.error());
    if (domain::isGone(found->life))
        return std::optional<domain::Container>();
    return std::optional<domain::Container>(*found);
}

domain::Result<QByteArray> logOf(
    stacks::StackBackend &backend, const domain::ContainerId &id, std::chrono::milliseconds limit)
{
    struct Ended
    {
    };
    using News = std::variant<QByteArray, Ended, domain::Error>;
    using stacks::ContainerLog;
    const auto news = std::make_shared<net::Mailbox<News>>();
    const net::ServiceOwned<ContainerLog> log(&backend, [&] {
        auto out = backend.openLog(id, { 10'000, false, false });
        QObject::connect(out.get(), &ContainerLog::received, out.get(),
            [news](stacks::LogChannel, const QByteArray &bytes) { news->put(bytes); });
        QObject::connect(
            out.get(), &ContainerLog::ended, out.get(), [news] { news->put(Ended()); });
        QObject::connect(out.get(), &ContainerLog::failed, out.get(),
            [news](const domain::Error &error) { news->put(error); });
        return out;
    });
    QByteArray out;
    const auto deadline = std::chrono::steady_clock::now() + limit;
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        const auto next = news->take(left, {});
        if (!next)
            return domain::failure(domain::ErrorKind::Timeout,
                Text::tr("The log of the helper container did not come in time."));
        if (const auto *error = std::get_if<domain::Error>(&*next))
            return domain::failure(*error);
        if (std::holds_alternative<Ended>(*next))
            return out;
        out += std::get<QByteArray>(*next);
        if (out.size() > largestLog)
            out = out.right(largestLog / 2); // its end is what matters
    }
}

domain::Result<void> removeHelper(stacks::StackBackend &backend, const domain::ContainerId &id)
{
    const auto removed
        = ask<domain::Container>(backend, [id](stacks::StackBackend &server, auto done) {
              return server.removeContainer(id, std::move(done));
          });
    if (removed || removed.error().kind == domain::ErrorKind::NotFound
        || removed.error().kind == domain::ErrorKind::Conflict)
        return {}; // gone, or on its way
    return domain::failure(removed.error());
}

domain::Result<stacks::StackSnapshot> askWorld(
    stacks::StackBackend &backend, const net::CancelToken &token)
{
    return ask<stacks::StackSnapshot>(
        backend,
        [](stacks::StackBackend &server, auto done) { return server.snapshot(std::move(done)); },
        token);
}

QList<domain::Container> helpersIn(const stacks::StackSnapshot &world)
{
    QList<domain::Container> out;
    for (const domain::Container &container : world.containers) {
        if (container.labels.contains(word(label::fault)) && !domain::isGone(container.life))
            out += container;
    }
    return out;
}

domain::Result<QList<domain::Container>> findHelpers(
    stacks::StackBackend &backend, const net::CancelToken &token)
{
    const auto world = askWorld(backend, token);
    if (!world)
        return domain::failure(world.error());
    return helpersIn(*world);
}

} // namespace faultline::faults
