// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/scenes/scene.h"

#include "services/scenes/text.h"

#include <algorithm>

namespace faultline::scenes {

using std::chrono::milliseconds;

namespace {

constexpr QLatin1StringView mark("faultline.scene");
constexpr QLatin1StringView formatVersion("1");
constexpr qsizetype longestReason = 500;

QString key(const char *name)
{
    return mark + QLatin1Char('.') + QLatin1StringView(name);
}

QString timeText(const QDateTime &time)
{
    return time.isValid() ? time.toUTC().toString(Qt::ISODateWithMs) : QString();
}

QDateTime timeOf(const QString &text)
{
    QDateTime out = QDateTime::fromString(text, Qt::ISODateWithMs);
    if (out.isValid())
        out = out.toUTC();
    return out;
}

QString countText(milliseconds time)
{
    return time.count() > 0 ? QString::number(time.count()) : QString();
}

milliseconds countOf(const QString &text)
{
    return milliseconds(std::max<qint64>(text.toLongLong(), 0));
}

Scene sceneIn(const QMap<QString, QString> &notes)
{
    Scene out;
    out.run = notes.value(key("run"));
    out.caseName = notes.value(key("case"));
    out.team = notes.value(key("owner"));
    out.person = notes.value(key("person"));
    out.verdict = notes.value(key("verdict"));
    out.reason = notes.value(key("reason"));
    out.keptAt = timeOf(notes.value(key("kept")));
    out.expires = timeOf(notes.value(key("expires")));
    out.extendMax = countOf(notes.value(key("extendMaxMs")));
    out.warnBefore = countOf(notes.value(key("warnBeforeMs")));
    out.warnTo = notes.value(key("warnTo")).split(QLatin1Char(' '), Qt::SkipEmptyParts);
    out.mentions = notes.value(key("mentions")).split(QLatin1Char(' '), Qt::SkipEmptyParts);
    out.isWarned = !notes.value(key("warned")).isEmpty();
    out.changedAt = timeOf(notes.value(key("changed")));
    return out;
}

} // namespace

QMap<QString, QString> notesOf(const Scene &scene)
{
    return { { mark, formatVersion }, { key("run"), scene.run }, { key("case"), scene.caseName },
        { key("owner"), scene.team }, { key("person"), scene.person },
        { key("verdict"), scene.verdict }, { key("reason"), scene.reason.left(longestReason) },
        { key("kept"), timeText(scene.keptAt) }, { key("expires"), timeText(scene.expires) },
        { key("extendMaxMs"), countText(scene.extendMax) },
        { key("warnBeforeMs"), countText(scene.warnBefore) },
        { key("warnTo"), scene.warnTo.join(QLatin1Char(' ')) },
        { key("mentions"), scene.mentions.join(QLatin1Char(' ')) },
        { key("warned"), scene.isWarned ? QStringLiteral("1") : QString() },
        { key("changed"), timeText(scene.changedAt) } };
}

std::optional<Scene> sceneOf(const domain::Stack &stack, const QList<domain::Service> &services)
{
    std::optional<Scene> newest;
    for (const domain::Service &service : services) {
        if (service.stackId != stack.id || !service.metadata.contains(mark))
            continue;
        Scene found = sceneIn(service.metadata);
        // Notes are written one service after the other: a change may have reached some only.
        if (!newest || !newest->changedAt.isValid() || found.changedAt > newest->changedAt)
            newest = std::move(found);
    }
    if (newest) {
        newest->stackId = stack.id;
        newest->stack = stack.name;
    }
    return newest;
}

QList<Scene> scenesOf(const stacks::StackSnapshot &snapshot)
{
    QList<Scene> out;
    for (const domain::Stack &stack : snapshot.stacks) {
        if (domain::isGone(stack.life))
            continue;
        if (auto scene = sceneOf(stack, snapshot.services))
            out += std::move(*scene);
    }
    std::sort(out.begin(), out.end(), [](const Scene &a, const Scene &b) {
        if (a.expires.isValid() != b.expires.isValid())
            return a.expires.isValid();
        return a.expires != b.expires ? a.expires < b.expires : a.stack < b.stack;
    });
    return out;
}

int livingScenesOf(const QString &team, const QList<Scene> &scenes, const QDateTime &now)
{
    return static_cast<int>(std::count_if(scenes.begin(), scenes.end(),
        [&](const Scene &scene) { return scene.team == team && !scene.isExpired(now); }));
}

domain::Result<Scene> extended(const Scene &scene, milliseconds by, const QDateTime &now)
{
    Scene out = scene;
    const QDateTime from = scene.expires.isValid() ? std::max(scene.expires, now) : now;
    out.expires = from.addMSecs(by.count());
    out.changedAt = now;
    out.isWarned = false;
    if (by.count() <= 0)
        return domain::failure(
            domain::ErrorKind::Invalid, Text::tr("A scene is extended by a time above zero."));
    const QDateTime latest = scene.keptAt.addMSecs(scene.extendMax.count());
    if (scene.extendMax.count() > 0 && scene.keptAt.isValid() && out.expires > latest)
        return domain::failure(domain::ErrorKind::Invalid,
            Text::tr("The scene %1 may live until %2 at most (extendMax of its case). Save its "
                     "evidence: faultlinectl scene evidence %1")
                .arg(scene.stack, timeText(latest)));
    return out;
}

Scene handedOver(
    const Scene &scene, const QString &team, const QString &person, const QDateTime &now)
{
    Scene out = scene;
    if (!team.isEmpty())
        out.team = team;
    if (!team.isEmpty() || !person.isEmpty())
        out.person = person; // a new team's person is not the old one's
    out.isWarned = false;
    out.changedAt = now;
    return out;
}

} // namespace faultline::scenes
