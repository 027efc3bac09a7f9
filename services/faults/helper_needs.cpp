// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/faults/helper_needs.h"

namespace faultline::faults {

namespace {

bool beginsWith(const QString &kind, const char *area)
{
    return kind.startsWith(QLatin1StringView(area));
}

/// What a kind takes hold of; two of the same hold can't be in at once. Empty: of nothing.
QString holdOf(const QString &kind)
{
    if (kind == QLatin1StringView("network.partition")
        || kind == QLatin1StringView("network.blackhole")
        || kind == QLatin1StringView("network.dns"))
        return kind; // rules of their own, which add up with others
    if (beginsWith(kind, "network."))
        return QStringLiteral("packets");
    if (beginsWith(kind, "clock."))
        return QStringLiteral("clock");
    if (beginsWith(kind, "container.") || beginsWith(kind, "process."))
        return QStringLiteral("process");
    if (kind == QLatin1StringView("io.latency") || kind == QLatin1StringView("io.error"))
        return QStringLiteral("mount");
    return kind;
}

} // namespace

HelperNeeds needsOf(const QString &kind)
{
    static const QStringList inside{ QStringLiteral("SYS_PTRACE"), QStringLiteral("KILL"),
        QStringLiteral("SYS_CHROOT"), QStringLiteral("DAC_OVERRIDE") };
    static const QStringList controlGroups{ QStringLiteral("/sys/fs/cgroup:/host/cgroup") };
    HelperNeeds out;
    const bool isLoad = beginsWith(kind, "cpu.") || beginsWith(kind, "memory.")
        || beginsWith(kind, "io.") || beginsWith(kind, "disk.");
    const bool isInside = isLoad || kind == QLatin1StringView("process.signal")
        || kind == QLatin1StringView("container.pause") || kind == QLatin1StringView("command");
    if (beginsWith(kind, "network."))
        return { true, true, false, { QStringLiteral("NET_ADMIN"), QStringLiteral("NET_RAW") },
            {} };
    if (beginsWith(kind, "clock."))
        return { true, false, true, { QStringLiteral("SYS_PTRACE") }, {} };
    if (isInside)
        return { true, false, true, inside, controlGroups };
    return out;
}

HelperNeeds needsOfAll()
{
    HelperNeeds out = needsOf(QStringLiteral("command"));
    out.capabilities += needsOf(QStringLiteral("network.delay")).capabilities;
    return out;
}

bool conflict(const QString &kind, const QString &other)
{
    return holdOf(kind) == holdOf(other);
}

bool outlivesRestart(const QString &kind)
{
    return beginsWith(kind, "disk.") || kind == QLatin1StringView("io.latency")
        || kind == QLatin1StringView("io.error") || kind == QLatin1StringView("command");
}

bool mayEndTarget(const QString &kind)
{
    return kind == QLatin1StringView("process.signal") || kind == QLatin1StringView("io.error")
        || kind == QLatin1StringView("disk.fill") || kind == QLatin1StringView("memory.stress")
        || kind == QLatin1StringView("command");
}

} // namespace faultline::faults
