// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/usage_watch.h"

#include "app/ctl/text.h"

#include <algorithm>

namespace faultline::ctl {

void Usage::take(const stacks::UsageSample &sample)
{
    const qint64 elapsed = last.time.isValid() ? last.time.msecsTo(sample.time) : 0;
    if (last.time.isValid() && elapsed <= 0)
        return; // the same one again
    if (elapsed > 0)
        cpuPercent = std::max(0.0,
            static_cast<double>(sample.cpuNanos - last.cpuNanos) / 1e6
                / static_cast<double>(elapsed) * 100);
    last = sample;
}

void UsageWatch::add(const QString &name, const QString &id, const Open &open)
{
    const std::size_t source = m_usages.size();
    Usage usage;
    usage.name = name;
    usage.id = id;
    m_usages.push_back(usage);
    const auto post = m_news;
    m_feeds.push_back(
        std::make_unique<ServiceOwned<stacks::UsageFeed>>(m_backend, [this, &open, post, source] {
            using stacks::UsageFeed;
            auto feed = open(*m_backend);
            if (!feed) {
                domain::Error error;
                error.kind = domain::ErrorKind::Invalid;
                error.message = Text::tr("This orchestrator can't tell what containers use.");
                post->put({ source, error });
                return feed;
            }
            QObject::connect(feed.get(), &UsageFeed::sampled, feed.get(),
                [post, source](const QList<stacks::UsageSample> &samples) {
                    for (const stacks::UsageSample &sample : samples)
                        post->put({ source, sample });
                });
            QObject::connect(feed.get(), &UsageFeed::ended, feed.get(), [post, source] {
                post->put({ source, Ended() });
            });
            QObject::connect(feed.get(), &UsageFeed::failed, feed.get(),
                [post, source](const domain::Error &error) {
                    post->put({ source, error });
                });
            return feed;
        }));
}

bool UsageWatch::take(std::chrono::milliseconds limit, const net::CancelToken &token)
{
    const auto news = m_news->take(limit, token);
    if (!news)
        return false;
    Usage &usage = m_usages[news->source];
    if (const auto *sample = std::get_if<stacks::UsageSample>(&news->what))
        usage.take(*sample);
    else if (const auto *error = std::get_if<domain::Error>(&news->what))
        usage.error = *error;
    else
        usage.hasEnded = true;
    return true;
}

bool UsageWatch::areSettled() const
{
    return std::all_of(
        m_usages.begin(), m_usages.end(), [](const Usage &usage) { return usage.isSettled(); });
}

} // namespace faultline::ctl
