// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/agent_fault.h"

#include "services/faults/helper_needs.h"
#include "services/faults/machine_kinds.h"
#include "services/runs/text.h"

#include <QJsonDocument>

#include <algorithm>
#include <set>
#include <thread>

namespace faultline::runs {

using faults::FaultRecord;

namespace {

/// The agent ends the fault at its duration; this much later it should have said so.
constexpr std::chrono::seconds earlyMargin{ 2 };

stacks::StackSnapshot snapshotOf(const LiveStack &stack)
{
    stacks::StackSnapshot out;
    if (const auto own = stack.stack())
        out.stacks += *own;
    out.services = stack.services();
    out.containers = stack.containers();
    return out;
}

} // namespace

QString faultLedgerFile(const QMap<QString, QString> &environment)
{
    return faults::ledgerFile(environment.value(QStringLiteral("XDG_STATE_HOME")),
        environment.value(QStringLiteral("HOME")));
}

bool isOfAgents(const std::string &kind)
{
    // A pause is the engine's own; so it also works where no image of the agent is.
    return kind != "container.pause" && faults::needsOf(QString::fromStdString(kind)).isAgents;
}

domain::Result<QStringList> lackingKinds(
    stacks::StackBackend &backend, const cases::Plan &plan, const net::CancelToken &token)
{
    std::set<std::string> wanted;
    for (const cases::PlannedFault &fault : plan.faults) {
        if (isOfAgents(fault.kind))
            wanted.insert(fault.kind);
    }
    QStringList out;
    if (wanted.empty())
        return out;
    const auto able = faults::askKinds(backend, {}, token);
    if (!able)
        return domain::failure(able.error());
    for (const std::string &kind : wanted) {
        if (const auto why = faults::whyNot(*able, QString::fromStdString(kind)))
            out += *why;
    }
    return out;
}

AgentFault::AgentFault(cases::PlannedFault plan, const cases::FaultEntry &entry, int number,
    Parts parts, OnChange onChange, AskLeader askLeader)
    : CaseFault(std::move(plan), number, std::move(onChange))
    , m_entry(entry)
    , m_parts(std::move(parts))
    , m_askLeader(std::move(askLeader))
{
}

faults::TargetWish AgentFault::targetWish() const
{
    faults::TargetWish out;
    out.stack = m_parts.stack.stack().value_or(domain::Stack()).name;
    const auto service = m_parts.services.find(m_plan.role);
    out.role
        = QString::fromStdString(service == m_parts.services.end() ? m_plan.role : service->second);
    out.pick = QString::fromStdString(m_plan.pick);
    out.count = m_entry.target.count;
    out.seed = m_parts.seed;
    out.leader = m_leader;
    for (const std::string &name : m_plan.names)
        out.names += QString::fromStdString(name);
    return out;
}

/// Arguments with the roles of the case as services of the stack.
std::map<std::string, std::string> AgentFault::arguments() const
{
    std::map<std::string, std::string> out = m_entry.arguments;
    const auto from = out.find("from");
    if (from == out.end())
        return out;
    QStringList services;
    for (const QString &role :
        QString::fromStdString(from->second).split(u',', Qt::SkipEmptyParts)) {
        const auto service = m_parts.services.find(role.trimmed().toStdString());
        services += service == m_parts.services.end() ? role.trimmed()
                                                      : QString::fromStdString(service->second);
    }
    from->second = services.join(u',').toStdString();
    return out;
}

domain::Result<QList<faults::PickedTarget>> AgentFault::resolve()
{
    if (m_plan.pick == "leader") {
        const auto answer
            = m_askLeader ? m_askLeader(m_plan.id) : domain::Result<QString>(QString());
        if (!answer)
            return domain::failure(answer.error());
        m_leader = *answer;
    }
    const stacks::StackSnapshot world = snapshotOf(m_parts.stack);
    faults::TargetWish wish = targetWish();
    domain::Result<QList<faults::FaultTarget>> targets = QList<faults::FaultTarget>();
    if (m_plan.members.empty()) {
        targets = faults::pickTargets(world, wish);
    } else {
        // The plan has drawn them; those that are down now can't be hit.
        wish.pick = QStringLiteral("names");
        for (const int member : m_plan.members) {
            wish.names = { wish.role + u'-' + QString::number(member) };
            if (const auto one = faults::pickTargets(world, wish))
                *targets += *one;
        }
        if (targets->isEmpty())
            return domain::failure(domain::ErrorKind::NotFound, Text::tr("no target runs"));
    }
    if (!targets)
        return domain::failure(targets.error());
    return faults::withPeers(
        world, wish, QString::fromStdString(m_plan.kind), *targets, arguments());
}

void AgentFault::inject()
{
    m_begun = Clock::now();
    const auto picked = resolve();
    if (!picked)
        return skip(picked.error().text());
    for (const faults::PickedTarget &one : *picked)
        m_targets += FaultTarget{ one.target.id, one.target.name, one.target.dockerId,
            one.target.startCount, false, one.target.host };
    if (!enter(FaultState::Injecting))
        return skip(Text::tr("the ledger can't be written"));
    for (const faults::PickedTarget &one : *picked) {
        faults::InjectionWish wish;
        wish.spec = { faults::newFaultId(), QString::fromStdString(m_plan.kind), arguments(),
            m_entry.lease, m_plan.duration, one.target, one.peers };
        wish.origin = m_parts.origin;
        wish.onConflict = faults::OnConflict::Wait;
        wish.longestWait = m_plan.duration / 2;
        m_injections.push_back(
            std::make_unique<faults::Injection>(m_parts.backend, m_parts.ledger, wish));
    }
}

void AgentFault::tick()
{
    if (m_state == FaultState::Injecting || m_state == FaultState::InForce
        || m_state == FaultState::Recovering)
        look();
}

void AgentFault::look()
{
    const auto count = [this](auto &&is) {
        return static_cast<std::size_t>(
            std::count_if(m_injections.begin(), m_injections.end(), is));
    };
    const std::size_t ended = count([](const auto &one) { return one->hasEnded(); });
    if (ended == m_injections.size())
        return end();
    const std::size_t inForce = count([](const auto &one) { return one->isInForce(); });
    const std::size_t were = count([](const auto &one) { return one->wasInForce(); });
    if (m_state == FaultState::Injecting && inForce == m_injections.size()) {
        enter(FaultState::InForce);
        return;
    }
    const bool isHalf = ended > 0 && were < m_injections.size();
    const bool isEnding = m_state == FaultState::InForce && inForce < m_injections.size();
    if (m_state != FaultState::Recovering && (isHalf || isEnding)) {
        const bool isDue = m_plan.duration.count() > 0
            && Clock::now() - m_begun + earlyMargin >= m_plan.duration;
        m_endedEarly = m_endedEarly || (isEnding && !m_wasAsked && !isDue);
        undo();
    }
}

void AgentFault::end()
{
    FaultState worst = FaultState::Moot;
    bool wasIn = !m_injections.empty();
    for (const auto &one : m_injections) {
        const faults::FaultState state = one->record().state;
        wasIn = wasIn && one->wasInForce();
        if (const auto trouble = one->trouble(); trouble && m_trouble.isEmpty())
            m_trouble = trouble->text();
        if (state == faults::FaultState::Leaked)
            worst = FaultState::Leaked;
        else if (worst != FaultState::Leaked && state != faults::FaultState::Moot)
            worst = FaultState::Out;
    }
    if (m_state == FaultState::Injecting && wasIn)
        enter(FaultState::InForce); // over before anybody looked
    const bool wasRefused = !wasIn
        && std::all_of(m_injections.begin(), m_injections.end(),
            [](const auto &one) { return one->record().state == faults::FaultState::Refused; });
    if (wasRefused && worst != FaultState::Leaked)
        return skip(m_trouble);
    enter(worst);
}

void AgentFault::undo()
{
    if (!isActive())
        return;
    m_wasAsked = true;
    for (const auto &one : m_injections)
        one->stop();
    if (m_state != FaultState::Recovering)
        enter(FaultState::Recovering);
}

bool AgentFault::hold(std::chrono::milliseconds time)
{
    if (m_state != FaultState::InForce)
        return false;
    for (const auto &one : m_injections)
        one->hold(time);
    const auto deadline = Clock::now() + std::chrono::seconds(10);
    const auto isLeft = [](const auto &one) { return one->hasEnded() && one->record().isHeld; };
    while (!std::all_of(m_injections.begin(), m_injections.end(), isLeft)) {
        if (Clock::now() > deadline)
            return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    m_isHeld = true;
    (void)m_onChange(*this);
    return true;
}

bool AgentFault::explains(const Death &death)
{
    if (!isActive() || !faults::mayEndTarget(QString::fromStdString(m_plan.kind)))
        return false;
    return std::any_of(m_targets.begin(), m_targets.end(),
        [&](const FaultTarget &target) { return target.id == death.container; });
}

QString AgentFault::targetText() const
{
    QStringList names;
    for (const FaultTarget &target : m_targets)
        names += target.name;
    return names.isEmpty() ? QString::fromStdString(m_plan.role) : names.join(QStringLiteral(", "));
}

QString AgentFault::undoText() const
{
    QStringList commands;
    for (const auto &one : m_injections)
        commands += QStringLiteral("faultlinectl chaos stop ") + one->record().id;
    return commands.join(QStringLiteral("; "));
}

QStringList AgentFault::injected() const
{
    QStringList out;
    for (const auto &one : m_injections)
        out += one->record().id;
    return out;
}

Json AgentFault::details() const
{
    Json out = Json::array();
    for (const auto &one : m_injections) {
        const FaultRecord record = one->record();
        out.push_back({ { "id", record.id.toStdString() },
            { "container", record.target.name.toStdString() },
            { "state", faults::nameOf(record.state).toStdString() },
            { "mechanism", record.mechanism.toStdString() },
            { "detail", record.detail.toStdString() }, { "held", record.isHeld },
            { "leaseMs", record.lease.count() }, { "inForceAfterMs", one->timeToForce().count() },
            { "measured",
                Json::parse(QJsonDocument(record.measured).toJson(QJsonDocument::Compact), nullptr,
                    false) } });
    }
    return out;
}

} // namespace faultline::runs
