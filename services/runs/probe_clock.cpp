// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/probe_clock.h"

#include <QEventLoop>
#include <QTimer>

#include <algorithm>

namespace faultline::runs {

using Clock = std::chrono::steady_clock;

struct ProbeClock::Line
{
    cases::Probe probe;
    std::int64_t next = 0;
    std::size_t told = 0; // seconds given to onSecond
};

/// Lives on the probes' thread.
class ProbeClock::Worker : public QObject
{
public:
    explicit Worker(ProbeClock &clock)
        : m_clock(clock)
        , m_timer(this)
        , m_sockets(this)
    {
        for (const cases::Probe &probe : clock.m_probes)
            m_lines.push_back({ probe, 0, 0 });
        m_timer.setTimerType(Qt::PreciseTimer);
        m_timer.setSingleShot(true);
        connect(&m_timer, &QTimer::timeout, this, [this] { startDue(); });
    }

    void startDue()
    {
        using std::chrono::milliseconds;
        const auto now = Clock::now();
        auto wake = milliseconds(1'000);
        for (Line &line : m_lines) {
            while (!m_isStopping && dueOf(line) <= now) {
                begin(line);
                m_sockets.look(); // a near target has answered by now
            }
            const auto left = std::chrono::ceil<milliseconds>(dueOf(line) - now);
            wake = std::min(wake, std::max(left, milliseconds(0)));
        }
        if (!m_isStopping)
            m_timer.start(wake);
    }

    /// Returns when no attempt is under way any more.
    void drain()
    {
        m_isStopping = true;
        m_timer.stop();
        QEventLoop loop;
        m_idle = [&loop] { loop.quit(); };
        if (m_underWay > 0)
            loop.exec();
        m_idle = nullptr;
        for (Line &line : m_lines) {
            {
                const std::lock_guard lock(m_clock.m_mutex);
                m_clock.m_series[line.probe.id].close();
            }
            tell(line);
        }
    }

private:
    [[nodiscard]] Clock::time_point dueOf(const Line &line) const
    {
        return m_clock.m_start + line.next * line.probe.every;
    }

    void begin(Line &line)
    {
        const std::int64_t number = line.next++;
        const auto due = m_clock.m_start + number * line.probe.every;
        ++m_underWay;
        startAttempt({ m_sockets, m_clock.m_resolve, m_clock.m_inside, m_clock.m_passwords },
            line.probe, number,
            [this, &line, number, due](const AttemptEnd &end) { ended(line, number, due, end); });
    }

    void ended(Line &line, std::int64_t number, Clock::time_point due, const AttemptEnd &end)
    {
        Attempt attempt;
        attempt.at = number * line.probe.every;
        attempt.isOk = end.isOk;
        attempt.why = end.why;
        attempt.latency = std::chrono::duration<double, std::milli>(Clock::now() - due).count();
        {
            const std::lock_guard lock(m_clock.m_mutex);
            m_clock.m_series[line.probe.id].ended(number, attempt);
        }
        tell(line);
        if (--m_underWay == 0 && m_idle)
            m_idle();
    }

    void tell(Line &line)
    {
        std::vector<ProbeSecond> fresh;
        {
            const std::lock_guard lock(m_clock.m_mutex);
            const auto &seconds = m_clock.m_series[line.probe.id].seconds();
            fresh.assign(seconds.begin() + static_cast<std::ptrdiff_t>(line.told), seconds.end());
            line.told = seconds.size();
        }
        for (const ProbeSecond &second : fresh)
            m_clock.m_onSecond(line.probe.id, second);
    }

    ProbeClock &m_clock;
    QTimer m_timer;
    ProbeSockets m_sockets;
    std::vector<Line> m_lines; // never grows after the constructor: attempts hold references
    int m_underWay = 0;
    bool m_isStopping = false;
    std::function<void()> m_idle;
};

ProbeClock::ProbeClock(std::vector<cases::Probe> probes, Resolve resolve, OnSecond onSecond,
    ExecInside inside, SqlPasswords passwords)
    : m_probes(std::move(probes))
    , m_resolve(std::move(resolve))
    , m_onSecond(std::move(onSecond))
    , m_inside(std::move(inside))
    , m_passwords(std::move(passwords))
{
    for (const cases::Probe &probe : m_probes)
        m_series[probe.id];
}

ProbeClock::~ProbeClock()
{
    stop();
}

void ProbeClock::start()
{
    m_start = Clock::now();
    m_isRunning = true;
    m_thread.start();
    m_worker = new Worker(*this);
    m_worker->moveToThread(&m_thread);
    QMetaObject::invokeMethod(
        m_worker, [this] { m_worker->startDue(); }, Qt::QueuedConnection);
}

void ProbeClock::stop()
{
    if (!m_isRunning)
        return;
    m_isRunning = false;
    QMetaObject::invokeMethod(
        m_worker,
        [this] {
            m_worker->drain();
            m_worker->deleteLater(); // when the thread ends
        },
        Qt::BlockingQueuedConnection);
    m_worker = nullptr;
    m_thread.quit();
    m_thread.wait();
}

void ProbeClock::lookAt(
    const std::string &probe, const std::function<void(const ProbeSeries &)> &look) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_series.find(probe);
    if (found != m_series.end() && found->second.okCount() + found->second.failedCount() > 0)
        look(found->second);
}

std::map<std::string, ProbeSeries> ProbeClock::series() const
{
    const std::lock_guard lock(m_mutex);
    return m_series;
}

} // namespace faultline::runs
