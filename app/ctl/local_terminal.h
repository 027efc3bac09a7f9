// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <functional>
#include <memory>
#include <thread>
#include <utility>

namespace faultline::ctl {

/// This program's standard input while a shell in a container uses it. A terminal is raw meanwhile
/// (every key goes to the container, Ctrl-C too) and as before afterwards.
class LocalTerminal
{
public:
    struct Receivers
    {
        std::function<void(const QByteArray &)> typed;
        std::function<void()> ended; ///< the input's end, for a pipe or file
        std::function<void(int columns, int rows)> resized; ///< also once at the start
    };
    /// The receivers are called on a thread of this object.
    explicit LocalTerminal(Receivers receivers);
    ~LocalTerminal();
    LocalTerminal(const LocalTerminal &) = delete;
    LocalTerminal &operator=(const LocalTerminal &) = delete;

    [[nodiscard]] static bool isTerminal();

private:
    class RawMode;
    void read();
    void tellSize(std::pair<int, int> &known) const;

    Receivers m_receivers;
    std::unique_ptr<RawMode> m_rawMode;
    int m_stop = -1;
    std::thread m_thread;
};

} // namespace faultline::ctl
