// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ci/gitlab/gitlab_trace.h"

#include "services/domain/attempt_delay.h"

#include <QPointer>

namespace faultline::ci::gitlab {

using domain::ErrorKind;
using std::chrono::milliseconds;

namespace {

constexpr qint64 largestLog = 256LL << 20; // GitLab's own limit is 100 MB by default
constexpr qsizetype largestPiece = 256 * 1024; // what a receiver is handed at once
constexpr milliseconds shortestInterval{ 1'000 };
constexpr milliseconds longestInterval{ 15'000 };
constexpr milliseconds longestIntervalForParts{ 2'000 };
constexpr int mostReadsAfterEnd = 6; // over one minute: a runner may push its last piece that late

bool isFinal(const domain::Error &error)
{
    return error.kind == ErrorKind::Auth || error.kind == ErrorKind::Tls
        || error.kind == ErrorKind::Forbidden || error.kind == ErrorKind::NotFound;
}

} // namespace

GitLabTrace::GitLabTrace(std::shared_ptr<GitLabClient> client, domain::JobId id)
    : m_client(std::move(client))
    , m_id(id)
{
    readJob();
}

GitLabTrace::~GitLabTrace() = default;

void GitLabTrace::readJob()
{
    const QString path = m_client->inProject(QStringLiteral("/jobs/%1").arg(m_id.value()));
    m_step = m_client->get(path, [this, path](domain::Result<QByteArray> answer) {
        const domain::Result<domain::Job> job = answer.and_then([&path](const QByteArray &bytes) {
            return parseJob(bytes, shownRequest("GET", path));
        });
        if (!job) {
            fail(job.error());
            return;
        }
        m_isComplete = domain::isComplete(job->status.known());
        m_finalSize = job->traceSize;
        readLog();
    });
}

net::HttpRequest GitLabTrace::logRequest() const
{
    net::HttpRequest out;
    out.path = m_client->inProject(QStringLiteral("/jobs/%1/trace").arg(m_id.value()));
    out.expectJson = false;
    out.maxBody = largestLog;
    out.acceptStatuses = { 304, 416 };
    out.headers.append(net::Header("Accept", "text/plain, */*"));
    if (m_sendsParts && !m_mustReadWhole && m_progress.size() > 0)
        out.headers.append(
            net::Header("Range", "bytes=" + QByteArray::number(m_progress.rangeStart()) + '-'));
    else if (!m_mustReadWhole && !m_etag.isEmpty())
        out.headers.append(net::Header("If-None-Match", m_etag));
    return out;
}

void GitLabTrace::readLog()
{
    m_step = m_client->send(logRequest(),
        [this](domain::Result<net::HttpResponse> answer) { takeLog(std::move(answer)); });
}

void GitLabTrace::takeLog(domain::Result<net::HttpResponse> answer)
{
    if (!answer) {
        fail(answer.error());
        return;
    }
    m_failures = 0;
    if (answer->header("Accept-Ranges").trimmed().toLower() == "bytes")
        m_sendsParts = true;
    if (answer->status == 304) {
        continueAfter(false);
        return;
    }
    m_etag = answer->header("ETag");
    std::optional<TraceProgress::Step> step;
    if (answer->status == 206)
        step = m_progress.takePart(answer->body);
    else if (answer->status != 416)
        step = m_progress.takeWhole(answer->body);
    if (!step && m_mustReadWhole) {
        domain::Error error;
        error.kind = ErrorKind::Server;
        error.message = tr("The server did not send the whole job log when it was asked for it.");
        fail(error);
        return;
    }
    if (!step) { // shorter or different: erased or replaced
        m_mustReadWhole = true;
        readLog();
        return;
    }
    m_mustReadWhole = false;
    const QPointer<GitLabTrace> self(this); // a receiver may end this trace
    takeStep(*step);
    if (self)
        continueAfter(!step->added.isEmpty());
}

void GitLabTrace::takeStep(const TraceProgress::Step &step)
{
    const QPointer<GitLabTrace> self(this);
    if (step.isReplaced)
        Q_EMIT restarted();
    for (qsizetype from = 0; self && from < step.added.size(); from += largestPiece)
        Q_EMIT appended(step.added.mid(from, largestPiece));
}

bool GitLabTrace::isSettled(bool hasGrown)
{
    if (!m_isComplete)
        return false;
    if (m_finalSize >= 0 && m_finalSize == m_progress.size())
        return true;
    if (hasGrown)
        m_readsAfterEnd = 0;
    ++m_readsAfterEnd;
    // A server that sends parts keeps the log itself, so it has all of it when the job is complete.
    return m_readsAfterEnd > (m_sendsParts ? 1 : mostReadsAfterEnd);
}

milliseconds GitLabTrace::nextInterval(bool hasGrown)
{
    if (m_isComplete) {
        const milliseconds settling
            = m_sendsParts ? milliseconds(200) : milliseconds(1000LL << m_readsAfterEnd);
        return std::min(settling, longestInterval);
    }
    const milliseconds longest = m_sendsParts ? longestIntervalForParts : longestInterval;
    m_interval = hasGrown ? m_interval / 2 : m_interval + m_interval / 2;
    m_interval = std::clamp(m_interval, shortestInterval, longest);
    return m_interval;
}

void GitLabTrace::continueAfter(bool hasGrown)
{
    if (isSettled(hasGrown)) {
        Q_EMIT ended();
        return;
    }
    m_step = m_client->surroundings().clock->after(nextInterval(hasGrown), [this] { readJob(); });
}

void GitLabTrace::fail(const domain::Error &error)
{
    domain::Error told = error;
    told.mayRetry = !isFinal(error);
    ++m_failures;
    if (told.mayRetry) {
        const bool isLoopback = domain::isLoopbackHost(m_client->settings().origin.host());
        const milliseconds delay = domain::attemptDelay(m_failures + 1, milliseconds(1000),
            domain::longestAttemptDelay, isLoopback, m_client->surroundings().random());
        m_step = m_client->surroundings().clock->after(delay, [this] { readJob(); });
    }
    if (m_failures == 1 || !told.mayRetry) // once per outage
        Q_EMIT failed(told);
}

} // namespace faultline::ci::gitlab
