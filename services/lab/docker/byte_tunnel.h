// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/docker/cancellation.h"

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <system_error>

namespace faultline::lab {

/// Bytes that one thread gives and a tunnel sends. Thread-safe; copies share one queue.
class TunnelInput
{
public:
    TunnelInput();

    /// What push() made of the bytes.
    enum class Room {
        Enough,
        Full, ///< taken, but no more should come before onRoom
        None, ///< not taken: more than 4 MiB wait
    };
    /// Full when more than 1 MiB waits: the other side reads slowly.
    [[nodiscard]] Room push(std::string_view bytes);
    /// Called by the thread that takes, once after each Full. Set it before bytes come.
    void setOnRoom(std::function<void()> onRoom);
    /// What was pushed is still sent; then the tunnel ends.
    void finish();

    /// At most as much as a socket takes at once.
    [[nodiscard]] std::string take();
    [[nodiscard]] bool isFinished() const;
    /// Readable when there is something to take or to finish: for poll().
    [[nodiscard]] int descriptor() const;

private:
    struct State;
    std::shared_ptr<State> m_state;
};

/// Connects to a unix socket, sends `opening` (an HTTP request that asks for the raw connection;
/// its answer's header is swallowed; may be empty), and carries bytes both ways until one side
/// ends. Blocks: for a thread of its own. `receive` gives false to end it.
[[nodiscard]] std::error_code carryBytes(const std::string &socketPath, const std::string &opening,
    const TunnelInput &input, const std::function<bool(std::string_view bytes)> &receive,
    const Cancellation &cancellation);

} // namespace faultline::lab
