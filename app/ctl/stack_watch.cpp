// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/stack_watch.h"

#include "app/ctl/text.h"

#include <algorithm>

namespace faultline::ctl {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

domain::Result<std::unique_ptr<StackWatch>> StackWatch::open(Context &context)
{
    const auto backend = context.connections().stacks();
    if (!backend)
        return domain::failure(backend.error());
    return std::unique_ptr<StackWatch>(new StackWatch(context, *backend));
}

StackWatch::StackWatch(Context &context, stacks::StackBackend *backend)
    : m_context(context)
    , m_asked(steady_clock::now())
    , m_feed(backend, [backend, news = m_news] {
        auto feed = backend->openFeed();
        QObject::connect(feed.get(), &stacks::StackFeed::changed, feed.get(),
            [news](const stacks::StackDelta &delta) { news->put(delta); });
        QObject::connect(feed.get(), &stacks::StackFeed::healthChanged, feed.get(),
            [news](const domain::FeedHealth &health) { news->put(health); });
        feed->start();
        return feed;
    })
{
}

StackWatch::~StackWatch() = default;

milliseconds StackWatch::askInterval() const
{
    // A live feed tells by itself; asking is for what it may have lost (Rancher's own client does
    // the same).
    return m_isLive ? m_context.pollInterval() * 5 : m_context.pollInterval();
}

domain::Result<void> StackWatch::takeNews(milliseconds limit)
{
    auto news = m_news->take(limit, m_context.token());
    if (!news)
        return {};
    if (const auto *delta = std::get_if<stacks::StackDelta>(&*news)) {
        m_book.apply(*delta);
        m_isKnown = true;
        m_isAsked = false;
        return {};
    }
    const auto &health = std::get<domain::FeedHealth>(*news);
    m_isLive = health.kind == domain::FeedHealth::Kind::Live;
    if (health.kind == domain::FeedHealth::Kind::Refused && health.error)
        return domain::failure(*health.error);
    return {};
}

domain::Result<void> StackWatch::askAgain()
{
    const auto snapshot = m_context.askStacks<stacks::StackSnapshot>(
        [](stacks::StackBackend &backend, auto done) { return backend.snapshot(std::move(done)); });
    m_asked = steady_clock::now();
    if (snapshot) {
        m_book.replace(*snapshot);
        m_isKnown = true;
        m_isAsked = true;
        return {};
    }
    // A server that restarts meanwhile is no reason to give up before the deadline.
    if (snapshot.error().mayRetry || snapshot.error().kind == domain::ErrorKind::Network)
        return {};
    return domain::failure(snapshot.error());
}

domain::Result<StackBook> StackWatch::until(const Judge &judge, const QString &what)
{
    QString lastLine;
    for (;;) {
        if (m_isKnown) {
            const Look look = judge(m_book);
            if (!look.line.isEmpty() && look.line != lastLine) {
                m_context.progress(look.line);
                lastLine = look.line;
            }
            if (look.verdict == Look::Verdict::Reached)
                return m_book;
            if (look.verdict == Look::Verdict::Failed) {
                if (m_isAsked)
                    return domain::failure(look.error);
                // The feed may still tell of the time before the action: a stack that is being
                // removed because it failed, for one. Only what was asked for afterwards counts.
                if (const auto asked = askAgain(); !asked)
                    return domain::failure(asked.error());
                if (m_isAsked)
                    continue;
            }
        }
        if (m_context.token().isCancelled())
            return domain::failure(domain::ErrorKind::Cancelled, Text::tr("Cancelled."));
        if (m_context.remaining() == milliseconds(0)) {
            const QString last = lastLine.isEmpty() ? Text::tr("nothing was heard") : lastLine;
            return domain::failure(domain::ErrorKind::Timeout,
                Text::tr("%1 did not happen in time; last seen: %2.").arg(what, last));
        }
        const auto sinceAsked
            = std::chrono::duration_cast<milliseconds>(steady_clock::now() - m_asked);
        if (sinceAsked >= askInterval()) {
            if (const auto asked = askAgain(); !asked)
                return domain::failure(asked.error());
            continue;
        }
        const auto limit = std::min(askInterval() - sinceAsked, m_context.remaining());
        if (const auto taken = takeNews(limit); !taken)
            return domain::failure(taken.error());
    }
}

} // namespace faultline::ctl
