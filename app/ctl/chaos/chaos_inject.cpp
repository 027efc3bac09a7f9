// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/assignments.h"
#include "app/ctl/chaos/chaos_command.h"
#include "app/ctl/chaos/fault_text.h"
#include "app/ctl/error_report.h"
#include "app/ctl/run_labels.h"
#include "app/ctl/text.h"
#include "services/cases/schema/known_kinds.h"
#include "services/faults/helper_needs.h"
#include "services/faults/injection.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QProcess>
#include <QRandomGenerator>
#include <QSysInfo>

#include <algorithm>
#include <mutex>
#include <thread>

namespace faultline::ctl {

using namespace std::chrono_literals;
using domain::ErrorKind;

namespace {

constexpr auto lookGap = 20ms;
constexpr auto usualLease = 30s;
constexpr auto leaderLimit = 10s;

/// The last line that the leader's command prints.
domain::Result<QString> askLeader(
    const std::string &command, const QProcessEnvironment &environment)
{
    QProcess process;
    process.setProcessEnvironment(environment);
    process.start(QStringLiteral("/bin/sh"), { QStringLiteral("-c"), text(command) });
    const bool isOver
        = process.waitForFinished(static_cast<int>(std::chrono::milliseconds(leaderLimit).count()));
    if (!isOver)
        process.kill();
    if (!isOver || process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0) {
        domain::Error error;
        error.kind = ErrorKind::Local;
        error.message = Text::tr("The leader's command failed.");
        error.serverWords = QString::fromUtf8(process.readAllStandardError().right(2'000));
        return domain::failure(error);
    }
    return QString::fromUtf8(process.readAllStandardOutput())
        .trimmed()
        .section(u'\n', -1)
        .trimmed();
}

faults::FaultOrigin originOf(Context &context, const QString &stack)
{
    faults::FaultOrigin out;
    out.server = context.connections().stacksUrl();
    out.stack = stack;
    out.labels = runLabels(stack, context.environment());
    out.run = out.labels.value(QStringLiteral("faultline.run"));
    out.owner = out.labels.value(QStringLiteral("faultline.owner"));
    if (out.owner.isEmpty())
        out.owner = context.environment().value(QStringLiteral("USER"), QStringLiteral("somebody"))
            + u'@' + QSysInfo::machineHostName();
    return out;
}

/// What all the injections of one command say, in order of time.
class Speaker
{
public:
    explicit Speaker(Context &context)
        : m_context(context)
    {
    }
    void tell(const faults::FaultRecord &record)
    {
        const std::lock_guard lock(m_mutex);
        m_context.progress(changeText(record));
    }

private:
    Context &m_context;
    std::mutex m_mutex;
};

using Injections = std::vector<std::unique_ptr<faults::Injection>>;

void awaitEnds(Context &context, const Injections &injections)
{
    bool isTold = false;
    while (!std::all_of(
        injections.begin(), injections.end(), [](const auto &one) { return one->hasEnded(); })) {
        const bool hasToEnd
            = context.token().isCancelled() || context.remaining() <= std::chrono::milliseconds(0);
        if (hasToEnd && !std::exchange(isTold, true)) {
            for (const auto &one : injections)
                one->stop();
        }
        std::this_thread::sleep_for(lookGap);
    }
}

} // namespace

domain::Result<faults::TargetWish> ChaosCommand::targetWish(Context &context) const
{
    faults::TargetWish out;
    out.stack = text(m_stack);
    out.role = text(m_role);
    out.pick = m_names.empty() ? text(m_pick) : QStringLiteral("names");
    out.count = m_count;
    for (const std::string &name : m_names)
        out.names += text(name);
    out.seed = m_seed.value_or(QRandomGenerator::system()->generate64());
    if (out.pick != QLatin1StringView("leader"))
        return out;
    if (m_leaderCommand.empty())
        return domain::failure(ErrorKind::Invalid,
            Text::tr("--pick leader needs --leader-command: only the system itself knows who "
                     "leads."));
    const auto leader = askLeader(m_leaderCommand, context.environment());
    if (!leader)
        return domain::failure(leader.error());
    out.leader = *leader;
    return out;
}

domain::Result<QList<faults::PickedTarget>> ChaosCommand::resolve(
    Context &context, const faults::TargetWish &wish) const
{
    const auto world = context.askStacks<stacks::StackSnapshot>(
        [](stacks::StackBackend &backend, auto done) { return backend.snapshot(std::move(done)); });
    if (!world)
        return domain::failure(world.error());
    const auto targets = faults::pickTargets(*world, wish);
    if (!targets)
        return domain::failure(targets.error());
    return faults::withPeers(*world, wish, text(m_kind), *targets, m_arguments);
}

domain::Result<int> ChaosCommand::inject(Context &context)
{
    const auto set = parseAssignments(m_set, QStringLiteral("--set"));
    if (!set)
        return domain::failure(set.error());
    m_arguments.clear();
    for (auto it = set->begin(); it != set->end(); ++it)
        m_arguments[it.key().toStdString()] = it.value().toStdString();
    const QString kind = text(m_kind);
    if (const auto right = faults::checkArguments(kind, m_arguments); !right)
        return domain::failure(right.error());
    if (!faults::needsOf(kind).isAgents)
        return domain::failure(ErrorKind::Invalid,
            Text::tr("%1 is a verb of the orchestrator: in a case, or by \"faultlinectl stop\", "
                     "\"start\", \"restart\" and \"scale\".")
                .arg(kind));
    if (!m_for && cases::findFaultKind(m_kind)->lasts)
        return domain::failure(
            ErrorKind::Invalid, Text::tr("%1 lasts: say how long with --for 90s.").arg(kind));
    const auto wish = targetWish(context);
    if (!wish)
        return domain::failure(wish.error());
    const auto picked = resolve(context, *wish);
    if (!picked)
        return domain::failure(picked.error());

    const faults::FaultOrigin origin = originOf(context, wish->stack);
    QList<faults::InjectionWish> wishes;
    for (const faults::PickedTarget &one : *picked) {
        faults::InjectionWish injection;
        injection.spec = { faults::newFaultId(), kind, m_arguments, m_lease.value_or(usualLease),
            m_for.value_or(0s), one.target, one.peers };
        injection.origin = origin;
        injection.onConflict = m_wait ? faults::OnConflict::Wait : faults::OnConflict::Refuse;
        injection.longestWait = m_wait.value_or(0s);
        injection.isHeld = injection.leavesInForce = m_detach;
        injection.follows = m_follow;
        wishes += injection;
    }
    if (m_dryRun)
        return showWishes(context, wishes);
    const auto backend = context.connections().stacks();
    if (!backend)
        return domain::failure(backend.error());
    const auto ledger = openLedger(context);
    if (!ledger)
        return domain::failure(ledger.error());
    Speaker speaker(context);
    Injections injections;
    for (const faults::InjectionWish &one : wishes)
        injections.push_back(std::make_unique<faults::Injection>(**backend, *ledger, one,
            [&speaker](const faults::FaultRecord &record, const faults::FaultReport &) {
                speaker.tell(record);
            }));
    awaitEnds(context, injections);
    return tellEnds(context, injections);
}

domain::Result<int> ChaosCommand::showWishes(
    Context &context, const QList<faults::InjectionWish> &wishes) const
{
    QJsonArray rows;
    for (const faults::InjectionWish &wish : wishes) {
        const faults::FaultTarget &target = wish.spec.target;
        rows += QJsonObject{ { QStringLiteral("kind"), wish.spec.kind },
            { QStringLiteral("target"), target.name },
            { QStringLiteral("container"), target.id.value() },
            { QStringLiteral("host"), target.host.value() },
            { QStringLiteral("peers"), QJsonArray::fromStringList(wish.spec.peers) },
            { QStringLiteral("spec"),
                QJsonDocument::fromJson(faults::agentJson(wish.spec)).object() } };
        if (!context.isJson())
            context.print(
                Text::tr("%1 on %2 (%3) for %4 s, between it and %5\n")
                    .arg(wish.spec.kind, target.name, target.host.value())
                    .arg(wish.spec.duration.count() / 1'000)
                    .arg(wish.spec.peers.isEmpty() ? Text::tr("everybody")
                                                   : wish.spec.peers.join(QStringLiteral(", "))));
    }
    if (context.isJson())
        context.print(
            QJsonObject{ { QStringLiteral("dryRun"), true }, { QStringLiteral("faults"), rows } });
    else
        context.remark(Text::tr("Nothing was touched."));
    return 0;
}

domain::Result<int> ChaosCommand::tellEnds(
    Context &context, const std::vector<std::unique_ptr<faults::Injection>> &injections) const
{
    QList<faults::FaultRecord> records;
    std::optional<domain::Error> first;
    bool hasLeaked = false;
    for (const auto &one : injections) {
        const faults::FaultRecord record = one->record();
        records += record;
        hasLeaked = hasLeaked || record.state == faults::FaultState::Leaked;
        const auto trouble = one->trouble();
        if (trouble && !context.isJson())
            context.remark(errorReport(*trouble).trimmed());
        if (trouble && !first)
            first = trouble;
    }
    if (context.isJson())
        printFaults(context, records);
    if (hasLeaked)
        return domain::exitCodeFor(ErrorKind::Server);
    if (first)
        return domain::exitCodeFor(first->kind);
    return context.token().isCancelled() ? domain::exitCodeFor(ErrorKind::Cancelled) : 0;
}

} // namespace faultline::ctl
