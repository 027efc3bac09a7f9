// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QIODevice>

class QNetworkAccessManager;
class QNetworkReply;
class QNetworkRequest;

namespace faultline::net {

/// A request body that can be read only once. QNetworkAccessManager silently sends a request again,
/// up to three times, when the connection breaks before the answer; a body that can't be rewound
/// makes it give up instead, so that "start a pipeline" reaches the server at most once.
class UploadBody : public QIODevice
{
    Q_OBJECT

public:
    /// Sends `body` once; the body belongs to the reply.
    [[nodiscard]] static QNetworkReply *send(QNetworkAccessManager &network,
        QNetworkRequest request, const QByteArray &method, const QByteArray &body);

    [[nodiscard]] bool isSequential() const override { return false; }
    [[nodiscard]] qint64 size() const override { return m_body.size(); }
    bool reset() override { return false; }

protected:
    qint64 readData(char *data, qint64 maxSize) override;
    qint64 writeData(const char *data, qint64 maxSize) override;

private:
    explicit UploadBody(QByteArray body);

    QByteArray m_body;
    qint64 m_read = 0;
};

} // namespace faultline::net
