// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/notify/delivery.h"

#include "services/domain/attempt_delay.h"
#include "services/notify/text.h"
#include "services/settings/keychain_entry.h"

namespace faultline::notify {

using domain::ErrorKind;

namespace {

/// Without the secret part of the address, wherever the error may repeat it.
domain::Error cleaned(domain::Error error, const Delivery &delivery)
{
    if (!delivery.isPathSecret)
        return error;
    const QString hidden = QStringLiteral("/***");
    error.where = QString::fromLatin1(delivery.method) + u' '
        + delivery.origin.toString(QUrl::RemoveUserInfo) + hidden;
    for (QString *text : { &error.message, &error.serverWords })
        text->replace(delivery.path, hidden);
    return error;
}

net::ServerSettings serverOf(const Delivery &delivery, std::chrono::milliseconds limit)
{
    net::ServerSettings out;
    out.origin = delivery.origin;
    out.authHeaders = delivery.authHeaders;
    out.caFile = delivery.caFile;
    out.totalTimeout = limit;
    if (domain::isLoopbackHost(delivery.origin.host()))
        out.connectTimeout = std::chrono::seconds(2);
    return out;
}

} // namespace

domain::Result<net::HttpResponse> deliver(
    const Delivery &delivery, std::chrono::milliseconds limit, const net::CancelToken &token)
{
    net::HttpRequest request;
    request.method = delivery.method;
    request.path = delivery.path;
    request.body = delivery.body;
    request.contentType = "application/json";
    request.headers = delivery.headers;
    request.expectJson = delivery.expectJson;
    request.mayRepeat = true;
    request.maxBody = 1 << 20;
    const net::ServerSettings server = serverOf(delivery, limit);
    auto answer = net::waitFor<net::HttpResponse>(
        QCoreApplication::instance(),
        [server, request](domain::Done<net::HttpResponse> done) {
            // It may not be deleted from within its own callback.
            const std::shared_ptr<net::HttpClient> client(
                new net::HttpClient(server), [](net::HttpClient *last) { last->deleteLater(); });
            return client->send(request,
                [client, done = std::move(done)](
                    domain::Result<net::HttpResponse> result) { done(std::move(result)); });
        },
        limit, token);
    if (!answer)
        return domain::failure(cleaned(answer.error(), delivery));
    return answer;
}

domain::Result<Delivery> webhookDelivery(const QByteArray &address, const QByteArray &body)
{
    const QUrl url = QUrl::fromEncoded(address.trimmed(), QUrl::StrictMode);
    const bool isWeb = url.scheme() == u"https"
        || (url.scheme() == u"http" && domain::isLoopbackHost(url.host()));
    if (!url.isValid() || !isWeb || url.host().isEmpty() || !url.userInfo().isEmpty())
        return domain::failure(ErrorKind::Invalid,
            Text::tr("The webhook's address must begin with https:// and hold no password."));
    Delivery out;
    out.origin.setScheme(url.scheme());
    out.origin.setHost(url.host());
    out.origin.setPort(url.port());
    out.path = QString::fromLatin1(
        url.toEncoded(QUrl::RemoveScheme | QUrl::RemoveAuthority | QUrl::RemoveFragment));
    if (!out.path.startsWith(u'/'))
        out.path.prepend(u'/');
    out.isPathSecret = true;
    out.body = body;
    return out;
}

domain::Result<QByteArray> slackWebhook(
    const QString &name, const QMap<QString, QString> &environment)
{
    QString suffix;
    for (const QChar letter : name)
        suffix += letter.isLetterOrNumber() && letter.unicode() < 0x80 ? letter.toUpper()
                                                                       : QChar(u'_');
    const QString usual = QStringLiteral("FAULTLINE_SLACK_WEBHOOK");
    for (const QString &variable : { usual + u'_' + suffix, usual }) {
        if (const QString value = environment.value(variable); !value.isEmpty())
            return value.toUtf8();
    }
    auto stored = settings::readKeychainEntry(QStringLiteral("slack/") + name);
    if (stored)
        return stored;
    return domain::failure(ErrorKind::NotFound,
        Text::tr("There is no webhook for \"%1\": set %2, or store it in the keychain as slack/%1.")
            .arg(name, usual));
}

} // namespace faultline::notify
