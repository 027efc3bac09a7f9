// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <atomic>
#include <thread>
#include <vector>

namespace faultline::console {

/// Values below which so many of all lie, in ms.
struct Quantiles
{
    double p50 = 0;
    double p99 = 0;
    double max = 0;
    std::size_t count = 0;
};
[[nodiscard]] Quantiles quantilesOf(std::vector<double> values);

/// Measures how long the main thread makes others wait: a thread posts a no-op every 2 ms and notes
/// when it ran.
class StallWatch : public QObject
{
    Q_OBJECT

public:
    StallWatch();
    ~StallWatch() override;
    /// Ends the watch; what is still on its way is waited for.
    [[nodiscard]] Quantiles finish();

private:
    void post();

    std::vector<double> m_waits; // main thread only
    std::atomic<int> m_posted = 0;
    std::atomic<bool> m_stop = false;
    std::thread m_thread;
};

} // namespace faultline::console
