// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/faults/fault_undo.h"

#include "services/faults/helper_needs.h"
#include "services/faults/text.h"
#include "services/stacks/engine_access.h"

#include <QJsonDocument>

#include <thread>

namespace faultline::faults {

using namespace std::chrono_literals;

namespace {

constexpr auto lookGap = 100ms;
constexpr auto stopLimit = 20s; // of an agent that undoes and verifies
constexpr auto logLimit = 10s;
constexpr auto retryGap = 1s;
constexpr int mostAttempts = 3;

/// The container once it has ended; empty when it is gone before; an error when it goes on.
domain::Result<std::optional<domain::Container>> awaitEnd(
    stacks::StackBackend &backend, const domain::ContainerId &id, std::chrono::milliseconds limit)
{
    const auto deadline = std::chrono::steady_clock::now() + limit;
    for (;;) {
        auto now = lookAt(backend, id);
        const bool isKnown = now.has_value();
        if (isKnown && (!*now || hasEnded(**now)))
            return now;
        if (std::chrono::steady_clock::now() >= deadline)
            return isKnown ? domain::failure(domain::ErrorKind::Timeout,
                       Text::tr("The helper container did not end in time."))
                           : domain::failure(now.error());
        std::this_thread::sleep_for(lookGap);
    }
}

/// SIGTERM, at which an agent undoes.
void askToStop(stacks::StackBackend &backend, const domain::ContainerId &id)
{
    const auto asked = net::waitFor<domain::Container>(
        &backend,
        [&backend, id](domain::Done<domain::Container> done) {
            return backend.stopContainer(id, std::chrono::seconds(stopLimit), std::move(done));
        },
        10s);
    (void)asked; // whether it ended is looked at next
}

/// What an ended helper said last.
std::optional<FaultReport> lastWord(
    stacks::StackBackend &backend, const domain::ContainerId &id, const QString &fault)
{
    const auto log = logOf(backend, id, logLimit);
    return log ? lastReport(*log, fault) : std::nullopt;
}

UndoEnd endOf(const FaultReport &report)
{
    return { report.state, report.detail, report };
}

/// Lets the helper that carries the fault end, and hears what it says.
std::optional<UndoEnd> endHelper(
    stacks::StackBackend &backend, const FaultRecord &record, const domain::ContainerId &id)
{
    const auto now = lookAt(backend, id);
    if (!now || !*now)
        return std::nullopt;
    if (!hasEnded(**now))
        askToStop(backend, id);
    const auto ended = awaitEnd(backend, id, stopLimit + 5s);
    if (!ended || !*ended)
        return std::nullopt;
    const auto report = lastWord(backend, id, record.id);
    if (report && isOver(report->state) && report->state != FaultState::Leaked)
        return endOf(*report);
    return std::nullopt;
}

/// One fresh helper that undoes and verifies.
domain::Result<FaultReport> undoOnce(
    stacks::StackBackend &backend, const FaultRecord &record, int attempt)
{
    const auto helper = createHelper(backend, helperOf(record, HelperTask::Undo, attempt));
    if (!helper)
        return domain::failure(helper.error());
    const auto ended = awaitEnd(backend, helper->id, 30s);
    const auto report = ended && *ended ? lastWord(backend, helper->id, record.id) : std::nullopt;
    const QString why = ended && *ended ? (*ended)->life.transitioningMessage : QString();
    if (const auto removed = removeHelper(backend, helper->id); !removed)
        return domain::failure(removed.error());
    if (!ended)
        return domain::failure(ended.error());
    if (!report)
        return domain::failure(domain::ErrorKind::Server,
            Text::tr("The helper that should undo said nothing. %1").arg(why).trimmed());
    return *report;
}

} // namespace

QString startOf(stacks::StackBackend &backend, const FaultTarget &target)
{
    auto *engine = dynamic_cast<stacks::EngineAccess *>(&backend);
    if (engine == nullptr || target.dockerId.isEmpty())
        return {};
    const stacks::EngineRequest request{ "GET",
        "/containers/" + target.dockerId.toLatin1() + "/json", {} };
    const auto answer = net::waitFor<stacks::EngineAnswer>(
        &backend,
        [engine, host = target.host, request](domain::Done<stacks::EngineAnswer> done) {
            return engine->askEngine(host, request, std::move(done));
        },
        5s);
    if (!answer || answer->status != 200)
        return {};
    const QJsonObject state = QJsonDocument::fromJson(answer->body)
                                  .object()
                                  .value(QLatin1StringView("State"))
                                  .toObject();
    return state.value(QLatin1StringView("StartedAt")).toString().left(64);
}

domain::Result<std::optional<QString>> whyMoot(
    stacks::StackBackend &backend, const FaultRecord &record)
{
    const auto target = lookAt(backend, record.target.id);
    if (!target)
        return domain::failure(target.error());
    const bool isReplaced = *target && (*target)->externalId != record.target.dockerId;
    if (!*target || isReplaced)
        return std::optional(Text::tr("%1 is gone.").arg(record.target.name));
    if (outlivesRestart(record.kind))
        return std::optional<QString>();
    if ((*target)->startCount > record.target.startCount)
        return std::optional(Text::tr("%1 was started again.").arg(record.target.name));
    if (hasEnded(**target))
        return std::optional(Text::tr("%1 does not run any more.").arg(record.target.name));
    const QString begun
        = record.target.startedAt.isEmpty() ? QString() : startOf(backend, record.target);
    if (!begun.isEmpty() && begun != record.target.startedAt)
        return std::optional(Text::tr("%1 was started again.").arg(record.target.name));
    return std::optional<QString>();
}

UndoEnd undoFault(stacks::StackBackend &backend, const FaultRecord &record,
    const std::optional<domain::ContainerId> &helper)
{
    if (helper) {
        if (auto end = endHelper(backend, record, *helper)) {
            (void)removeHelper(backend, *helper); // what is left of it is the reaper's
            return *end;
        }
        // An agent that hangs must not inject again while another one undoes.
        (void)removeHelper(backend, *helper);
    }
    QString trouble;
    std::optional<FaultReport> last;
    for (int attempt = 1; attempt <= mostAttempts; ++attempt) {
        const auto moot = whyMoot(backend, record);
        if (moot && *moot)
            return { FaultState::Moot, **moot, {} };
        const auto report = undoOnce(backend, record, attempt);
        if (report && isOver(report->state) && report->state != FaultState::Leaked)
            return endOf(*report);
        if (report)
            last = *report;
        trouble = report ? report->detail : report.error().text();
        if (attempt < mostAttempts)
            std::this_thread::sleep_for(retryGap);
    }
    return { FaultState::Leaked, trouble, last };
}

} // namespace faultline::faults
