// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/stacks/rancher/rancher_client.h"
#include "services/stacks/rancher/rancher_paths.h"

#include <QCoreApplication>

namespace faultline::stacks::rancher {

/// One list being read page by page.
template <typename T>
class ListReading : public std::enable_shared_from_this<ListReading<T>>
{
public:
    using Parse = RancherClient::ParsePage<T>;

    ListReading(net::HttpClient &http, Parse parse, domain::Done<QList<T>> done)
        : m_http(http)
        , m_parse(parse)
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
        net::HttpRequest request;
        request.path = path;
        m_promise.follow(m_http.send(request,
            [self = this->shared_from_this(), path](domain::Result<net::HttpResponse> answer) {
                self->takePage(path, std::move(answer));
            }));
    }

    void takePage(const QString &path, domain::Result<net::HttpResponse> answer)
    {
        if (!answer) {
            m_promise.finish(domain::failure(std::move(answer.error())));
            return;
        }
        domain::Result<Page<T>> page
            = m_parse(answer->body, QStringLiteral("GET ") + withoutQuery(path));
        if (!page) {
            m_promise.finish(domain::failure(std::move(page.error())));
            return;
        }
        for (T &item : page->items) {
            const auto size = m_ids.size();
            m_ids.insert(item.id);
            if (m_ids.size() > size)
                m_items.append(std::move(item));
        }
        if (page->next.isEmpty())
            m_promise.finish(std::move(m_items));
        else
            follow(QString::fromUtf8(page->next));
    }

    void follow(const QString &link)
    {
        const domain::Result<QString> next = pathOfLink(link, m_http.settings().origin);
        if (!next) {
            m_promise.finish(domain::failure(next.error()));
        } else if (m_visited.contains(*next)) {
            m_promise.finish(domain::failure(domain::ErrorKind::Server,
                QCoreApplication::translate(
                    "rancher", "The server's list never ends: a page names itself as next."),
                QStringLiteral("GET ") + withoutQuery(*next)));
        } else {
            readPage(*next);
        }
    }

    net::HttpClient &m_http;
    Parse m_parse;
    net::Promise<QList<T>> m_promise;
    QSet<QString> m_visited;
    QSet<decltype(T::id)> m_ids;
    QList<T> m_items;
};

template <typename T>
net::Call RancherClient::list(QString path, ParsePage<T> parse, domain::Done<QList<T>> done)
{
    return std::make_shared<ListReading<T>>(m_http, parse, std::move(done))->start(path);
}

} // namespace faultline::stacks::rancher
