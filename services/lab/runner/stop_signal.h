// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace faultline::lab {

/// Tells a thread that waits in poll(2) to end. Once raised it stays raised.
class StopSignal
{
public:
    StopSignal();
    ~StopSignal();
    StopSignal(const StopSignal &) = delete;
    StopSignal &operator=(const StopSignal &) = delete;

    /// Any thread.
    void raise();
    [[nodiscard]] bool isRaised() const;
    /// Readable once raised.
    [[nodiscard]] int descriptor() const { return m_descriptor; }

    /// Waits until `descriptor` (-1: none) shows `events`, for at most `milliseconds`. False on
    /// timeout or stop.
    [[nodiscard]] bool waitFor(int descriptor, short events, int milliseconds) const;

private:
    int m_descriptor = -1;
};

} // namespace faultline::lab
