// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/scene_note.h"

#include "services/cases/schema/quantities.h"
#include "services/runs/text.h"
#include "services/scenes/container_json.h"
#include "services/scenes/scene_notes.h"

#include <algorithm>

namespace faultline::runs {

using namespace std::chrono_literals;

namespace {

constexpr auto askLimit = 10s;
constexpr auto noteLimit = 15s;

scenes::Scene sceneAfter(
    const RunState &state, Verdict verdict, const cases::Retention *rule, const QDateTime &now)
{
    const cases::Metadata &metadata = state.request.caseFile.metadata;
    const auto anomaly
        = std::find_if(state.findings.begin(), state.findings.end(), countsAsAnomaly);
    scenes::Scene out;
    out.stackId = state.stack.stack()->id;
    out.stack = state.request.stackName;
    out.run = state.request.run;
    out.caseName = QString::fromStdString(metadata.name);
    out.team = QString::fromStdString(metadata.ownerTeam);
    out.person = QString::fromStdString(metadata.ownerPerson);
    out.verdict = QString::fromUtf8(nameOf(verdict).data());
    out.reason = anomaly == state.findings.end() ? state.trouble
                                                 : QString::fromStdString(anomaly->message);
    out.keptAt = now;
    out.changedAt = now;
    const bool hasLife = rule != nullptr && rule->ttl.count() > 0;
    out.expires = now.addMSecs(
        hasLife ? rule->ttl.count() : std::chrono::milliseconds(scenes::usualLife).count());
    if (rule != nullptr) {
        out.extendMax = rule->extendMax;
        out.warnBefore = rule->warnBefore;
    }
    if (out.warnBefore.count() > 0) {
        for (const cases::Notify &entry : state.request.caseFile.notify) {
            if (!entry.slack.empty())
                out.warnTo += QString::fromStdString(entry.slack);
            for (const std::string &who : entry.mention)
                out.mentions += QString::fromStdString(who);
        }
        out.warnTo.removeDuplicates();
        out.mentions.removeDuplicates();
    }
    return out;
}

/// False when the owner has as many scenes as the case allows; it is told.
bool isWithinQuota(RunState &state, const cases::Retention &rule, const QDateTime &now)
{
    if (rule.quota <= 0)
        return true;
    const QString team = QString::fromStdString(state.request.caseFile.metadata.ownerTeam);
    const auto present = scenes::askSnapshot(state.backend, askLimit);
    if (!present)
        return true; // better one too many than a lost one
    const int living = scenes::livingScenesOf(team, scenes::scenesOf(*present), now);
    if (living < rule.quota)
        return true;
    state.events.write("scene.quota",
        { { "team", team.toStdString() }, { "scenes", living }, { "quota", rule.quota } },
        Text::tr("the stack is not kept: %1 has %2 scenes, and its quota is %3. Release one with: "
                 "faultlinectl scene release STACK")
            .arg(team)
            .arg(living)
            .arg(rule.quota)
            .toStdString());
    return false;
}

void tellContainers(const RunState &state, SceneNote &note)
{
    note.json["containers"] = Json::array();
    for (const domain::Container &container : state.stack.containers()) {
        const QString host = state.stack.hostName(container.hostId);
        note.json["containers"].push_back(scenes::containerJson(container, host));
        note.lines += QStringLiteral("  ") + scenes::wayInto(container, host);
    }
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

std::optional<SceneNote> keepScene(RunState &state, Verdict verdict)
{
    if (!state.stack.stack())
        return std::nullopt;
    const auto &rules = state.request.caseFile.retention;
    const auto found = rules.find(std::string(nameOf(verdict)));
    const cases::Retention *rule
        = found != rules.end() && found->second.keep ? &found->second : nullptr;
    const QDateTime now = QDateTime::currentDateTimeUtc();
    if (!state.request.keepsAlways && (rule == nullptr || !isWithinQuota(state, *rule, now)))
        return std::nullopt;
    const scenes::Scene scene = sceneAfter(state, verdict, rule, now);
    SceneNote out;
    out.json = { { "stack", scene.stack.toStdString() }, { "ownerTeam", scene.team.toStdString() },
        { "ownerPerson", scene.person.toStdString() }, { "verdict", nameOf(verdict) },
        { "reason", scene.reason.toStdString() },
        { "keptAt", timeText(scene.keptAt.toMSecsSinceEpoch() * 1'000) },
        { "expires", timeText(scene.expires.toMSecsSinceEpoch() * 1'000) },
        { "extendMaxMs", scene.extendMax.count() }, { "faultsHeld", Json::array() } };
    out.headline = Text::tr("the stack %1 is kept for %2 until %3")
                       .arg(scene.stack, scene.team, scene.expires.toString(Qt::ISODate));
    tellContainers(state, out);
    out.lines += Text::tr("more time: faultlinectl scene extend %1 --by 4h; done: faultlinectl "
                          "scene release %1")
                     .arg(scene.stack);
    const auto noted = scenes::writeScene(state.backend, scene, state.stack.services(), noteLimit);
    if (!noted)
        out.lines += Text::tr("The scene could not be noted beside the stack (%1): scene list does "
                              "not show it, and a reaper may remove it.")
                         .arg(noted.error().text());
    return out;
}

} // namespace faultline::runs
