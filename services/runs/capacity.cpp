// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/capacity.h"

#include "services/runs/pause.h"
#include "services/runs/stack_calls.h"
#include "services/runs/text.h"

#include <QSet>

#include <algorithm>
#include <map>
#include <mutex>

namespace faultline::runs {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

namespace {

constexpr auto lookGap = 2s;
constexpr auto sayGap = 30s;
constexpr auto requestLimit = 10s;
constexpr auto longestSilence = 15s;
constexpr int coresPerSlot = 2;
constexpr double gibibyte = 1'073'741'824.0;

/// The live numbers of some hosts. Made and destroyed on a flow thread; the feeds live on the
/// service thread.
class HostUsage
{
public:
    explicit HostUsage(stacks::StackBackend &backend)
        : m_backend(backend)
    {
    }
    ~HostUsage()
    {
        QMetaObject::invokeMethod(
            &m_backend, [this] { m_feeds.clear(); }, Qt::BlockingQueuedConnection);
    }
    HostUsage(const HostUsage &) = delete;
    HostUsage &operator=(const HostUsage &) = delete;

    void watch(const domain::HostId &id)
    {
        QMetaObject::invokeMethod(
            &m_backend,
            [this, id] {
                if (m_feeds.contains(id) || !(m_feeds[id] = m_backend.openUsage(id)))
                    return;
                auto *feed = m_feeds[id].get();
                QObject::connect(feed, &stacks::UsageFeed::sampled, feed,
                    [this, id](const QList<stacks::UsageSample> &samples) { take(id, samples); });
                // Opened again at the next look.
                const auto close = [this, id] {
                    if (m_feeds[id])
                        m_feeds[id].release()->deleteLater();
                    m_feeds.erase(id);
                };
                QObject::connect(feed, &stacks::UsageFeed::ended, feed, close);
                QObject::connect(feed, &stacks::UsageFeed::failed, feed, close);
            },
            Qt::BlockingQueuedConnection);
    }

    /// Adds what is left on the host; false while it has not said enough.
    bool addTo(FreeCapacity &out, const domain::Host &host) const
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_hosts.find(host.id);
        if (found == m_hosts.end() || !found->second.cores
            || Clock::now() - found->second.at > longestSilence)
            return false;
        const stacks::UsageSample &last = found->second.last;
        out.cpu += std::max(0.0, double(host.cpuCount) - *found->second.cores);
        out.memoryBytes += std::max<qint64>(0, last.memoryLimitBytes - last.memoryBytes);
        return true;
    }

private:
    struct Seen
    {
        stacks::UsageSample last;
        std::optional<double> cores; // in use
        Clock::time_point at;
    };

    void take(const domain::HostId &id, const QList<stacks::UsageSample> &samples)
    {
        const std::lock_guard lock(m_mutex);
        for (const stacks::UsageSample &sample : samples) {
            Seen &seen = m_hosts[id];
            const qint64 millis
                = seen.last.time.isValid() ? seen.last.time.msecsTo(sample.time) : 0;
            if (millis > 0)
                seen.cores = double(sample.cpuNanos - seen.last.cpuNanos) / 1e6 / double(millis);
            if (!seen.last.time.isValid() || millis > 0)
                seen.last = sample;
            seen.at = Clock::now();
        }
    }

    stacks::StackBackend &m_backend;
    std::map<domain::HostId, std::unique_ptr<stacks::UsageFeed>> m_feeds; // service thread
    mutable std::mutex m_mutex;
    std::map<domain::HostId, Seen> m_hosts;
};

int slotsOf(const domain::Host &host)
{
    bool isNumber = false;
    const int labelled = host.labels.value(QStringLiteral("faultline.slots")).toInt(&isNumber);
    return isNumber ? std::max(labelled, 0) : std::max(host.cpuCount / coresPerSlot, 1);
}

/// Stacks that are or were made by a run and are still there.
int takenSlots(const stacks::StackSnapshot &all)
{
    QSet<domain::StackId> taken;
    for (const domain::Container &container : all.containers) {
        if (container.labels.contains(QStringLiteral("faultline.run"))
            && !domain::isGone(container.life))
            taken += container.stackId;
    }
    for (const domain::Service &service : all.services) {
        if (service.labels.contains(QStringLiteral("faultline.run"))
            && !domain::isGone(service.life))
            taken += service.stackId;
    }
    return static_cast<int>(taken.size());
}

FreeCapacity lookAt(const stacks::StackSnapshot &all, HostUsage &usage)
{
    FreeCapacity out;
    for (const domain::Host &host : all.hosts) {
        if (host.life.state != domain::State::Active)
            continue;
        ++out.hosts;
        out.slots += slotsOf(host);
        usage.watch(host.id);
        if (!usage.addTo(out, host))
            ++out.silentHosts;
    }
    out.slots = std::max(0, out.slots - takenSlots(all));
    return out;
}

bool needsNothing(const cases::Needs &needs)
{
    return needs.slots <= 0 && needs.cpu <= 0 && needs.memoryBytes <= 0;
}

} // namespace

QString FreeCapacity::text() const
{
    QString out = Text::tr("free: %1 slots, %2 cores, %3 GiB on %4 hosts")
                      .arg(slots)
                      .arg(cpu, 0, 'f', 1)
                      .arg(double(memoryBytes) / gibibyte, 0, 'f', 1)
                      .arg(hosts);
    if (silentHosts > 0)
        out += Text::tr("; no live numbers of %1 of them").arg(silentHosts);
    return out;
}

QString missingFor(const cases::Needs &needs, const FreeCapacity &free)
{
    QStringList out;
    if (needs.slots > free.slots)
        out += Text::tr("%1 slots").arg(needs.slots);
    if (needs.cpu > free.cpu)
        out += Text::tr("%1 cores").arg(needs.cpu, 0, 'f', 1);
    if (needs.memoryBytes > free.memoryBytes)
        out += Text::tr("%1 GiB").arg(double(needs.memoryBytes) / gibibyte, 0, 'f', 1);
    return out.join(QStringLiteral(", "));
}

domain::Result<FreeCapacity> awaitCapacity(stacks::StackBackend &backend, const cases::Needs &needs,
    std::chrono::milliseconds limit, const net::CancelToken &token, const SayCapacity &say)
{
    if (needsNothing(needs))
        return FreeCapacity();
    HostUsage usage(backend);
    const auto begin = Clock::now();
    auto lastAnswer = begin;
    auto nextSay = begin;
    QString told;
    for (;;) {
        if (token.isCancelled())
            return domain::failure(domain::ErrorKind::Cancelled, Text::tr("Cancelled."));
        const auto all = ask<stacks::StackSnapshot>(
            backend,
            [](stacks::StackBackend &asked, auto done) { return asked.snapshot(std::move(done)); },
            requestLimit, token);
        const auto now = Clock::now();
        if (all)
            lastAnswer = now;
        else if (now - lastAnswer > longestSilence)
            return domain::failure(all.error());
        const FreeCapacity free = all ? lookAt(*all, usage) : FreeCapacity();
        const QString missing = missingFor(needs, free);
        if (all && missing.isEmpty())
            return free;
        const auto waited = std::chrono::duration_cast<std::chrono::seconds>(now - begin);
        // The live numbers come a second later than the first look: nothing is said of that.
        const bool isNews = missing != told && free.silentHosts < std::max(free.hosts, 1);
        if (all && (isNews || now >= nextSay + sayGap)) {
            told = missing;
            nextSay = now;
            say(Text::tr("waiting for %1 (%2); %3 s so far")
                    .arg(missing, free.text())
                    .arg(waited.count()),
                free);
        }
        if (now - begin >= limit)
            return domain::failure(domain::ErrorKind::Timeout,
                Text::tr("The cluster had no room for %1 within %2 s (%3).")
                    .arg(missing)
                    .arg(waited.count())
                    .arg(free.text()));
        const auto pauseEnd = std::min<Clock::time_point>(
            Clock::now() + (free.silentHosts > 0 ? 500ms : std::chrono::milliseconds(lookGap)),
            begin + limit);
        while (Clock::now() < pauseEnd && !token.isCancelled())
            pauseFor(100ms);
    }
}

} // namespace faultline::runs
