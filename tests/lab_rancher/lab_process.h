// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QJsonArray>
#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QProcess>
#include <QTemporaryDir>
#include <QWebSocket>

#include <functional>
#include <memory>

/// A faultline-lab with a state folder of its own, on a real engine; everything it made is removed
/// at the end.
class LabProcess
{
public:
    explicit LabProcess(QString dockerHost);
    ~LabProcess();

    /// Starts it and waits until it is ready.
    bool start(const QStringList &arguments = {});
    void killHard(); ///< SIGKILL
    bool terminate(int withinMs); ///< SIGTERM; true when it ended with 0 in time
    bool removeAll() const;

    struct Answer
    {
        int status = 0;
        QJsonObject body;
    };
    Answer ask(const QByteArray &method, const QString &path, const QJsonObject &body = {},
        bool withKeys = true);
    /// The bytes of an answer that is a file; empty when it failed.
    QByteArray download(const QString &path);
    /// Those of the answer to a GET, in lower case.
    QHash<QByteArray, QByteArray> headers(const QString &path);
    /// The `data` of a list below the project.
    QJsonArray list(const QString &path);
    /// The only item of a list with this name; empty when there is none.
    QJsonObject named(const QString &type, const QString &name);
    std::unique_ptr<QWebSocket> socket(const QString &path, bool withKeys = true);

    /// A docker command on the engine; gives its trimmed output.
    QString docker(const QStringList &arguments) const;
    [[nodiscard]] QString url() const { return m_url; }
    [[nodiscard]] QString file(const QString &name) const;
    [[nodiscard]] QString output() const { return m_output; }
    [[nodiscard]] QString dockerIdOf(const QString &containerName);

private:
    QByteArray basicAuth() const;

    QString m_dockerHost;
    QTemporaryDir m_state;
    QProcess m_process;
    QNetworkAccessManager m_network;
    QString m_url;
    QString m_output;
};
