// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/ci/gitlab/gitlab_client.h"
#include "services/ci/gitlab/trace_progress.h"

namespace faultline::ci::gitlab {

/// JobTrace by polling (facts: gitlab.md §3.4): whole logs and the difference to what is known, or
/// parts when the server says that it can send them. Asks often while the log grows and rarely
/// while it doesn't.
class GitLabTrace : public JobTrace
{
    Q_OBJECT

public:
    GitLabTrace(std::shared_ptr<GitLabClient> client, domain::JobId id);
    ~GitLabTrace() override;

private:
    void readJob();
    void readLog();
    [[nodiscard]] net::HttpRequest logRequest() const;
    void takeLog(domain::Result<net::HttpResponse> answer);
    void takeStep(const TraceProgress::Step &step);
    void continueAfter(bool hasGrown);
    [[nodiscard]] bool isSettled(bool hasGrown);
    [[nodiscard]] std::chrono::milliseconds nextInterval(bool hasGrown);
    void fail(const domain::Error &error);

    std::shared_ptr<GitLabClient> m_client;
    domain::JobId m_id;
    TraceProgress m_progress;
    QByteArray m_etag;
    bool m_sendsParts = false; // the server advertised byte ranges
    bool m_mustReadWhole = true;
    bool m_isComplete = false; // the job, as of the last reading
    qint64 m_finalSize = -1; // of the archived log
    int m_readsAfterEnd = 0;
    int m_failures = 0;
    std::chrono::milliseconds m_interval{ 1000 };
    net::Call m_step; // last: cancelled first
};

} // namespace faultline::ci::gitlab
