// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/faults/injection.h"

#include "services/faults/injection_flow.h"

#include <thread>

namespace faultline::faults {

using std::chrono::milliseconds;

/// Joined when it is destroyed; until then everything that the flow refers to stays.
class Injection::Thread
{
public:
    Thread(stacks::StackBackend &backend, std::shared_ptr<Ledger> ledger, InjectionWish wish,
        std::shared_ptr<Shared> shared, OnChange onChange)
        : m_thread([&backend, ledger = std::move(ledger), wish = std::move(wish),
                       shared = std::move(shared), onChange = std::move(onChange)] {
            InjectionFlow(backend, *ledger, wish, *shared, onChange).run();
            const std::lock_guard lock(shared->mutex);
            shared->hasEnded = true;
        })
    {
    }
    ~Thread() { m_thread.join(); }
    Thread(const Thread &) = delete;
    Thread &operator=(const Thread &) = delete;

private:
    std::thread m_thread;
};

Injection::Injection(stacks::StackBackend &backend, std::shared_ptr<Ledger> ledger,
    InjectionWish wish, OnChange onChange)
    : m_shared(std::make_shared<Shared>())
{
    m_shared->asked = Shared::Clock::now();
    m_shared->record.id = wish.spec.id;
    m_shared->record.kind = wish.spec.kind;
    m_shared->record.target = wish.spec.target;
    m_thread = std::make_unique<Thread>(
        backend, std::move(ledger), std::move(wish), m_shared, std::move(onChange));
}

Injection::~Injection()
{
    stop();
}

void Injection::stop()
{
    m_shared->stop.cancel();
}

void Injection::extend(milliseconds by)
{
    const std::lock_guard lock(m_shared->mutex);
    m_shared->extension += by;
}

void Injection::hold(milliseconds time)
{
    const std::lock_guard lock(m_shared->mutex);
    m_shared->holdTime = time;
}

FaultRecord Injection::record() const
{
    const std::lock_guard lock(m_shared->mutex);
    return m_shared->record;
}

bool Injection::hasEnded() const
{
    const std::lock_guard lock(m_shared->mutex);
    return m_shared->hasEnded;
}

std::optional<domain::Error> Injection::trouble() const
{
    const std::lock_guard lock(m_shared->mutex);
    return m_shared->trouble;
}

bool Injection::wasInForce() const
{
    const std::lock_guard lock(m_shared->mutex);
    return m_shared->inForce.has_value();
}

milliseconds Injection::timeToForce() const
{
    const std::lock_guard lock(m_shared->mutex);
    return m_shared->inForce
        ? std::chrono::duration_cast<milliseconds>(*m_shared->inForce - *m_shared->asked)
        : milliseconds(0);
}

} // namespace faultline::faults
