// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

namespace faultline::lab {

/// Ends blocking work from another thread. Copies share one state; cancelling can't be undone.
class Cancellation
{
public:
    Cancellation();

    void cancel() const; ///< any thread
    [[nodiscard]] bool isCancelled() const;
    /// Becomes readable when cancelled: for poll().
    [[nodiscard]] int descriptor() const;

private:
    struct State;
    std::shared_ptr<State> m_state;
};

} // namespace faultline::lab
