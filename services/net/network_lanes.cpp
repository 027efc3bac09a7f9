// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/net/network_lanes.h"

#include <QNetworkAccessManager>
#include <QNetworkCookie>
#include <QNetworkCookieJar>

namespace faultline::net {

namespace {

class NoCookies : public QNetworkCookieJar
{
public:
    using QNetworkCookieJar::QNetworkCookieJar;
    [[nodiscard]] QList<QNetworkCookie> cookiesForUrl(const QUrl &) const override { return {}; }
    bool setCookiesFromUrl(const QList<QNetworkCookie> &, const QUrl &) override { return false; }
};

} // namespace

NetworkLanes::NetworkLanes()
{
    for (Lane &lane : m_lanes)
        lane = fresh();
}

NetworkLanes::Lane NetworkLanes::fresh()
{
    auto network = std::make_shared<QNetworkAccessManager>();
    network->setCookieJar(new NoCookies(network.get()));
    network->setAutoDeleteReplies(false);
    return { std::move(network), false };
}

} // namespace faultline::net
