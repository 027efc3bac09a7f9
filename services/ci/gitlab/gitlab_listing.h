// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/ci/gitlab/gitlab_client.h"
#include "services/net/paging.h"

#include <algorithm>

namespace faultline::ci::gitlab {

/// A list being read. Pages become rows as they come, so that no more than a few are held as text.
template <typename T>
class Listing : public std::enable_shared_from_this<Listing<T>>
{
public:
    struct Plan
    {
        QString path;
        QString keysetPath; ///< may be empty
        int limit = 0;
        int atOnce = 1;
        bool isNewestFirst = false; ///< by id
    };

    Listing(GitLabClient &client, net::HttpClient &http, GitLabClient::ParseList<T> parse,
        Plan plan, domain::Done<QList<T>> done)
        : m_client(client)
        , m_http(http)
        , m_parse(parse)
        , m_plan(std::move(plan))
        , m_promise(std::move(done))
    {
    }

    [[nodiscard]] net::Call start()
    {
        walk(m_plan.path);
        return m_promise.call();
    }

private:
    static constexpr int perPage = 100;

    void walk(const QString &path)
    {
        net::PagePlan plan;
        plan.first.path = path;
        plan.atOnce = m_plan.atOnce;
        plan.maxPages = 10'000;
        plan.wantedPages = static_cast<int>((qint64(m_plan.limit) + perPage - 1) / perPage);
        m_shownPath = path;
        m_walker.emplace(m_http, plan);
        readPage();
    }

    void readPage()
    {
        m_promise.follow(m_walker->next([self = this->shared_from_this()](
                                            domain::Result<std::optional<net::HttpResponse>> page) {
            self->takePage(std::move(page));
        }));
    }

    void takePage(domain::Result<std::optional<net::HttpResponse>> page)
    {
        constexpr int notAllowed = 405;
        if (!page && page.error().status == notAllowed && !m_plan.keysetPath.isEmpty()) {
            m_plan.isNewestFirst = false; // keyset pages can't lose a row
            return walk(std::exchange(m_plan.keysetPath, QString()));
        }
        if (!page)
            return m_promise.finish(domain::failure(std::move(page.error())));
        if (!*page)
            return checkGaps();
        const domain::Result<QList<T>> items
            = m_parse((*page)->body, shownRequest("GET", m_shownPath));
        if (!items)
            return m_promise.finish(domain::failure(items.error()));
        if (m_walker->delivered() == 1 && !items->isEmpty())
            m_newest = items->first().id;
        add(*items);
        if (items->isEmpty() || m_items.size() >= m_plan.limit)
            checkGaps();
        else
            readPage();
    }

    void add(const QList<T> &items)
    {
        for (const T &item : items) {
            const auto before = m_ids.size();
            m_ids.insert(item.id);
            if (m_ids.size() > before && m_items.size() < m_plan.limit)
                m_items.append(item);
        }
    }

    /// Pages that overtook each other may have lost a row between them, if the list grew meanwhile:
    /// its first page tells.
    void checkGaps()
    {
        if (!m_plan.isNewestFirst || m_walker->overtaken().empty())
            return m_promise.finish(std::move(m_items));
        readAgain(m_plan.path,
            [self = this->shared_from_this()](const QList<T> &items) { self->judge(items); });
    }

    void judge(const QList<T> &firstPage)
    {
        if (firstPage.isEmpty() || firstPage.first().id == m_newest)
            return m_promise.finish(std::move(m_items));
        m_again = m_walker->overtaken();
        m_plan.limit += static_cast<int>(m_again.size()) * perPage; // sorted and cut at the end
        readNextGap();
    }

    void readNextGap()
    {
        if (m_again.empty()) {
            std::sort(
                m_items.begin(), m_items.end(), [](const T &a, const T &b) { return b.id < a.id; });
            return m_promise.finish(std::move(m_items));
        }
        const QString path = m_walker->pathOf(m_again.back());
        m_again.pop_back();
        readAgain(path, [self = this->shared_from_this()](const QList<T> &items) {
            self->add(items);
            self->readNextGap();
        });
    }

    void readAgain(const QString &path, std::function<void(const QList<T> &)> take)
    {
        m_promise.follow(m_client.page<T>(
            path, m_parse, [self = this->shared_from_this(), take](domain::Result<Page<T>> page) {
                if (page)
                    take(page->items);
                else
                    self->m_promise.finish(domain::failure(std::move(page.error())));
            }));
    }

    GitLabClient &m_client;
    net::HttpClient &m_http;
    GitLabClient::ParseList<T> m_parse;
    Plan m_plan;
    net::Promise<QList<T>> m_promise;
    std::optional<net::PageWalker> m_walker;
    QString m_shownPath;
    QSet<decltype(T::id)> m_ids;
    QList<T> m_items;
    decltype(T::id) m_newest;
    std::vector<int> m_again; // pages to be read once more
};

template <typename T>
net::Call GitLabClient::list(
    const QString &path, ParseList<T> parse, int limit, domain::Done<QList<T>> done)
{
    typename Listing<T>::Plan plan{ path, {}, limit, 1, false };
    return std::make_shared<Listing<T>>(*this, m_http, parse, plan, std::move(done))->start();
}

template <typename T>
net::Call GitLabClient::listNewestFirst(const QString &path, const QString &keysetPath,
    ParseList<T> parse, int limit, domain::Done<QList<T>> done)
{
    typename Listing<T>::Plan plan{ path, keysetPath, limit, 8, true };
    return std::make_shared<Listing<T>>(*this, m_http, parse, plan, std::move(done))->start();
}

} // namespace faultline::ci::gitlab
