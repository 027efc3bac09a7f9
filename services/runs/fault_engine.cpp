// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/fault_engine.h"

#include "services/faults/reaper.h"
#include "services/runs/agent_fault.h"
#include "services/runs/checks.h"
#include "services/runs/lifecycle_fault.h"
#include "services/runs/record/plain_file.h"
#include "services/runs/text.h"

#include <QFile>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

namespace faultline::runs {

namespace {

const cases::FaultEntry *entryOf(const cases::CaseFile &caseFile, const std::string &id)
{
    const auto found = std::find_if(caseFile.faults.begin(), caseFile.faults.end(),
        [&](const cases::FaultEntry &entry) { return entry.id == id; });
    return found == caseFile.faults.end() ? nullptr : &*found;
}

QString serviceOf(const cases::CaseFile &caseFile, const std::string &role)
{
    for (const cases::Role &known : caseFile.topology.roles) {
        if (known.name == role)
            return QString::fromStdString(known.service);
    }
    return QString::fromStdString(role);
}

Json targetsJson(const CaseFault &fault)
{
    Json out = Json::array();
    for (const FaultTarget &target : fault.targets())
        out.push_back({ { "id", target.id.value().toStdString() },
            { "name", target.name.toStdString() }, { "dockerId", target.dockerId.toStdString() },
            { "startCount", target.startCount } });
    return out;
}

} // namespace

FaultEngine::FaultEngine(const RunRequest &request, stacks::StackBackend &backend,
    const LiveStack &stack, EventLog &events, CaseFault::AskLeader askLeader)
    : m_events(events)
{
    const QByteArray path = QFile::encodeName(request.bundle + QStringLiteral("/faults.jsonl"));
    m_ledger = ::open(path.constData(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (m_ledger < 0)
        m_problem = path.toStdString() + ": " + std::strerror(errno);
    int number = 0;
    for (const cases::PlannedFault &planned : request.plan.faults)
        addFault(request, planned, ++number, backend, stack, askLeader);
}

void FaultEngine::addFault(const RunRequest &request, const cases::PlannedFault &planned,
    int number, stacks::StackBackend &backend, const LiveStack &stack,
    const CaseFault::AskLeader &askLeader)
{
    const cases::FaultEntry *entry = entryOf(request.caseFile, planned.id);
    const auto note = [this](const CaseFault &fault) { return record(fault); };
    if (entry == nullptr || !isOfAgents(planned.kind)) {
        m_faults.push_back(std::make_unique<LifecycleFault>(planned,
            entry ? entry->arguments : std::map<std::string, std::string>(),
            serviceOf(request.caseFile, planned.role), number, backend, stack, note, askLeader));
        return;
    }
    faults::FaultOrigin origin;
    origin.server = QString::fromStdString(request.record.server);
    origin.stack = request.stackName;
    origin.run = request.run;
    origin.owner = QString::fromStdString(request.caseFile.metadata.ownerTeam);
    origin.labels = request.labels;
    m_faults.push_back(std::make_unique<AgentFault>(planned, *entry, number,
        AgentFault::Parts{ backend, stack, openLedger(request), origin,
            servicesByRole(request.caseFile),
            request.plan.seed + static_cast<std::uint64_t>(number) },
        note, askLeader));
}

std::shared_ptr<faults::Ledger> FaultEngine::openLedger(const RunRequest &request)
{
    if (m_faultLedger || m_problem)
        return m_faultLedger;
    auto opened = faults::Ledger::open(faultLedgerFile(request.environment));
    if (opened)
        m_faultLedger = *opened;
    else
        m_problem = opened.error().text().toStdString();
    return m_faultLedger;
}

FaultEngine::~FaultEngine()
{
    if (m_ledger >= 0)
        close(m_ledger);
}

bool FaultEngine::record(const CaseFault &fault)
{
    Json payload{ { "fault", fault.plan().id }, { "number", fault.number() },
        { "kind", fault.plan().kind }, { "phase", fault.plan().phase },
        { "role", fault.plan().role }, { "state", nameOf(fault.state()) },
        { "targets", targetsJson(fault) }, { "durationMs", fault.plan().duration.count() },
        { "undo", fault.undoText().toStdString() } };
    if (const Json details = fault.details(); !details.is_null())
        payload["injections"] = details;
    if (fault.isHeld())
        payload["held"] = true;
    if (!fault.trouble().isEmpty())
        payload["trouble"] = fault.trouble().toStdString();
    if (m_ledger >= 0 && !m_problem) {
        m_problem
            = writeAll(m_ledger, eventJson(Moment::now(), "fault", m_events.run(), payload) + '\n');
        if (!m_problem && fsync(m_ledger) != 0)
            m_problem = std::strerror(errno);
    }
    QString sentence = Text::tr("fault %1 (%2) of %3: %4")
                           .arg(QString::fromStdString(fault.plan().id),
                               QString::fromStdString(fault.plan().kind), fault.targetText(),
                               QString::fromLatin1(nameOf(fault.state())));
    if (!fault.trouble().isEmpty())
        sentence += QStringLiteral(" (") + fault.trouble() + u')';
    m_events.write("fault", payload, sentence.toStdString());
    return !m_problem && !m_events.problem();
}

void FaultEngine::tick(std::chrono::milliseconds now)
{
    for (const auto &fault : m_faults) {
        if (m_starts && !m_problem && fault->state() == FaultState::Planned
            && fault->plan().at <= now)
            fault->inject();
        const auto &plan = fault->plan();
        const bool isTimeUp = plan.duration.count() > 0 && plan.at + plan.duration <= now;
        const bool isIn
            = fault->state() == FaultState::Injecting || fault->state() == FaultState::InForce;
        if (fault->isHeld())
            continue;
        if (isIn && isTimeUp)
            fault->undo();
        fault->tick();
    }
}

void FaultEngine::undoAll()
{
    for (const auto &fault : m_faults) {
        const bool isIn
            = fault->state() == FaultState::Injecting || fault->state() == FaultState::InForce;
        if (isIn && !fault->isHeld())
            fault->undo();
    }
}

void FaultEngine::holdAll(std::chrono::milliseconds time)
{
    for (const auto &fault : m_faults) {
        if (fault->state() == FaultState::InForce)
            (void)fault->hold(time); // what can't be held is undone with the rest
    }
    undoAll();
}

QStringList FaultEngine::held() const
{
    QStringList out;
    for (const auto &fault : m_faults) {
        if (fault->isHeld())
            out += fault->injected();
    }
    return out;
}

void FaultEngine::releaseHeld(stacks::StackBackend &backend, const QString &server)
{
    if (held().isEmpty() || !m_faultLedger)
        return;
    const auto ended = faults::endFaults(
        backend, *m_faultLedger, server, held(), Text::tr("its scene was not kept"));
    const bool areOut = ended
        && std::none_of(ended->begin(), ended->end(),
            [](const faults::FaultRecord &one) { return one.state == faults::FaultState::Leaked; });
    for (const auto &fault : m_faults) {
        if (fault->isHeld())
            fault->released(areOut);
    }
}

void FaultEngine::setMoot()
{
    for (const auto &fault : m_faults)
        fault->setMoot();
}

void FaultEngine::giveUp()
{
    for (const auto &fault : m_faults)
        fault->giveUp();
}

bool FaultEngine::isQuiet() const
{
    return std::none_of(
        m_faults.begin(), m_faults.end(), [](const auto &fault) { return fault->isActive(); });
}

bool FaultEngine::explains(const Death &death)
{
    return std::any_of(m_faults.begin(), m_faults.end(),
        [&](const auto &fault) { return fault->explains(death); });
}

int FaultEngine::leaked() const
{
    return static_cast<int>(std::count_if(m_faults.begin(), m_faults.end(),
        [](const auto &fault) { return fault->state() == FaultState::Leaked; }));
}

std::vector<FaultSpan> FaultEngine::spans() const
{
    std::vector<FaultSpan> out;
    for (const auto &fault : m_faults) {
        if (fault->wasInForce())
            out.push_back({ fault->plan().id, fault->begunAt(),
                isOver(fault->state()) ? fault->overAt() : CaseFault::Clock::now() });
    }
    return out;
}

Findings FaultEngine::findings() const
{
    Findings out;
    const auto add = [&](const CaseFault &fault, const QString &message) {
        Finding finding;
        finding.kind = Finding::Kind::Remark;
        finding.check = "fault " + fault.plan().id;
        finding.message = message.toStdString();
        finding.atMs = fault.plan().at.count();
        out.push_back(std::move(finding));
    };
    for (const auto &fault : m_faults) {
        const QString name = QString::fromStdString(fault->plan().id);
        if (fault->state() == FaultState::Skipped)
            add(*fault, Text::tr("The fault %1 was not injected: %2.").arg(name, fault->trouble()));
        else if (isOver(fault->state()) && !fault->wasInForce())
            add(*fault,
                Text::tr("The fault %1 did not bite: nothing changed in %2.")
                    .arg(name, fault->targetText()));
        else if (fault->cameBackByItself())
            add(*fault,
                Text::tr("The fault %1 did not last: %2 was started again by something else.")
                    .arg(name, fault->targetText()));
    }
    return out;
}

QStringList FaultEngine::undoCommands() const
{
    QStringList out;
    for (const auto &fault : m_faults) {
        if (fault->state() == FaultState::Leaked)
            out += fault->undoText();
    }
    return out;
}

} // namespace faultline::runs
