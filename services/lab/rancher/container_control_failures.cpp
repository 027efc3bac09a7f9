// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/container_control.h"

#include <algorithm>

namespace faultline::lab {

namespace {

constexpr int longestBackoffSeconds = 30;
constexpr int startTries = 5; ///< Rancher's instance.compute.tries
constexpr std::int64_t settledAfterMs = 30'000;
constexpr std::int64_t unreachableRetryMs = 2'000;

} // namespace

void ContainerControl::waitForNextTry(std::int64_t id, Progress &progress)
{
    const std::chrono::milliseconds delay(std::max<std::int64_t>(progress.notBefore - nowMs(), 1));
    progress.wake = m_server.after(delay, [this, id] { drive(id); });
}

void ContainerControl::failed(std::int64_t id, Step step, const EngineError &error)
{
    const ContainerRecord *container = m_store.container(id);
    if (container == nullptr || container->removed != 0)
        return;
    Progress &progress = m_progress[id];
    if (error.isUnreachable()) { // not the container's fault: its state stands, and the step comes
                                 // again
        progress.notBefore = nowMs() + unreachableRetryMs;
        return waitForNextTry(id, progress);
    }
    if (error.isNotFound() && step != Step::Create && !container->dockerId.empty()) {
        Observation gone;
        gone.at = nowNs();
        return observe(id, gone);
    }
    const bool isStart = step == Step::Create || step == Step::Start;
    if (container->wanted == Wanted::Removed && isStart)
        return drive(id); // asked for meanwhile: what could not be made needs no more tries
    ++progress.failures;
    // A missing image stays missing; a name or a port may become free. What is asked to end must
    // end some time.
    const bool again = step != Step::Create || !error.isNotFound();
    const bool tryAgain = again && (!isStart || progress.failures < startTries);
    const int seconds = std::min(1 << std::min(progress.failures - 1, 5), longestBackoffSeconds);
    progress.notBefore = tryAgain ? nowMs() + seconds * 1000 : 0;
    const ServiceRecord *service = m_store.service(container->serviceId);
    const bool isPinned = service != nullptr && service->isGlobal();
    m_store.changeContainer(id, [&error, isStart, isPinned](ContainerRecord &record) {
        record.error = error.message;
        if (record.dockerId.empty() && !isPinned)
            record.hostId = 0; // the next try may be on another host
        if (isStart)
            record.state = "error";
    });
    if (tryAgain)
        waitForNextTry(id, progress);
}

void ContainerControl::exited(std::int64_t id, const Observation &seen)
{
    const ContainerRecord &container = *m_store.container(id);
    Progress &progress = m_progress[id];
    m_store.changeContainer(id, [&seen](ContainerRecord &record) {
        record.exitCode = seen.exitCode;
        record.address.clear();
        record.ports = Json::array();
    });
    if (container.wanted != Wanted::Running || progress.step == Step::Restart)
        return;
    if (!restartsByItself(container) && container.startCount > 0) {
        m_store.changeContainer(
            id, [](ContainerRecord &record) { record.wanted = Wanted::Stopped; });
        return;
    }
    if (progress.startedAt == 0)
        return; // it never ran while we watched: start it at once
    const bool hadSettled = nowMs() - progress.startedAt > settledAfterMs;
    progress.failures = hadSettled ? 1 : progress.failures + 1;
    const int seconds = std::min(1 << std::min(progress.failures - 1, 5), longestBackoffSeconds);
    progress.notBefore = nowMs() + seconds * 1000;
    progress.startedAt = 0;
}

} // namespace faultline::lab
