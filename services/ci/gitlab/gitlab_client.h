// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/ci/gitlab/gitlab_paging.h"
#include "services/ci/gitlab/gitlab_parse.h"
#include "services/net/surroundings.h"

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
    /// The same for a list that is sorted by id, newest first, and pages by numbers: several pages
    /// at once, and none missed when rows come in meanwhile. `keysetPath` is read instead where the
    /// server refuses page numbers (status 405: facts gitlab.md §3.1, beyond 50,000 rows).
    template <typename T>
    [[nodiscard]] net::Call listNewestFirst(const QString &path, const QString &keysetPath,
        ParseList<T> parse, int limit, domain::Done<QList<T>> done);

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

} // namespace faultline::ci::gitlab

#include "services/ci/gitlab/gitlab_listing.h"
