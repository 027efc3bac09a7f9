// SPDX-License-Identifier: GPL-3.0-or-later
// What an injection does when it is left alone, and when its target is started again.
#include "services/faults/injection_flow.h"
#include "services/faults/text.h"

#include <thread>

namespace faultline::faults {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds lookGap = 250ms;
constexpr milliseconds targetGap = 1s;
constexpr milliseconds leastToFollow = 1s;

} // namespace

/// The timer at the target is all that keeps it from now on.
bool InjectionFlow::leave()
{
    const auto until = QDateTime::currentDateTimeUtc().addMSecs(m_wish.spec.duration.count());
    const auto noted = m_ledger.prolong(m_record.id, until, true);
    const std::lock_guard lock(m_shared.mutex);
    if (!noted)
        m_shared.trouble = noted.error();
    m_record.isHeld = m_shared.record.isHeld = true;
    m_record.until = m_shared.record.until = until;
    return true;
}

void InjectionFlow::watchTarget()
{
    if (m_isTold || m_targetChanged || Clock::now() < m_nextLook)
        return;
    m_nextLook = Clock::now() + (m_wish.follows ? targetGap : 3 * targetGap);
    const auto moot = whyMoot(m_backend, m_record);
    // While it is on its way in, the target's own counters may not be settled yet.
    if (!moot || !*moot || m_record.state != FaultState::InForce)
        return;
    m_targetChanged = true;
    undo();
}

/// The container that stands where the target stood, once it runs.
bool InjectionFlow::findSuccessor()
{
    while (m_end - Clock::now() > leastToFollow && !m_shared.stop.isCancelled()) {
        const auto all = net::waitFor<stacks::StackSnapshot>(
            &m_backend,
            [this](domain::Done<stacks::StackSnapshot> done) {
                return m_backend.snapshot(std::move(done));
            },
            10s, m_shared.stop);
        const auto &before = m_record.target;
        for (const domain::Container &now : all ? all->containers : QList<domain::Container>()) {
            const bool isIt = now.id == before.id
                || (!before.service.isEmpty() && now.serviceId == before.service
                    && now.name == before.name);
            if (!isIt || !isRunning(now) || now.externalId.isEmpty())
                continue;
            m_wish.spec.id = newFaultId();
            m_wish.spec.target = targetOf(now);
            m_wish.spec.duration = std::chrono::ceil<milliseconds>(m_end - Clock::now());
            m_helper = {};
            return true;
        }
        std::this_thread::sleep_for(lookGap);
    }
    return false;
}

} // namespace faultline::faults
