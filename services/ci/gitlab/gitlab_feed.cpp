// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ci/gitlab/gitlab_feed.h"

#include "services/ci/gitlab/gitlab_poll_plan.h"
#include "services/domain/attempt_delay.h"

#include <algorithm>

namespace faultline::ci::gitlab {

using domain::ErrorKind;
using domain::FeedHealth;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds batchInterval{ 50 };
constexpr milliseconds headInterval{ 600'000 };
constexpr int mostReadsInCycle = 10;
constexpr int mostChanges = 1000;
constexpr int mostRows = 5000;
constexpr int rowsBeforeDropping = 5500;

/// Only a person can mend these.
bool isRefusal(const domain::Error &error)
{
    return error.kind == ErrorKind::Auth || error.kind == ErrorKind::Tls
        || error.kind == ErrorKind::Forbidden;
}

/// Puts the newest page into a collection and takes out what should be on it but isn't.
template <typename Collection, typename T>
void mergeHead(Collection &collection, const Page<T> &page)
{
    QSet<decltype(T::id)> present;
    decltype(T::id) oldest;
    for (const T &item : page.items) {
        present.insert(item.id);
        if (oldest.isEmpty() || item.id < oldest)
            oldest = item.id;
        collection.put(item);
    }
    const bool isWhole = page.next.isEmpty();
    const auto known = collection.values().keys();
    for (const auto &id : known) {
        if (!present.contains(id) && (isWhole || oldest < id))
            collection.remove(id);
    }
}

template <typename Collection>
void keepNewest(Collection &collection, qsizetype most)
{
    auto ids = collection.values().keys();
    std::sort(ids.begin(), ids.end());
    for (qsizetype i = 0; i < ids.size() - most; ++i)
        collection.remove(ids[i]);
}

} // namespace

GitLabFeed::GitLabFeed(std::shared_ptr<GitLabClient> client)
    : m_client(std::move(client))
{
}

GitLabFeed::~GitLabFeed() = default;

void GitLabFeed::start()
{
    m_health = { FeedHealth::Kind::Connecting, now(), 0, {}, {} };
    Q_EMIT healthChanged(m_health);
    beginCycle();
}

void GitLabFeed::retryNow()
{
    if (m_isRunning) {
        m_again = true;
        return;
    }
    m_client->resume();
    if (m_health.kind == FeedHealth::Kind::Refused)
        setHealth({ FeedHealth::Kind::Connecting, now(), 0, {}, {} });
    beginCycle();
}

void GitLabFeed::beginCycle()
{
    m_timer.cancel();
    m_isRunning = true;
    m_again = false;
    m_readInCycle = 0;
    const milliseconds monotonic = m_client->surroundings().clock->monotonic();
    if (!m_hasData || m_failures > 0 || monotonic - m_lastHead >= headInterval)
        readHead();
    else
        readChanges();
}

void GitLabFeed::readHead()
{
    m_headPipelines.reset();
    m_headJobs.reset();
    m_step = m_client->page<domain::Pipeline>(
        m_client->inProject(QStringLiteral("/pipelines?per_page=100")), parsePipelines,
        [this](domain::Result<Page<domain::Pipeline>> page) {
            if (!page) {
                fail(page.error());
                return;
            }
            m_headPipelines = std::move(*page);
            takeHead();
        });
    m_otherStep = m_client->page<domain::Job>(
        m_client->inProject(
            QStringLiteral("/jobs?pagination=keyset&order_by=id&sort=desc&per_page=100")),
        parseJobs, [this](domain::Result<Page<domain::Job>> page) {
            if (!page) {
                fail(page.error());
                return;
            }
            m_headJobs = std::move(*page);
            takeHead();
        });
}

void GitLabFeed::takeHead()
{
    if (!m_headPipelines || !m_headJobs)
        return;
    m_lastHead = m_client->surroundings().clock->monotonic();
    if (std::exchange(m_hasData, true)) {
        mergeHead(m_pipelines, *m_headPipelines);
        mergeHead(m_jobs, *m_headJobs);
        flush();
        readChanges(); // what changed further back
        return;
    }
    m_pipelines.reset(m_headPipelines->items);
    m_jobs.reset(m_headJobs->items);
    m_olderPipelines = m_headPipelines->next;
    m_olderJobs = m_headJobs->next;
    flush();
    endCycle();
}

void GitLabFeed::readChanges()
{
    QString path = QStringLiteral("/pipelines?order_by=updated_at&sort=asc&per_page=100");
    if (const QDateTime since = updatedAfter(m_pipelines.values()); since.isValid()) {
        const QByteArray time = QUrl::toPercentEncoding(since.toString(Qt::ISODateWithMs));
        path += QStringLiteral("&updated_after=") + QString::fromLatin1(time);
    }
    m_step = m_client->list<domain::Pipeline>(m_client->inProject(path), parsePipelines,
        mostChanges,
        [this](domain::Result<QList<domain::Pipeline>> answer) { takeChanges(std::move(answer)); });
}

void GitLabFeed::takeChanges(domain::Result<QList<domain::Pipeline>> answer)
{
    if (!answer) {
        fail(answer.error());
        return;
    }
    for (const domain::PipelineId &id : pipelinesToRead(m_pipelines.values(), *answer)) {
        if (!m_queue.contains(id))
            m_queue.append(id);
    }
    for (const domain::Pipeline &pipeline : *answer)
        m_pipelines.put(pipeline);
    scheduleFlush();
    readNextPipeline();
}

void GitLabFeed::readNextPipeline()
{
    if (m_queue.isEmpty() || m_readInCycle >= mostReadsInCycle) {
        endCycle();
        return;
    }
    ++m_readInCycle;
    const domain::PipelineId id = m_queue.first(); // stays in the queue until it was read
    const QString path = m_client->inProject(
        QStringLiteral("/pipelines/%1/jobs?include_retried=true&per_page=100").arg(id.value()));
    m_step = m_client->list<domain::Job>(
        path, parseJobs, mostRows, [this, id](domain::Result<QList<domain::Job>> jobs) {
            takePipelineJobs(id, std::move(jobs));
        });
}

void GitLabFeed::takePipelineJobs(domain::PipelineId id, domain::Result<QList<domain::Job>> jobs)
{
    if (!jobs && jobs.error().kind != ErrorKind::NotFound) {
        fail(jobs.error());
        return;
    }
    m_queue.removeAll(id);
    if (!jobs) {
        dropPipeline(id);
    } else {
        for (domain::Job &job : *jobs) {
            job.pipelineId = id; // also where a server leaves the nested object out
            m_jobs.put(job);
        }
    }
    scheduleFlush();
    readNextPipeline();
}

void GitLabFeed::dropPipeline(domain::PipelineId id)
{
    m_pipelines.remove(id);
    const QHash<domain::JobId, domain::Job> jobs = m_jobs.values();
    for (const domain::Job &job : jobs) {
        if (job.pipelineId == id)
            m_jobs.remove(job.id);
    }
}

void GitLabFeed::endCycle()
{
    m_isRunning = false;
    m_failures = 0;
    m_lastRight = now();
    dropOldest();
    const bool isActive = anyNeedsWatching(m_pipelines.values()) || !m_queue.isEmpty();
    const milliseconds interval = isActive ? activePollInterval : idlePollInterval;
    setHealth({ FeedHealth::Kind::Polling, now(), static_cast<int>(interval.count()), {}, {} });
    if (!m_filling.isActive())
        fillBackwards();
    const milliseconds delay
        = m_again ? milliseconds(0) : pollDelay(isActive, m_client->surroundings().random());
    m_timer = after(delay, [this] { beginCycle(); });
}

void GitLabFeed::fillBackwards()
{
    if (m_olderJobs.isEmpty() && m_olderPipelines.isEmpty())
        return;
    const bool readJobs = !m_olderJobs.isEmpty() && (m_jobsAreNext || m_olderPipelines.isEmpty());
    m_jobsAreNext = !readJobs;
    if (readJobs) {
        m_filling = m_client->page<domain::Job>(
            m_olderJobs, parseJobs, [this](domain::Result<Page<domain::Job>> page) {
                takeOlder(m_jobs, m_olderJobs, mostRows, std::move(page));
            });
    } else {
        m_filling = m_client->page<domain::Pipeline>(
            m_olderPipelines, parsePipelines, [this](domain::Result<Page<domain::Pipeline>> page) {
                takeOlder(m_pipelines, m_olderPipelines, mostRows, std::move(page));
            });
    }
}

template <typename Collection, typename T>
void GitLabFeed::takeOlder(
    Collection &collection, QString &next, int most, domain::Result<Page<T>> page)
{
    if (!page)
        return; // what came so far stays; the next cycle goes on here, or says what is wrong
    // A row that is known may be newer than this page.
    const auto before = collection.values().size();
    for (const T &item : page->items) {
        if (!collection.values().contains(item.id))
            collection.put(item);
    }
    const bool hasGrown
        = collection.values().size() > before; // a list that repeats itself must end
    next = hasGrown && collection.values().size() < most ? page->next : QString();
    scheduleFlush();
    fillBackwards();
}

void GitLabFeed::dropOldest()
{
    if (m_jobs.values().size() > rowsBeforeDropping)
        keepNewest(m_jobs, mostRows);
    if (m_pipelines.values().size() > rowsBeforeDropping)
        keepNewest(m_pipelines, mostRows);
    scheduleFlush();
}

milliseconds GitLabFeed::delayAfterFailure(const domain::Error &error) const
{
    const int doublings = std::min(m_failures - 1, 10);
    const milliseconds step = milliseconds(1000LL << doublings);
    const bool isLoopback = domain::isLoopbackHost(m_client->settings().origin.host());
    const milliseconds delay = domain::attemptDelay(2, step, domain::longestAttemptDelay,
        isLoopback, m_client->surroundings().random());
    return error.retryAt ? std::max(delay, milliseconds(now().msecsTo(*error.retryAt))) : delay;
}

void GitLabFeed::fail(const domain::Error &error)
{
    m_step.cancel();
    m_otherStep.cancel();
    m_isRunning = false;
    FeedHealth health;
    health.error = error;
    if (isRefusal(error)) {
        m_filling.cancel();
        health.kind = FeedHealth::Kind::Refused;
        health.since = now();
        setHealth(health);
        return;
    }
    ++m_failures;
    const milliseconds delay = m_again ? milliseconds(0) : delayAfterFailure(error);
    health.kind = FeedHealth::Kind::Stale;
    health.since = m_lastRight;
    health.nextAttempt = now().addMSecs(delay.count());
    m_timer = after(delay, [this] { beginCycle(); });
    setHealth(health);
}

void GitLabFeed::scheduleFlush()
{
    if (m_flushing.isActive() || !(m_pipelines.hasChanges() || m_jobs.hasChanges()))
        return;
    const milliseconds passed = m_client->surroundings().clock->monotonic() - m_lastFlush;
    m_flushing = after(std::max(milliseconds(0), batchInterval - passed), [this] { flush(); });
}

void GitLabFeed::flush()
{
    m_flushing.cancel();
    if (!m_pipelines.hasChanges() && !m_jobs.hasChanges())
        return;
    m_lastFlush = m_client->surroundings().clock->monotonic();
    Q_EMIT changed({ m_pipelines.take(), m_jobs.take() });
}

void GitLabFeed::setHealth(FeedHealth health)
{
    if (health.kind == FeedHealth::Kind::Polling && m_health.kind == health.kind) {
        if (health.pollIntervalMs == m_health.pollIntervalMs)
            return;
        health.since = m_health.since;
    }
    m_health = std::move(health);
    Q_EMIT healthChanged(m_health);
}

QDateTime GitLabFeed::now() const
{
    return m_client->surroundings().clock->utc();
}

net::Call GitLabFeed::after(milliseconds delay, std::function<void()> action)
{
    return m_client->surroundings().clock->after(delay, std::move(action));
}

} // namespace faultline::ci::gitlab
