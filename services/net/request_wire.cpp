// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/net/request_wire.h"

#include <algorithm>

namespace faultline::net {

namespace {

bool isClean(const QByteArray &text)
{
    return std::none_of(
        text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

bool areClean(const QList<Header> &headers)
{
    return std::all_of(headers.begin(), headers.end(), [](const Header &header) {
        return !header.first.isEmpty() && isClean(header.first) && isClean(header.second);
    });
}

bool has(const QList<Header> &headers, const QByteArray &name)
{
    return std::any_of(headers.begin(), headers.end(), [&name](const Header &header) {
        return header.first.compare(name, Qt::CaseInsensitive) == 0;
    });
}

} // namespace

bool canBeSent(const HttpRequest &request, const QList<Header> &authHeaders)
{
    return areClean(request.headers) && areClean(authHeaders) && isClean(request.contentType);
}

HttpAttempt::Wire wireOf(
    const HttpRequest &request, const Hop &hop, const QList<Header> &authHeaders)
{
    HttpAttempt::Wire wire;
    wire.url = hop.url;
    wire.method = hop.method;
    wire.maxBody = request.maxBody;
    wire.sink = request.sink;
    wire.headers = request.headers;
    wire.headers.append(Header{ "User-Agent", "Faultline/" FAULTLINE_VERSION });
    if (!has(request.headers, "Accept"))
        wire.headers.append(Header{ "Accept", request.expectJson ? "application/json" : "*/*" });
    if (!has(request.headers, "Accept-Encoding"))
        wire.headers.append(
            Header{ "Accept-Encoding", has(request.headers, "Range") ? "identity" : "gzip" });
    if (hop.keepsBody) {
        wire.body = request.body;
        if (!request.contentType.isEmpty())
            wire.headers.append(Header{ "Content-Type", request.contentType });
    }
    if (hop.keepsSecrets)
        wire.headers.append(authHeaders);
    return wire;
}

} // namespace faultline::net
