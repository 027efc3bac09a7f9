// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/net/upload_body.h"

#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>

#include <algorithm>
#include <cstring>

namespace faultline::net {

UploadBody::UploadBody(QByteArray body)
    : m_body(std::move(body))
{
    open(QIODevice::ReadOnly | QIODevice::Unbuffered);
}

QNetworkReply *UploadBody::send(QNetworkAccessManager &network, QNetworkRequest request,
    const QByteArray &method, const QByteArray &body)
{
    request.setHeader(QNetworkRequest::ContentLengthHeader, body.size());
    auto *device = new UploadBody(body);
    QNetworkReply *reply = network.sendCustomRequest(request, method, device);
    device->setParent(reply);
    return reply;
}

qint64 UploadBody::readData(char *data, qint64 maxSize)
{
    const qint64 length = std::min<qint64>(maxSize, m_body.size() - m_read);
    if (length <= 0)
        return -1;
    std::memcpy(data, m_body.constData() + m_read, static_cast<std::size_t>(length));
    m_read += length;
    return length;
}

qint64 UploadBody::writeData(const char *, qint64)
{
    return -1;
}

} // namespace faultline::net
