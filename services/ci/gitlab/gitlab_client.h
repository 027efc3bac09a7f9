// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/ci/gitlab/gitlab_paging.h"
#include "services/ci/gitlab/gitlab_parse.h"
#include "services/net/surroundings.h"

#include <QCoreApplication>
#include <QSet>

namespace faultline::ci::gitlab {

/// One page of a list and the path of the next one (empty at the end).
template <typename T>
struct Page
{
    QList<T> items;
    QString next;
};

/// Requests to one project of one GitLab server. On the thread that created it.
class GitLabClient : public QObject
{
    Q_OBJECT

public:
    /// `project` is a path ("group/project") or a number.
    GitLabClient(
        net::ServerSettings settings, const QString &project, net::Surroundings surroundings);

    [[nodiscard]] const net::ServerSettings &settings() const { return m_http.settings(); }
    [[nodiscard]] const net::Surroundings &surroundings() const { return m_surroundings; }
    void resume() { m_http.resume(); }

    /// "/api/v4/projects/group%2Fproject" + `rest`.
    [[nodiscard]] QString inProject(const QString &rest) const;

    [[nodiscard]] net::Call send(net::HttpRequest request, domain::Done<net::HttpResponse> done);
    /// GET of one JSON object or list.
    [[nodiscard]] net::Call get(const QString &path, domain::Done<QByteArray> done);
    /// POST with a JSON body.
    [[nodiscard]] net::Call post(
        const QString &path, const QByteArray &json, domain::Done<QByteArray> done);

    template <typename T>
    using ParseList = domain::Result<QList<T>> (*)(const QByteArray &, const QString &);
    /// One page of a list.
    template <typename T>
    [[nodiscard]] net::Call page(
        const QString &path, ParseList<T> parse, domain::Done<Page<T>> done);
    /// Pages until there are `limit` items or the list ends; unique by id, in the server's order.
    template <typename T>
    [[nodiscard]] net::Call list(
        const QString &path, ParseList<T> parse, int limit, domain::Done<QList<T>> done);

private:
    net::HttpClient m_http;
    net::Surroundings m_surroundings;
    QString m_projectPath;
};

/// The path of a request for errors: without its query.
[[nodiscard]] QString shownRequest(const char *method, const QString &path);

template <typename T>
net::Call GitLabClient::page(const QString &path, ParseList<T> parse, domain::Done<Page<T>> done)
{
    net::Promise<Page<T>> promise(std::move(done));
    net::HttpRequest request;
    request.path = path;
    promise.follow(m_http.send(
        request, [this, promise, path, parse](domain::Result<net::HttpResponse> answer) {
            if (!answer) {
                promise.finish(domain::failure(std::move(answer.error())));
                return;
            }
            domain::Result<QList<T>> items = parse(answer->body, shownRequest("GET", path));
            if (!items) {
                promise.finish(domain::failure(std::move(items.error())));
                return;
            }
            Page<T> out;
            out.items = std::move(*items);
            const QByteArray link = nextPage(*answer, path);
            if (!link.isEmpty() && !out.items.isEmpty()) {
                const domain::Result<QString> next = m_http.anchored(link);
                if (!next) {
                    promise.finish(domain::failure(next.error()));
                    return;
                }
                out.next = *next;
            }
            promise.finish(std::move(out));
        }));
    return promise.call();
}

/// A list being read page by page.
template <typename T>
class ListReading : public std::enable_shared_from_this<ListReading<T>>
{
public:
    ListReading(GitLabClient &client, GitLabClient::ParseList<T> parse, int limit,
        domain::Done<QList<T>> done)
        : m_client(client)
        , m_parse(parse)
        , m_limit(limit)
        , m_promise(std::move(done))
    {
    }

    [[nodiscard]] net::Call start(const QString &path)
    {
        readPage(path);
        return m_promise.call();
    }

private:
    void readPage(const QString &path)
    {
        m_visited.insert(path);
        m_promise.follow(m_client.page<T>(
            path, m_parse, [self = this->shared_from_this()](domain::Result<Page<T>> page) {
                self->takePage(std::move(page));
            }));
    }

    void takePage(domain::Result<Page<T>> page)
    {
        if (!page) {
            m_promise.finish(domain::failure(std::move(page.error())));
            return;
        }
        for (T &item : page->items) {
            const auto before = m_ids.size();
            m_ids.insert(item.id);
            if (m_ids.size() > before && m_items.size() < m_limit)
                m_items.append(std::move(item));
        }
        if (page->next.isEmpty() || m_items.size() >= m_limit) {
            m_promise.finish(std::move(m_items));
        } else if (m_visited.contains(page->next)) {
            m_promise.finish(domain::failure(domain::ErrorKind::Server,
                QCoreApplication::translate(
                    "gitlab", "The server's list never ends: a page names itself as next."),
                shownRequest("GET", page->next)));
        } else {
            readPage(page->next);
        }
    }

    GitLabClient &m_client;
    GitLabClient::ParseList<T> m_parse;
    int m_limit;
    net::Promise<QList<T>> m_promise;
    QSet<QString> m_visited;
    QSet<decltype(T::id)> m_ids;
    QList<T> m_items;
};

template <typename T>
net::Call GitLabClient::list(
    const QString &path, ParseList<T> parse, int limit, domain::Done<QList<T>> done)
{
    return std::make_shared<ListReading<T>>(*this, parse, limit, std::move(done))->start(path);
}

} // namespace faultline::ci::gitlab
