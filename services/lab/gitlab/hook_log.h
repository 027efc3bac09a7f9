// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "services/lab/gitlab/entities.h"
#include "services/lab/gitlab/store_records.h"

namespace faultline::lab {

/// One delivery of a webhook, as it went out and what came back.
struct HookDelivery
{
    using Headers = std::vector<std::pair<std::string, std::string>>;

    std::int64_t id = 0;
    std::int64_t hook = 0;
    std::string url;
    std::string event; ///< "Job Hook"
    Headers requestHeaders;
    std::string requestBody;
    Headers responseHeaders;
    std::string responseBody; ///< at most 8 KiB; without an answer the reason
    int status = 0; ///< 0: no answer
    double seconds = 0;
    Milliseconds sent = 0;

    /// GitLab's form; a secret is told by "[REDACTED]" only.
    [[nodiscard]] OrderedJson json() const;
};

/// The newest deliveries, in memory: they are lost with the process. Lab thread.
class HookLog
{
public:
    void add(HookDelivery delivery);
    /// Of one hook and the last seven days, the newest first.
    [[nodiscard]] std::vector<const HookDelivery *> of(std::int64_t hook, Milliseconds now) const;
    [[nodiscard]] const HookDelivery *find(std::int64_t hook, std::int64_t id) const;

private:
    std::deque<HookDelivery> m_deliveries;
    std::int64_t m_newest = 0;
};

} // namespace faultline::lab
