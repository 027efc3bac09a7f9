// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/stall_watch.h"

#include <QCoreApplication>

#include <algorithm>
#include <chrono>

namespace faultline::console {

using Clock = std::chrono::steady_clock;

Quantiles quantilesOf(std::vector<double> values)
{
    if (values.empty())
        return {};
    std::sort(values.begin(), values.end());
    const auto at = [&values](double part) {
        return values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1))];
    };
    return { at(0.5), at(0.99), values.back(), values.size() };
}

StallWatch::StallWatch()
{
    m_waits.reserve(100'000);
    m_thread = std::thread([this] {
        auto next = Clock::now();
        while (!m_stop) {
            post();
            next += std::chrono::milliseconds(2);
            std::this_thread::sleep_until(next);
        }
    });
}

StallWatch::~StallWatch()
{
    m_stop = true;
    if (m_thread.joinable())
        m_thread.join();
}

void StallWatch::post()
{
    ++m_posted;
    QMetaObject::invokeMethod(
        this,
        [this, posted = Clock::now()] {
            m_waits.push_back(
                std::chrono::duration<double, std::milli>(Clock::now() - posted).count());
        },
        Qt::QueuedConnection);
}

Quantiles StallWatch::finish()
{
    m_stop = true;
    m_thread.join();
    while (static_cast<int>(m_waits.size()) < m_posted)
        QCoreApplication::processEvents();
    return quantilesOf(m_waits);
}

} // namespace faultline::console
