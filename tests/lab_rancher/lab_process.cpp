// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/lab_rancher/lab_process.h"

#include <QDeadlineTimer>
#include <QEventLoop>
#include <QJsonDocument>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QProcessEnvironment>
#include <QTest>

namespace {

QString program()
{
    return QStringLiteral(FAULTLINE_BIN_DIR "/faultline-lab");
}

} // namespace

LabProcess::LabProcess(QString dockerHost)
    : m_dockerHost(std::move(dockerHost))
{
    m_process.setProcessChannelMode(QProcess::MergedChannels);
}

LabProcess::~LabProcess()
{
    killHard();
    removeAll();
}

QString LabProcess::file(const QString &name) const
{
    QFile content(m_state.filePath(name));
    return content.open(QIODevice::ReadOnly) ? QString::fromUtf8(content.readAll()).trimmed()
                                             : QString();
}

bool LabProcess::start(const QStringList &arguments)
{
    m_output.clear();
    m_process.start(program(),
        QStringList{ QStringLiteral("serve"), QStringLiteral("--state"), m_state.path(),
            QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0"), QStringLiteral("--docker"),
            m_dockerHost }
            + arguments);
    const QDeadlineTimer deadline(20'000);
    while (!deadline.hasExpired() && m_process.state() != QProcess::NotRunning) {
        m_process.waitForReadyRead(100);
        m_output += QString::fromUtf8(m_process.readAll());
        if (m_output.contains(QStringLiteral("ready at "))) {
            m_url = QJsonDocument::fromJson(file(QStringLiteral("lab.json")).toUtf8())
                        .object()[QStringLiteral("url")]
                        .toString();
            return !m_url.isEmpty();
        }
    }
    qWarning("%s", qPrintable(m_output));
    return false;
}

void LabProcess::killHard()
{
    m_process.kill();
    m_process.waitForFinished();
}

bool LabProcess::terminate(int withinMs)
{
    m_process.terminate();
    return m_process.waitForFinished(withinMs) && m_process.exitStatus() == QProcess::NormalExit
        && m_process.exitCode() == 0;
}

bool LabProcess::removeAll() const
{
    return QProcess::execute(program(),
               { QStringLiteral("remove-all"), QStringLiteral("--state"), m_state.path(),
                   QStringLiteral("--docker"), m_dockerHost })
        == 0;
}

QByteArray LabProcess::basicAuth() const
{
    const QString keys = file(QStringLiteral("secrets/rancher-access-key")) + QLatin1Char(':')
        + file(QStringLiteral("secrets/rancher-secret-key"));
    return "Basic " + keys.toUtf8().toBase64();
}

LabProcess::Answer LabProcess::ask(
    const QByteArray &method, const QString &path, const QJsonObject &body, bool withKeys)
{
    QNetworkRequest request(QUrl(m_url + path));
    request.setTransferTimeout(20'000);
    request.setRawHeader("Accept", "application/json");
    request.setRawHeader("User-Agent", "tests");
    request.setRawHeader("X-API-No-Challenge", "true");
    request.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/json"));
    if (withKeys)
        request.setRawHeader("Authorization", basicAuth());
    const QByteArray bytes = body.isEmpty() ? QByteArray() : QJsonDocument(body).toJson();
    std::unique_ptr<QNetworkReply> reply(m_network.sendCustomRequest(request, method, bytes));
    QEventLoop loop;
    QObject::connect(reply.get(), &QNetworkReply::finished, &loop, &QEventLoop::quit);
    if (!reply->isFinished())
        loop.exec();
    return { reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(),
        QJsonDocument::fromJson(reply->readAll()).object() };
}

QByteArray LabProcess::download(const QString &path)
{
    QNetworkRequest request(QUrl(m_url + path));
    request.setTransferTimeout(20'000);
    request.setRawHeader("User-Agent", "tests");
    request.setRawHeader("Authorization", basicAuth());
    std::unique_ptr<QNetworkReply> reply(m_network.get(request));
    QEventLoop loop;
    QObject::connect(reply.get(), &QNetworkReply::finished, &loop, &QEventLoop::quit);
    if (!reply->isFinished())
        loop.exec();
    return reply->error() == QNetworkReply::NoError ? reply->readAll() : QByteArray();
}

QHash<QByteArray, QByteArray> LabProcess::headers(const QString &path)
{
    QNetworkRequest request(QUrl(m_url + path));
    request.setTransferTimeout(20'000);
    request.setRawHeader("User-Agent", "tests");
    request.setRawHeader("Authorization", basicAuth());
    std::unique_ptr<QNetworkReply> reply(m_network.get(request));
    QEventLoop loop;
    QObject::connect(reply.get(), &QNetworkReply::finished, &loop, &QEventLoop::quit);
    if (!reply->isFinished())
        loop.exec();
    QHash<QByteArray, QByteArray> out;
    for (const auto &[name, value] : reply->rawHeaderPairs())
        out.insert(name.toLower(), value);
    return out;
}

QJsonArray LabProcess::list(const QString &path)
{
    return ask("GET", QStringLiteral("/v2-beta/projects/1a5/") + path)
        .body[QStringLiteral("data")]
        .toArray();
}

QJsonObject LabProcess::named(const QString &type, const QString &name)
{
    return list(type + QStringLiteral("?name=") + name).at(0).toObject();
}

std::unique_ptr<QWebSocket> LabProcess::socket(const QString &path, bool withKeys)
{
    auto socket = std::make_unique<QWebSocket>();
    QNetworkRequest request(QUrl(QString(m_url).replace(0, 4, QStringLiteral("ws")) + path));
    if (withKeys)
        request.setRawHeader("Authorization", basicAuth());
    socket->open(request);
    return socket;
}

QString LabProcess::docker(const QStringList &arguments) const
{
    QProcess process;
    process.start(
        QStringLiteral("docker"), QStringList{ QStringLiteral("-H"), m_dockerHost } + arguments);
    process.waitForFinished(60'000);
    return QString::fromUtf8(process.readAllStandardOutput()).trimmed();
}

QString LabProcess::dockerIdOf(const QString &containerName)
{
    return named(QStringLiteral("containers"), containerName)[QStringLiteral("externalId")]
        .toString();
}
