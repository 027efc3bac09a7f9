// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/context.h"
#include "app/ctl/mailbox.h"
#include "app/ctl/service_owned.h"

#include <optional>
#include <variant>
#include <vector>

namespace faultline::ctl {

/// What one container or host used between two samples.
struct Usage
{
    QString name;
    QString id; ///< the orchestrator's
    stacks::UsageSample last;
    std::optional<double> cpuPercent; ///< of one core; nothing before there were two samples
    bool hasEnded = false;
    std::optional<domain::Error> error;

    /// True once there is nothing to wait for to show it.
    [[nodiscard]] bool isSettled() const { return cpuPercent || hasEnded || error; }
    void take(const stacks::UsageSample &sample);
};

/// The usage of several things at once, on a command's worker thread.
class UsageWatch
{
public:
    using Open = std::function<std::unique_ptr<stacks::UsageFeed>(stacks::StackBackend &)>;

    explicit UsageWatch(stacks::StackBackend *backend)
        : m_backend(backend)
    {
    }
    void add(const QString &name, const QString &id, const Open &open);

    /// Takes one piece of news; false when none came within `limit` or on a cancel.
    [[nodiscard]] bool take(std::chrono::milliseconds limit, const net::CancelToken &token);
    [[nodiscard]] const std::vector<Usage> &usages() const { return m_usages; }
    [[nodiscard]] bool areSettled() const;

private:
    struct Ended
    {
    };
    struct News
    {
        std::size_t source = 0;
        std::variant<stacks::UsageSample, Ended, domain::Error> what;
    };

    stacks::StackBackend *m_backend;
    std::shared_ptr<Mailbox<News>> m_news = std::make_shared<Mailbox<News>>();
    std::vector<Usage> m_usages;
    std::vector<std::unique_ptr<ServiceOwned<stacks::UsageFeed>>> m_feeds;
};

} // namespace faultline::ctl
