// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/net/http_client.h"

#include "services/net/request_queue.h"

#include <QCoreApplication>

namespace faultline::net {

class HttpClient::Private
{
public:
    Private(ServerSettings settings, Surroundings surroundings)
        : queue(std::move(settings), std::move(surroundings), nullptr)
    {
    }

    RequestQueue queue;
};

QByteArray HttpResponse::header(const QByteArray &name) const
{
    for (const Header &header : headers) {
        if (header.first.compare(name, Qt::CaseInsensitive) == 0)
            return header.second;
    }
    return {};
}

HttpClient::HttpClient(ServerSettings settings, QObject *parent)
    : HttpClient(std::move(settings), Surroundings(), parent)
{
}

HttpClient::HttpClient(ServerSettings settings, Surroundings surroundings, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(std::move(settings), std::move(surroundings)))
{
}

HttpClient::~HttpClient() = default;

Call HttpClient::send(HttpRequest request, domain::Done<HttpResponse> done)
{
    return d->queue.send(std::move(request), std::move(done));
}

const ServerSettings &HttpClient::settings() const
{
    return d->queue.settings();
}

RateState HttpClient::rateState() const
{
    return d->queue.rateState();
}

void HttpClient::resume()
{
    d->queue.resume();
}

domain::Result<QString> HttpClient::anchored(const QByteArray &link) const
{
    const QUrl &origin = settings().origin;
    const QUrl target = origin.resolved(QUrl::fromEncoded(link.trimmed(), QUrl::StrictMode));
    if (link.trimmed().isEmpty() || !target.isValid() || target.host() != origin.host())
        return domain::failure(domain::ErrorKind::Server,
            QCoreApplication::translate("net",
                "The server's list goes on at another host (%1); this link was not followed.")
                .arg(target.host().left(253)));
    QString path = QString::fromLatin1(
        target.toEncoded(QUrl::RemoveScheme | QUrl::RemoveAuthority | QUrl::RemoveFragment));
    QString prefix = origin.path(QUrl::FullyEncoded);
    while (prefix.endsWith(u'/'))
        prefix.chop(1);
    const bool hasPrefix = path.startsWith(prefix, Qt::CaseInsensitive)
        && (path.size() == prefix.size() || path.at(prefix.size()) == u'/'
            || path.at(prefix.size()) == u'?');
    if (!prefix.isEmpty() && hasPrefix)
        path.remove(0, prefix.size());
    if (!path.startsWith(u'/'))
        path.prepend(u'/');
    return path;
}

} // namespace faultline::net
