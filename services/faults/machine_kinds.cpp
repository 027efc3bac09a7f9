// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/faults/machine_kinds.h"

#include "services/faults/fault_spec.h"
#include "services/faults/helper_container.h"
#include "services/faults/helper_needs.h"
#include "services/faults/text.h"

#include <QJsonDocument>

#include <algorithm>
#include <thread>

namespace faultline::faults {

using namespace std::chrono_literals;

namespace {

constexpr auto answerLimit = 30s;
constexpr auto lookGap = 50ms;

QList<KindAbility> parseKinds(const QByteArray &log)
{
    QList<KindAbility> out;
    for (const QByteArray &line : log.split('\n')) {
        const qsizetype begin = line.indexOf('{');
        const QJsonObject row
            = begin < 0 ? QJsonObject() : QJsonDocument::fromJson(line.mid(begin)).object();
        const QString kind = row.value(QLatin1StringView("kind")).toString().left(64);
        if (!kind.isEmpty())
            out += KindAbility{ kind, row.value(QLatin1StringView("can")).toBool(),
                row.value(QLatin1StringView("mechanism")).toString().left(500),
                row.value(QLatin1StringView("reason")).toString().left(1'000) };
    }
    std::sort(out.begin(), out.end(),
        [](const KindAbility &a, const KindAbility &b) { return a.kind < b.kind; });
    return out;
}

} // namespace

domain::Result<QList<KindAbility>> askKinds(
    stacks::StackBackend &backend, const domain::HostId &host, const net::CancelToken &token)
{
    stacks::HelperSpec spec;
    spec.name = QStringLiteral("faultline-kinds-") + newFaultId().mid(2);
    spec.image = agentImage();
    spec.command = { QStringLiteral("faultline-agent"), QStringLiteral("kinds") };
    spec.host = host;
    spec.hasNoNetwork = true;
    spec.hostProcesses = true;
    spec.capabilities = needsOfAll().capabilities;
    spec.dropsOtherCapabilities = true;
    spec.volumes = needsOfAll().volumes;
    const auto helper = createHelper(backend, spec, token);
    if (!helper)
        return domain::failure(helper.error());
    const auto deadline = std::chrono::steady_clock::now() + answerLimit;
    QString why;
    QList<KindAbility> out;
    while (std::chrono::steady_clock::now() < deadline && !token.isCancelled()) {
        const auto now = lookAt(backend, helper->id, token);
        if (now && *now && !hasEnded(**now)) {
            std::this_thread::sleep_for(lookGap);
            continue;
        }
        if (now && *now)
            why = (*now)->life.transitioningMessage;
        const auto log = now && *now ? logOf(backend, helper->id, 10s) : QByteArray();
        if (log)
            out = parseKinds(*log);
        break;
    }
    (void)removeHelper(backend, helper->id); // it carries no fault
    if (out.isEmpty())
        return domain::failure(domain::ErrorKind::Server,
            Text::tr("The agent of the image %1 did not tell what this machine can do. %2 If the "
                     "image is missing: scripts/images")
                .arg(agentImage(), why));
    return out;
}

QList<KindAbility> orchestratorKinds()
{
    const QString verb = Text::tr("the orchestrator's own verb");
    QList<KindAbility> out;
    for (const char *kind :
        { "process.kill", "container.kill", "container.stop", "container.restart", "stack.scale" })
        out += KindAbility{ QString::fromLatin1(kind), true, verb, {} };
    return out;
}

std::optional<QString> whyNot(const QList<KindAbility> &abilities, const QString &kind)
{
    const auto found = std::find_if(abilities.begin(), abilities.end(),
        [&](const KindAbility &one) { return one.kind == kind; });
    if (found == abilities.end())
        return Text::tr("The agent there does not know %1.").arg(kind);
    if (!found->can)
        return Text::tr("This machine can't do %1: %2").arg(kind, found->reason);
    return std::nullopt;
}

} // namespace faultline::faults
