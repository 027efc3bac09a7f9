// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/faults/injection_flow.h"

#include "services/domain/runner_identity.h"
#include "services/faults/helper_needs.h"
#include "services/faults/text.h"

#include <algorithm>
#include <thread>

namespace faultline::faults {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

constexpr auto lookGap = 30ms;
constexpr auto conflictGap = 250ms;
constexpr auto hearGap = 500ms;
constexpr auto injectLimit = 40s; // a helper that starts, and an agent that proves its effect
constexpr auto stopLimit = 25s; // an agent that undoes and verifies
constexpr auto silentServerLimit = 20s; // once it is to be undone
constexpr auto reopenGap = 100ms;

/// Whether the server may have done what was asked although it gave no answer.
bool isUncertain(const domain::Error &error)
{
    using domain::ErrorKind;
    return error.kind == ErrorKind::Network || error.kind == ErrorKind::Timeout
        || error.kind == ErrorKind::Server || error.kind == ErrorKind::Cancelled;
}

double inSeconds(milliseconds time)
{
    return static_cast<double>(time.count()) / 1'000;
}

} // namespace

InjectionFlow::InjectionFlow(stacks::StackBackend &backend, Ledger &ledger, InjectionWish wish,
    Injection::Shared &shared, Injection::OnChange onChange)
    : m_backend(backend)
    , m_ledger(ledger)
    , m_wish(std::move(wish))
    , m_shared(shared)
    , m_onChange(std::move(onChange))
    , m_end(Clock::now() + m_wish.spec.duration)
{
}

void InjectionFlow::run()
{
    runOnce();
    while (m_wish.follows && m_targetChanged && !m_shared.stop.isCancelled() && findSuccessor())
        runOnce();
}

void InjectionFlow::runOnce()
{
    m_isOver = m_isTold = m_targetChanged = false;
    if (const auto planned = plan(); !planned)
        return fail(planned.error(), FaultState::Refused);
    if (const auto strangers = lookForStrangers(); !strangers)
        return fail(strangers.error(), FaultState::Refused);
    enter(FaultState::Injecting, Text::tr("the helper container is started"));
    if (m_isOver)
        return; // it could not be written down
    m_injectingSince = Clock::now();
    if (inject() && awaitRunning())
        control();
}

domain::Result<void> InjectionFlow::plan()
{
    FaultSpec &spec = m_wish.spec;
    if (m_wish.isHeld)
        spec.lease = spec.duration;
    m_record = FaultRecord();
    m_record.id = spec.id;
    m_record.kind = spec.kind;
    m_record.origin = m_wish.origin;
    spec.target.startedAt = startOf(m_backend, spec.target);
    m_record.target = spec.target;
    m_record.helper = helperName(spec.id, HelperTask::Inject);
    m_record.spec = agentJson(spec);
    m_record.controller = QString::fromStdString(domain::RunnerIdentity::own().text());
    m_record.lease = spec.lease;
    m_record.duration = spec.duration;
    m_record.isHeld = m_wish.isHeld;
    m_record.until = QDateTime::currentDateTimeUtc().addMSecs((spec.duration + spec.lease).count());
    m_record.undo = QStringLiteral("faultlinectl chaos stop ") + spec.id;
    const auto deadline = Clock::now() + m_wish.longestWait;
    for (;;) {
        const auto planned = m_ledger.plan(m_record);
        const bool mayWait = m_wish.onConflict == OnConflict::Wait && Clock::now() < deadline
            && !m_shared.stop.isCancelled();
        if (planned || planned.error().kind != domain::ErrorKind::Conflict || !mayWait) {
            const std::lock_guard lock(m_shared.mutex);
            m_shared.record = m_record;
            return planned;
        }
        std::this_thread::sleep_for(conflictGap);
    }
}

/// Faults that another machine's console put on the same target: only the server knows them.
domain::Result<void> InjectionFlow::lookForStrangers()
{
    const auto helpers = findHelpers(m_backend, m_shared.stop);
    if (!helpers)
        return domain::failure(helpers.error());
    for (const domain::Container &helper : *helpers) {
        const auto other = recordOf(helper);
        if (!other || other->id == m_record.id || hasEnded(helper)
            || other->target.dockerId != m_record.target.dockerId
            || !conflict(other->kind, m_record.kind))
            continue;
        return domain::failure(domain::ErrorKind::Conflict,
            Text::tr("%1 is already under the fault %2 (%3) of %4. Stop it: faultlinectl chaos "
                     "stop %2")
                .arg(m_record.target.name, other->id, other->kind, other->origin.owner));
    }
    return {};
}

bool InjectionFlow::inject()
{
    const auto helper = createHelper(m_backend, helperOf(m_record, HelperTask::Inject));
    if (helper) {
        m_helper = helper->id;
        return true;
    }
    if (!isUncertain(helper.error())) {
        fail(helper.error(), FaultState::Refused);
        return false;
    }
    const auto known = findHelpers(m_backend);
    const auto ours = known ? std::find_if(known->begin(), known->end(),
                          [&](const domain::Container &one) { return one.name == m_record.helper; })
                            : QList<domain::Container>::const_iterator();
    if (known && ours != known->end()) {
        m_helper = ours->id; // only the answer was lost
        return true;
    }
    {
        const std::lock_guard lock(m_shared.mutex);
        m_shared.trouble = helper.error();
    }
    undo();
    return false;
}

bool InjectionFlow::awaitRunning()
{
    while (Clock::now() - m_injectingSince < injectLimit) {
        const auto helper = lookAt(m_backend, m_helper);
        if (helper && *helper && isRunning(**helper))
            return true;
        const bool hasNeverRun = helper && *helper && hasEnded(**helper)
            && (*helper)->life.state.known() != domain::State::Stopped;
        if (hasNeverRun) {
            domain::Error error;
            error.kind = domain::ErrorKind::Server;
            error.message = Text::tr("The helper container of the image %1 could not be started: "
                                     "%2. If the image is missing: scripts/images")
                                .arg(agentImage(), (*helper)->life.transitioningMessage);
            (void)removeHelper(m_backend, m_helper);
            fail(error, FaultState::Refused);
            return false;
        }
        if (helper && (!*helper || hasEnded(**helper)))
            break; // what it did stands in its log
        std::this_thread::sleep_for(lookGap);
    }
    undo();
    return false;
}

void InjectionFlow::control()
{
    m_heard = Clock::now();
    while (!m_isOver && !m_isLeft) {
        {
            ControlStream stream(m_backend, m_helper);
            m_nextRenewal = Clock::now();
            if (m_wish.isHeld || m_isTold)
                stream.send({ { QStringLiteral("state"), true } });
            if (m_isTold)
                stream.send({ { QStringLiteral("stop"), true } });
            while (speak(stream) == Next::GoOn) { }
        }
        if (!m_isOver && !m_isLeft)
            reconnectOrEnd();
    }
    if (m_isOver && m_record.state != FaultState::Leaked)
        (void)removeHelper(m_backend, m_helper); // what is left of it is the reaper's
}

InjectionFlow::Next InjectionFlow::speak(ControlStream &stream)
{
    sendWishes(stream);
    // Once it was told, the cancelled token would end every wait at once.
    const auto news = stream.take(hearGap, m_isTold ? net::CancelToken() : m_shared.stop);
    if (news && hear(*news) == Next::Over)
        return Next::Over;
    if (m_isOver || m_isLeft)
        return Next::Over;
    watchTarget();
    const auto now = Clock::now();
    const bool isLate = m_record.state == FaultState::Injecting
        ? now - m_injectingSince > injectLimit
        : m_isTold && now - m_heard > stopLimit;
    if (isLate) {
        undo();
        return Next::Over;
    }
    return now - m_heard > std::max<milliseconds>(m_wish.spec.lease, 5s) && !m_wish.isHeld
        ? Next::Over // it stays silent: look what is there
        : Next::GoOn;
}

InjectionFlow::Next InjectionFlow::hear(const ControlStream::News &news)
{
    if (const auto *report = std::get_if<FaultReport>(&news)) {
        take(*report);
        return m_isOver || m_isLeft ? Next::Over : Next::GoOn;
    }
    return Next::Over;
}

void InjectionFlow::sendWishes(ControlStream &stream)
{
    const auto now = Clock::now();
    if (m_shared.stop.isCancelled() && !m_isTold) {
        m_isTold = true;
        m_heard = now;
        stream.send({ { QStringLiteral("stop"), true } });
    }
    if (m_isTold)
        return;
    milliseconds extension{ 0 };
    std::optional<milliseconds> holdTime;
    {
        const std::lock_guard lock(m_shared.mutex);
        extension = std::exchange(m_shared.extension, milliseconds(0));
        holdTime = m_record.state == FaultState::InForce
            ? std::exchange(m_shared.holdTime, std::nullopt)
            : std::nullopt;
    }
    if (extension.count() != 0) {
        stream.send({ { QStringLiteral("extend"), inSeconds(extension) } });
        m_end += extension;
    }
    if (holdTime) {
        stream.send({ { QStringLiteral("hold"), inSeconds(*holdTime) } });
        m_wish.isHeld = m_wish.leavesInForce = true;
        m_holdAsked = *holdTime;
        m_wish.spec.lease = m_wish.spec.duration = *holdTime;
        return;
    }
    if (m_wish.isHeld || now < m_nextRenewal)
        return;
    stream.send({ { QStringLiteral("renew"), inSeconds(m_wish.spec.lease) } });
    m_nextRenewal = now + m_wish.spec.lease / 3;
}

void InjectionFlow::take(const FaultReport &report)
{
    if (report.fault != m_record.id)
        return;
    if (!m_isTold)
        m_heard = Clock::now();
    if (report.state == FaultState::Leaked)
        return undo(); // a fresh helper may do what this one could not
    if (isOver(report.state))
        return endAs({ report.state, report.detail, report });
    if (report.state == FaultState::Injecting)
        return;
    if (report.state != m_record.state)
        enter(report.state, report.detail, report);
    // A stream that closes before the agent knows of the hold would be the fault's end.
    constexpr double margin = 10;
    const bool isKept = !m_holdAsked
        || report.leaseLeft
            >= std::max(inSeconds(*m_holdAsked) - margin, inSeconds(*m_holdAsked) / 2);
    if (report.state == FaultState::InForce && m_wish.leavesInForce && isKept)
        m_isLeft = leave();
}

/// The stream has ended: either the helper, or only the way to it.
void InjectionFlow::reconnectOrEnd()
{
    const auto helper = lookAt(m_backend, m_helper);
    if (helper && (!*helper || hasEnded(**helper))) {
        // Whoever ended it, such as "stop --all", wrote down what became of it.
        const auto row = m_ledger.find(m_record.id);
        if (row && *row && isOver((*row)->state) && (*row)->state != FaultState::Leaked)
            return endAs({ (*row)->state, (*row)->detail, {} });
        return undo();
    }
    const milliseconds patience = m_isTold || m_shared.stop.isCancelled()
        ? milliseconds(silentServerLimit)
        : m_wish.spec.lease + 60s;
    if (Clock::now() - m_heard > patience) {
        if (helper)
            return undo();
        return endAs({ FaultState::Leaked,
            Text::tr("The server does not answer, so that nobody saw the fault end; its lease is "
                     "over. %1")
                .arg(helper.error().text()),
            {} });
    }
    std::this_thread::sleep_for(helper ? milliseconds(reopenGap) : milliseconds(500));
}

void InjectionFlow::undo()
{
    enter(FaultState::Recovering, Text::tr("undoing"));
    const auto helper
        = m_helper.isEmpty() ? std::nullopt : std::optional<domain::ContainerId>(m_helper);
    endAs(undoFault(m_backend, m_record, helper));
}

void InjectionFlow::endAs(const UndoEnd &end)
{
    enter(end.state, end.detail, end.report.value_or(FaultReport()));
    m_isOver = true;
    if (end.state == FaultState::Out || end.state == FaultState::Moot)
        return;
    const std::lock_guard lock(m_shared.mutex);
    if (!m_shared.trouble) {
        domain::Error error;
        error.kind = end.state == FaultState::Leaked ? domain::ErrorKind::Server
                                                     : domain::ErrorKind::Conflict;
        error.message = Text::tr("The fault %1 on %2: %3. %4")
                            .arg(m_record.id, m_record.target.name, nameOf(end.state), end.detail);
        m_shared.trouble = error;
    }
}

void InjectionFlow::fail(const domain::Error &error, FaultState state)
{
    {
        const std::lock_guard lock(m_shared.mutex);
        m_shared.trouble = error;
    }
    enter(state, error.message);
    m_isOver = true;
}

void InjectionFlow::enter(FaultState state, const QString &detail, const FaultReport &report)
{
    m_record.state = state;
    m_record.detail = detail;
    if (!report.fault.isEmpty()) {
        m_record.mechanism = report.mechanism;
        m_record.measured = report.measured.isEmpty() ? m_record.measured : report.measured;
        if (!report.undo.isEmpty())
            m_record.undo = report.undo;
    }
    const auto noted = m_ledger.change(
        m_record.id, state, detail, report.fault.isEmpty() ? std::nullopt : std::optional(report));
    {
        const std::lock_guard lock(m_shared.mutex);
        m_shared.record = m_record;
        if (state == FaultState::InForce && !m_shared.inForce)
            m_shared.inForce = Clock::now();
        if (!noted)
            m_shared.trouble = noted.error();
    }
    if (!noted && state == FaultState::Injecting)
        m_isOver = true; // nothing was touched yet, and nothing will be
    if (m_onChange)
        m_onChange(m_record, report);
}

} // namespace faultline::faults
