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
    HelperNeeds out;
    const bool isLoad = beginsWith(kind, "cpu.") || beginsWith(kind, "memory.")
        || beginsWith(kind, "io.") || beginsWith(kind, "disk.");
    if (beginsWith(kind, "network.")) {
        out.isAgents = true;
        out.sharesNetwork = true;
        out.capabilities = { QStringLiteral("NET_ADMIN"), QStringLiteral("NET_RAW") };
    } else if (beginsWith(kind, "clock.") || kind == QLatin1StringView("process.signal")) {
        out.isAgents = true;
        out.hostProcesses = true;
        out.capabilities = { QStringLiteral("SYS_PTRACE"), QStringLiteral("KILL"),
            QStringLiteral("DAC_OVERRIDE") };
    } else if (isLoad || kind == QLatin1StringView("container.pause")
        || kind == QLatin1StringView("command")) {
        out.isAgents = true;
        out.hostProcesses = true;
        // Control groups, mounts of another namespace and /dev/fuse.
        out.privileged = true;
        out.volumes = { QStringLiteral("/sys/fs/cgroup:/sys/fs/cgroup:rw") };
    }
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
