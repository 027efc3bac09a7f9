// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/metrics_page.h"

#include "services/net/http_client.h"
#include "services/runs/role_exec.h"

#include <QUrl>

#include <cmath>
#include <mutex>
#include <utility>

namespace faultline::runs {

using namespace std::chrono_literals;

namespace {

constexpr auto gap = 1s;
constexpr qint64 largestPage = 256 << 10;
constexpr int usualPort = 80;

} // namespace

/// The client lives on the backend's thread; the numbers are handed over.
struct MetricsPage::Shared
{
    std::mutex mutex;
    std::map<std::string, double> values;
    bool isAsking = false;
    std::unique_ptr<net::HttpClient> client; // touched on the backend's thread only
    std::string authority; // that it is for
    net::Call call; // touched on the backend's thread only
};

std::map<std::string, double> metricsOf(const std::string &json)
{
    std::map<std::string, double> out;
    const auto page = nlohmann::json::parse(json, nullptr, false);
    const auto take = [&out](const std::string &name, const nlohmann::json &value) {
        if (value.is_number() && std::isfinite(value.get<double>()))
            out[name] = value.get<double>();
    };
    if (!page.is_object())
        return out;
    for (const auto &[name, value] : page.items()) {
        take(name, value);
        if (!value.is_object())
            continue;
        for (const auto &[inner, number] : value.items())
            take(name + '.' + inner, number);
    }
    return out;
}

MetricsPage::MetricsPage(const RunState &state)
    : m_state(state)
    , m_shared(std::make_shared<Shared>())
{
    const QUrl url(QString::fromStdString(state.request.caseFile.workload.metrics));
    if (url.scheme() != QLatin1StringView("http"))
        return;
    m_role = url.host().toStdString();
    m_port = url.port(usualPort);
    m_path = url.path(QUrl::FullyEncoded).isEmpty() ? QStringLiteral("/")
                                                    : url.path(QUrl::FullyEncoded);
    if (url.hasQuery())
        m_path += u'?' + url.query(QUrl::FullyEncoded);
}

MetricsPage::~MetricsPage()
{
    QMetaObject::invokeMethod(
        &m_state.backend,
        [shared = m_shared] {
            shared->call.cancel();
            shared->client.reset();
        },
        Qt::QueuedConnection);
}

std::map<std::string, double> MetricsPage::take(RunState::Clock::time_point now)
{
    if (m_role.empty())
        return {};
    const std::lock_guard lock(m_shared->mutex);
    if (now >= m_next && !m_shared->isAsking) {
        m_next = now + gap;
        const QStringList found = m_state.stack.endpoints(serviceOf(m_state, m_role), m_port);
        const bool isRole = m_state.stack.service(serviceOf(m_state, m_role)).has_value();
        if (!found.isEmpty())
            ask(found.first().toStdString());
        else if (!isRole)
            ask(m_role + ':' + std::to_string(m_port));
    }
    return std::exchange(m_shared->values, {});
}

void MetricsPage::ask(const std::string &authority)
{
    m_shared->isAsking = true;
    QMetaObject::invokeMethod(
        &m_state.backend,
        [shared = m_shared, authority, path = m_path] {
            if (!shared->client || shared->authority != authority) {
                net::ServerSettings settings;
                settings.origin
                    = QUrl(QStringLiteral("http://") + QString::fromStdString(authority));
                settings.totalTimeout = 5s;
                settings.maxAttempts = 1;
                shared->client = std::make_unique<net::HttpClient>(settings);
                shared->authority = authority;
            }
            net::HttpRequest request;
            request.path = path;
            request.maxBody = largestPage;
            shared->call = shared->client->send(
                request, [shared](domain::Result<net::HttpResponse> response) {
                    const std::lock_guard lock(shared->mutex);
                    shared->isAsking = false;
                    if (response) // a page that is not there for a moment is a gap in the curve
                        shared->values = metricsOf(response->body.toStdString());
                });
        },
        Qt::QueuedConnection);
}

} // namespace faultline::runs
