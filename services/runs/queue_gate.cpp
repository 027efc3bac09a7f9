// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/queue_gate.h"

#include "services/runs/capacity.h"
#include "services/runs/text.h"

namespace faultline::runs {

using std::chrono::milliseconds;
using Clock = RunState::Clock;

bool awaitRoom(RunState &state)
{
    const cases::Needs &needs = state.request.caseFile.needs;
    const auto begin = Clock::now();
    const auto limit = needs.maxWait.count() > 0
        ? needs.maxWait
        : std::chrono::duration_cast<milliseconds>(state.deadline - begin);
    bool hasWaited = false;
    const auto free = awaitCapacity(state.backend, needs, limit, state.abort,
        [&](const QString &sentence, const FreeCapacity &left) {
            hasWaited = true;
            state.events.write("queue.wait",
                { { "slots", left.slots }, { "cpu", left.cpu },
                    { "memoryBytes", left.memoryBytes } },
                sentence.toStdString());
        });
    if (!free && !state.abort.isCancelled())
        state.fail(free.error().text());
    if (!state.mayGoOn())
        return false;
    const auto waited = std::chrono::duration_cast<milliseconds>(Clock::now() - begin);
    if (hasWaited)
        state.events.write("queue.pass", { { "waitedMs", waited.count() } },
            Text::tr("there is room after %1 s").arg(waited.count() / 1'000).toStdString());
    if (needs.maxWait.count()
        > 0) // a wait with a bound of its own does not count as the case's time
        state.deadline += waited;
    return true;
}

} // namespace faultline::runs
