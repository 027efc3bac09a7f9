// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/scene_note.h"

#include "services/cases/schema/quantities.h"
#include "services/runs/evidence.h"
#include "services/runs/text.h"

#include <algorithm>

namespace faultline::runs {

namespace {

QString waysInto(const RunState &state, const domain::Container &container)
{
    QStringList ports;
    for (const domain::PortBinding &port : container.ports) {
        if (port.hostPort > 0)
            ports += QStringLiteral("%1->%2").arg(port.hostPort).arg(port.containerPort);
    }
    return QStringLiteral("  %1  host %2  ports %3  docker exec -it %4 sh  |  faultlinectl log %5")
        .arg(container.name, state.stack.hostName(container.hostId),
            ports.isEmpty() ? QStringLiteral("-") : ports.join(u','), container.externalId.left(12),
            container.id.value());
}

} // namespace

QString retentionLabel(const cases::CaseFile &caseFile)
{
    QStringList out;
    for (const auto &[outcome, rule] : caseFile.retention) {
        if (rule.keep)
            out += QString::fromStdString(outcome + '=' + cases::durationText(rule.ttl));
    }
    return out.join(u' ');
}

SceneNote sceneNote(const RunState &state, Verdict verdict)
{
    const cases::Metadata &metadata = state.request.caseFile.metadata;
    const auto &rules = state.request.caseFile.retention;
    const auto rule = rules.find(std::string(nameOf(verdict)));
    const auto ttl = rule == rules.end() ? cases::milliseconds(0) : rule->second.ttl;
    const std::int64_t now = Moment::now().wallMicros;
    const auto anomaly
        = std::find_if(state.findings.begin(), state.findings.end(), countsAsAnomaly);

    SceneNote out;
    out.json
        = { { "stack", state.request.stackName.toStdString() }, { "ownerTeam", metadata.ownerTeam },
              { "ownerPerson", metadata.ownerPerson }, { "verdict", nameOf(verdict) },
              { "reason", anomaly == state.findings.end() ? "" : anomaly->message },
              { "keptAt", timeText(now) }, { "ttlMs", ttl.count() } };
    if (ttl.count() > 0)
        out.json["expires"] = timeText(now + ttl.count() * 1'000);
    out.json["faultsHeld"] = Json::array();
    out.json["containers"] = Json::array();
    out.headline = Text::tr("the stack %1 is kept for %2")
                       .arg(state.request.stackName, QString::fromStdString(metadata.ownerTeam));
    for (const domain::Container &container : state.stack.containers()) {
        out.json["containers"].push_back(
            containerJson(container, state.stack.hostName(container.hostId)));
        out.lines += waysInto(state, container);
    }
    out.lines += Text::tr("Nothing removes it by itself yet: faultlinectl rm %1 --wait")
                     .arg(state.request.stackName);
    return out;
}

} // namespace faultline::runs
