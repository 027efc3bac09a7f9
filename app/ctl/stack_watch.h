// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/context.h"
#include "app/ctl/mailbox.h"
#include "app/ctl/service_owned.h"
#include "app/ctl/stack_book.h"

#include <functional>
#include <memory>
#include <optional>
#include <variant>

namespace faultline::ctl {

/// Waits for something to become true of the stacks: by the backend's feed, and by asking again now
/// and then, so that a proxy that swallows WebSockets only makes it slower.
class StackWatch
{
public:
    /// What is known about the awaited thing now.
    struct Look
    {
        enum class Verdict { Waiting, Reached, Failed };
        Verdict verdict = Verdict::Waiting;
        QString line; ///< printed as progress whenever it differs from the last one; may be empty
        domain::Error error; ///< for Failed
    };
    using Judge = std::function<Look(const StackBook &)>;

    /// Starts to listen; take it before the action whose effect is awaited, so that no step is
    /// missed.
    [[nodiscard]] static domain::Result<std::unique_ptr<StackWatch>> open(Context &context);
    ~StackWatch();

    /// Until `judge` says Reached: the book at that moment. Else its error, or Cancelled, or
    /// Timeout with `what` was awaited and the last line seen, or the refusal of the server.
    [[nodiscard]] domain::Result<StackBook> until(const Judge &judge, const QString &what);

private:
    using News = std::variant<stacks::StackDelta, domain::FeedHealth>;

    StackWatch(Context &context, stacks::StackBackend *backend);
    [[nodiscard]] domain::Result<void> takeNews(std::chrono::milliseconds limit);
    [[nodiscard]] domain::Result<void> askAgain();
    [[nodiscard]] std::chrono::milliseconds askInterval() const;

    Context &m_context;
    std::shared_ptr<Mailbox<News>> m_news = std::make_shared<Mailbox<News>>();
    StackBook m_book;
    bool m_isLive = false;
    bool m_isKnown = false;
    bool m_isAsked = false; // the book is as a request answered that until() sent
    std::chrono::steady_clock::time_point m_asked;
    ServiceOwned<stacks::StackFeed> m_feed;
};

} // namespace faultline::ctl
