// SPDX-License-Identifier: GPL-3.0-or-later
// Prints how fast the lab tells many subscribers of a change: from the answer to the request that
// made it to the frame at each of them. Usage: bench_subscribe STATE_DIR [CLIENTS], with a lab that
// runs on that folder; it needs no Docker Engine.
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QTimer>
#include <QWebSocket>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <memory>
#include <vector>

namespace {

constexpr int rounds = 20;
constexpr int patience = 20'000; // ms
constexpr int betweenRounds = 1'100; // a resource is told at most once a second

QString fileText(const QString &name)
{
    QFile file(name);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()).trimmed() : QString();
}

class Lab
{
public:
    explicit Lab(const QString &state)
        : m_url(QJsonDocument::fromJson(fileText(state + QStringLiteral("/lab.json")).toUtf8())
                    .object()
                    .value(QStringLiteral("url"))
                    .toString())
        , m_auth("Basic "
              + (fileText(state + QStringLiteral("/secrets/rancher-access-key")) + u':'
                  + fileText(state + QStringLiteral("/secrets/rancher-secret-key")))
                    .toUtf8()
                    .toBase64())
    {
    }

    QJsonObject ask(const QByteArray &method, const QString &path, const QJsonObject &body)
    {
        QNetworkRequest request = requestTo(m_url + path);
        request.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/json"));
        const std::unique_ptr<QNetworkReply> reply(
            m_network.sendCustomRequest(request, method, QJsonDocument(body).toJson()));
        QEventLoop loop;
        QObject::connect(reply.get(), &QNetworkReply::finished, &loop, &QEventLoop::quit);
        loop.exec();
        return QJsonDocument::fromJson(reply->readAll()).object();
    }

    std::unique_ptr<QWebSocket> subscribe()
    {
        auto socket = std::make_unique<QWebSocket>();
        socket->open(requestTo(QString(m_url).replace(0, 4, QStringLiteral("ws"))
            + QStringLiteral("/v2-beta/projects/1a5/subscribe?eventNames=resource.change")));
        return socket;
    }

private:
    QNetworkRequest requestTo(const QString &url) const
    {
        QNetworkRequest request((QUrl(url)));
        request.setRawHeader("Authorization", m_auth);
        request.setRawHeader("User-Agent", "bench");
        request.setRawHeader("Accept", "application/json");
        return request;
    }

    QString m_url;
    QByteArray m_auth;
    QNetworkAccessManager m_network;
};

bool waitFor(const std::function<bool()> &isDone, int limit = patience)
{
    QElapsedTimer clock;
    clock.start();
    while (!isDone() && clock.elapsed() < limit)
        QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents, 20);
    return isDone();
}

double at(const std::vector<double> &sorted, double part)
{
    return sorted[std::min(
        sorted.size() - 1, static_cast<std::size_t>(part * static_cast<double>(sorted.size())))];
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() < 2) {
        std::fprintf(stderr, "usage: bench_subscribe STATE_DIR [CLIENTS]\n");
        return 64;
    }
    const int clients = arguments.size() > 2 ? arguments.at(2).toInt() : 500;
    Lab lab(arguments.at(1));
    const QString stacks = QStringLiteral("/v2-beta/projects/1a5/stacks");
    // Without an engine a stack is never gone, so that each run needs a name of its own.
    const QString name
        = QStringLiteral("bench-subscribe-%1").arg(QCoreApplication::applicationPid());
    const QString id = lab.ask("POST", stacks, { { QStringLiteral("name"), name } })
                           .value(QStringLiteral("id"))
                           .toString();
    if (id.isEmpty()) {
        std::fprintf(stderr, "the lab makes no stack\n");
        return 1;
    }
    const QString stack = stacks + u'/' + id;

    QString mark;
    QElapsedTimer clock;
    std::vector<double> took;
    int opened = 0;
    int closed = 0;
    std::vector<std::unique_ptr<QWebSocket>> sockets;
    for (int i = 0; i < clients; ++i) {
        sockets.push_back(lab.subscribe());
        QWebSocket *socket = sockets.back().get();
        QObject::connect(socket, &QWebSocket::connected, [&opened] { ++opened; });
        QObject::connect(socket, &QWebSocket::disconnected, [&closed] { ++closed; });
        QObject::connect(socket, &QWebSocket::textMessageReceived, [&](const QString &text) {
            if (!mark.isEmpty() && text.contains(mark))
                took.push_back(static_cast<double>(clock.nsecsElapsed()) / 1e6);
        });
        waitFor([&] { return opened > i; });
    }
    std::size_t expected = 0;
    for (int round = 0; round < rounds; ++round) {
        waitFor([] { return false; }, betweenRounds);
        mark = QStringLiteral("mark-%1-end").arg(round);
        clock.start();
        lab.ask("PUT", stack, { { QStringLiteral("description"), mark } });
        expected += static_cast<std::size_t>(clients);
        waitFor([&] { return took.size() >= expected; });
    }
    lab.ask("DELETE", stack, {});
    std::sort(took.begin(), took.end());
    std::printf("subscribe: %d of %d clients open, %d dropped; %zu of %zu frames\n", opened,
        clients, closed, took.size(), expected);
    if (!took.empty())
        std::printf("  from the request to the frame: median %.1f ms, p99 %.1f ms, last %.1f ms\n",
            at(took, 0.5), at(took, 0.99), took.back());
    return took.size() == expected ? 0 : 1;
}
