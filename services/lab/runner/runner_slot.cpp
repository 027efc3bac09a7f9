// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/runner/runner_slot.h"

#include <csignal>
#include <utility>

namespace faultline::lab {

namespace {

constexpr int restAfterFailureMilliseconds = 1000;
constexpr int restAfterNothingMilliseconds = 50;

} // namespace

RunnerSlot::RunnerSlot(RunnerSettings settings, ProcessLedger &ledger)
    : m_settings(std::move(settings))
    , m_ledger(ledger)
    , m_thread([this] { serve(); })
{
}

RunnerSlot::~RunnerSlot()
{
    stop();
}

void RunnerSlot::requestStop()
{
    m_stop.raise();
}

void RunnerSlot::stop()
{
    m_stop.raise();
    if (m_thread.joinable())
        m_thread.join();
}

void RunnerSlot::serve()
{
    // Signals are for the thread that waits for them, never for a runner.
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, nullptr);
    HttpClient http(m_settings.url, m_stop);
    JobClient client(http, m_settings.token, m_settings.systemId);
    while (!m_stop.isRaised()) {
        const auto job = client.request();
        if (job && *job)
            JobRun(m_settings, **job, client, m_ledger, m_stop).run();
        else
            (void)m_stop.waitFor(
                -1, 0, job ? restAfterNothingMilliseconds : restAfterFailureMilliseconds);
    }
}

} // namespace faultline::lab
