// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/net/paging.h"

#include "services/net/page_links.h"

#include <QCoreApplication>

#include <algorithm>

namespace faultline::net {

using domain::ErrorKind;

namespace {

tl::unexpected<domain::Error> listError(const char *message)
{
    return domain::failure(ErrorKind::Server, QCoreApplication::translate("net", message));
}

} // namespace

PageWalker::PageWalker(HttpClient &client, PagePlan plan)
    : m_client(client)
    , m_plan(std::move(plan))
{
    m_paths[0] = m_plan.first.path;
    m_visited.insert(m_plan.first.path);
}

PageWalker::~PageWalker() = default;

Call PageWalker::next(domain::Done<std::optional<HttpResponse>> done)
{
    m_waiting.emplace(std::move(done));
    Call call = m_waiting->call();
    m_isPaused = false;
    askAhead();
    QMetaObject::invokeMethod(
        &m_client,
        [promise = *m_waiting, this, alive = std::weak_ptr<int>(m_alive)] {
            if (!alive.expired() && !promise.isOver())
                deliver();
        },
        Qt::QueuedConnection);
    return call;
}

void PageWalker::ask(int index, const QString &path)
{
    HttpRequest request = m_plan.first;
    request.path = path;
    m_calls[index] = m_client.send(request,
        [this, index](domain::Result<HttpResponse> result) { take(index, std::move(result)); });
}

void PageWalker::askAhead()
{
    if (m_isPaused)
        return;
    const int wanted = std::max(m_plan.wantedPages, m_waiting ? m_cursor + 1 : 0);
    const int behind = std::min({ m_pageCount.value_or(m_plan.maxPages), wanted,
        m_cursor + std::max(2, m_plan.atOnce) }); // what is ahead is held as text
    for (int index = m_cursor; index < behind && static_cast<int>(m_calls.size()) < m_window;
         ++index) {
        if (m_arrived.contains(index) || m_calls.contains(index))
            continue;
        const bool isClaimed = m_claimedPages == 0 || index < m_claimedPages;
        if (!m_paths.contains(index) && m_firstNumber > 0 && isClaimed) {
            m_paths[index] = withPageNumber(m_paths.at(1), m_firstNumber + index);
            m_visited.insert(m_paths[index]);
        }
        if (!m_paths.contains(index))
            return;
        ask(index, m_paths.at(index));
    }
}

void PageWalker::take(int index, domain::Result<HttpResponse> result)
{
    m_calls.erase(index);
    if (m_pageCount && index >= *m_pageCount)
        return; // asked for on suspicion; the list was shorter
    if (result && m_calls.contains(index - 1))
        m_overtaken.push_back(index);
    if (result)
        learnNext(index, *result);
    m_arrived.insert_or_assign(index, std::move(result));
    askAhead();
    deliver();
}

domain::Result<QString> PageWalker::nextPath(int index, const HttpResponse &page) const
{
    QByteArray link;
    if (m_plan.nextInBody) {
        const domain::Result<QByteArray> found = m_plan.nextInBody(page.body);
        if (!found)
            return domain::failure(found.error());
        link = *found;
    } else {
        link = nextLink(page);
    }
    if (!link.isEmpty())
        return m_client.anchored(link);
    const int number = m_plan.nextInBody ? 0 : page.header("X-Next-Page").toInt();
    return number > 0 ? withPageNumber(m_paths.at(index), number) : QString();
}

void PageWalker::learnNext(int index, const HttpResponse &page)
{
    const domain::Result<QString> next = nextPath(index, page);
    if (!next) {
        m_linkErrors.insert_or_assign(index + 1, next.error());
        return endAfter(index);
    }
    if (next->isEmpty())
        return endAfter(index);
    const bool hasNumber = !m_plan.nextInBody && !isKeyset(*next);
    const int number = hasNumber ? pageNumberIn(*next).value_or(0) : 0;
    const int firstNumber = pageNumberIn(m_paths.at(0)).value_or(1);
    if (index == 0 && number == firstNumber + 1 && m_plan.atOnce > 1) {
        m_firstNumber = firstNumber;
        m_paths[1] = *next;
        m_visited.insert(*next);
        m_claimedPages = std::max(0, page.header("X-Total-Pages").toInt() - firstNumber + 1);
        m_window = m_claimedPages > 0 ? m_plan.atOnce : 2;
        return;
    }
    if (m_firstNumber > 0 && number == m_firstNumber + index + 1) {
        m_window = std::min(m_window + 1, m_plan.atOnce);
        if (index + 1 >= m_claimedPages)
            m_claimedPages = 0; // there are more than the server had said
        return;
    }
    chainTo(index + 1, *next);
}

void PageWalker::chainTo(int index, const QString &path)
{
    // The server leaves the numbers: what was asked for beyond this page on suspicion does not
    // count.
    m_firstNumber = 0;
    m_window = 1;
    m_calls.erase(m_calls.lower_bound(index), m_calls.end());
    m_arrived.erase(m_arrived.lower_bound(index), m_arrived.end());
    for (auto it = m_paths.lower_bound(index); it != m_paths.end(); it = m_paths.erase(it))
        m_visited.remove(it->second);
    if (m_visited.contains(path)) {
        m_linkErrors.insert_or_assign(index,
            listError("The server's list goes in a circle and was not read further.").value());
        return endAfter(index - 1);
    }
    m_paths[index] = path;
    m_visited.insert(path);
}

void PageWalker::endAfter(int index)
{
    m_pageCount = std::min(m_pageCount.value_or(index + 1), index + 1);
    m_calls.erase(m_calls.lower_bound(index + 1), m_calls.end());
    m_arrived.erase(m_arrived.lower_bound(index + 1), m_arrived.end());
}

void PageWalker::deliver()
{
    if (!m_waiting || m_waiting->isOver())
        return;
    const Promise<std::optional<HttpResponse>> promise = *m_waiting;
    if (const auto arrived = m_arrived.find(m_cursor); arrived != m_arrived.end()) {
        domain::Result<HttpResponse> page = std::move(arrived->second);
        m_arrived.erase(arrived);
        m_waiting.reset();
        m_isPaused = !page; // until the caller asks again
        if (!page)
            return promise.finish(domain::failure(page.error()));
        ++m_cursor;
        askAhead();
        return promise.finish(std::optional(std::move(*page)));
    }
    if (m_pageCount && m_cursor >= *m_pageCount) {
        m_waiting.reset();
        const auto error = m_linkErrors.find(m_cursor);
        if (error != m_linkErrors.end())
            return promise.finish(domain::failure(error->second));
        return promise.finish(std::optional<HttpResponse>());
    }
    if (m_cursor >= m_plan.maxPages) {
        m_waiting.reset();
        promise.finish(
            listError("The server's list is longer than can be read at once. Ask for less of it."));
    }
}

namespace {

struct Walk : std::enable_shared_from_this<Walk>
{
    Walk(HttpClient &client, PagePlan plan, std::function<void(const HttpResponse &)> action,
        domain::Done<int> done)
        : walker(client, std::move(plan))
        , onPage(std::move(action))
        , promise(std::move(done))
    {
    }

    void step()
    {
        promise.follow(walker.next(
            [self = shared_from_this()](const domain::Result<std::optional<HttpResponse>> &page) {
                if (!page)
                    return self->promise.finish(domain::failure(page.error()));
                if (!*page)
                    return self->promise.finish(self->walker.delivered());
                self->onPage(**page);
                if (!self->promise.isOver())
                    self->step();
            }));
    }

    PageWalker walker;
    std::function<void(const HttpResponse &)> onPage;
    Promise<int> promise;
};

} // namespace

Call forEachPage(HttpClient &client, PagePlan plan,
    std::function<void(const HttpResponse &)> onPage, domain::Done<int> done)
{
    const auto walk
        = std::make_shared<Walk>(client, std::move(plan), std::move(onPage), std::move(done));
    Call call = walk->promise.call();
    walk->step();
    return call;
}

} // namespace faultline::net
