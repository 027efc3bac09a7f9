// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/result.h"

#include <QMetaObject>
#include <QObject>

#include <functional>
#include <memory>
#include <utility>

namespace faultline::net {

/// The handle of a running one-shot operation; the contract of every `Call f(args, Done<T>)` in
/// Faultline:
///  - the callback runs at most once; never from inside the function that started it; on the thread
///  that asked;
///  - never after `cancel()`, and destroying or reassigning the handle cancels, down to the socket
///    ("latest wins" is an assignment to a member);
///  - the operation is over before the callback runs, so the callback may start it again or delete
///  its owner.
class Call
{
public:
    Call() = default;
    ~Call() { cancel(); }
    Call(Call &&other) noexcept
        : m_state(std::move(other.m_state))
    {
    }
    Call &operator=(Call &&other) noexcept
    {
        if (this != &other) {
            cancel();
            m_state = std::move(other.m_state);
        }
        return *this;
    }
    Call(const Call &) = delete;
    Call &operator=(const Call &) = delete;

    /// True until the callback has run or the call was cancelled.
    [[nodiscard]] bool isActive() const { return m_state && !m_state->over; }

    /// Ends the operation without a callback; harmless on an empty or finished call.
    void cancel()
    {
        const std::shared_ptr<State> state = std::move(m_state);
        m_state.reset();
        if (state)
            cancelState(*state);
    }

private:
    struct State
    {
        std::function<void()> onCancel;
        std::shared_ptr<State> step; // what this operation waits for; its callback holds this state
        bool over = false;
        virtual ~State() = default;
        virtual void dropCallback() { }
    };
    static void cancelState(State &state)
    {
        if (state.over)
            return;
        state.over = true;
        const std::function<void()> onCancel = std::move(state.onCancel);
        state.onCancel = nullptr;
        const std::shared_ptr<State> step = std::move(state.step);
        state.step.reset();
        state.dropCallback();
        if (onCancel)
            onCancel();
        if (step)
            cancelState(*step);
    }
    explicit Call(std::shared_ptr<State> state)
        : m_state(std::move(state))
    {
    }

    std::shared_ptr<State> m_state;

    template <typename T>
    friend class Promise;
};

/// The side of a Call that does the work: copyable, all copies share one operation.
/// Single-threaded.
template <typename T>
class Promise
{
public:
    explicit Promise(domain::Done<T> done)
        : m_state(std::make_shared<DoneState>())
    {
        m_state->done = std::move(done);
    }

    /// The handle for the caller; take it exactly once.
    [[nodiscard]] Call call() const { return Call(m_state); }

    /// What to do when the owner cancels (abort the socket, stop the timer). Replaces an earlier
    /// one.
    void onCancel(std::function<void()> action) const { m_state->onCancel = std::move(action); }

    /// Makes `step` part of this operation: it is cancelled with it. Replaces (and so cancels) an
    /// earlier step.
    void follow(Call step) const
    {
        if (isOver())
            return; // `step` ends here
        Call earlier(std::exchange(m_state->step, std::move(step.m_state)));
    }

    /// True when cancelled or finished: nothing needs to be done any more.
    [[nodiscard]] bool isOver() const { return m_state->over; }

    /// Ends the operation and runs the callback now. Only from an event (never inside the starting
    /// function); use finishLater() there. Does nothing when the operation is over.
    void finish(domain::Result<T> result) const
    {
        const std::shared_ptr<DoneState> state = m_state;
        if (state->over)
            return;
        state->over = true;
        state->onCancel = nullptr;
        Call(std::exchange(state->step, nullptr))
            .cancel(); // over already when this runs in its callback
        const domain::Done<T> done = std::move(state->done);
        state->done = nullptr;
        if (done)
            done(std::move(result));
    }

    /// finish() from the event loop of `context`'s thread.
    void finishLater(QObject *context, domain::Result<T> result) const
    {
        QMetaObject::invokeMethod(
            context,
            [self = *this, result = std::move(result)]() mutable {
                self.finish(std::move(result));
            },
            Qt::QueuedConnection);
    }

private:
    struct DoneState : Call::State
    {
        domain::Done<T> done;
        ~DoneState() override = default;
        void dropCallback() override
        {
            const domain::Done<T> dropped = std::exchange(done, nullptr);
        }
    };

    std::shared_ptr<DoneState> m_state;
};

} // namespace faultline::net
