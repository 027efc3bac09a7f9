// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/api_types.h"

#include "services/lab/store/random_text.h"

#include <cctype>

namespace faultline::lab {

std::optional<std::int64_t> parsedId(const std::string &text)
{
    if (text.size() < 3 || text.size() > 24 || text.front() != '1'
        || std::isalpha(static_cast<unsigned char>(text[1])) == 0)
        return std::nullopt;
    std::size_t digits = 1;
    while (digits < text.size() && std::isalpha(static_cast<unsigned char>(text[digits])) != 0)
        ++digits;
    if (digits == text.size() || text.size() - digits > 18)
        return std::nullopt;
    std::int64_t number = 0;
    for (std::size_t i = digits; i < text.size(); ++i) {
        if (text[i] < '0' || text[i] > '9')
            return std::nullopt;
        number = number * 10 + (text[i] - '0');
    }
    return number;
}

ApiError errorForStatus(int status)
{
    switch (status) {
    case 400:
        return { 400, "InvalidBodyContent", {}, {} };
    case 401:
        return { 401, "Unauthorized", {}, {} };
    case 403:
        return { 403, "Forbidden", {}, {} };
    case 404:
        return { 404, "NotFound", {}, {} };
    case 405:
        return { 405, "MethodNotAllowed", {}, {} };
    case 413:
        return { 413, "RequestEntityTooLarge", {}, {} };
    default:
        return { status, "ServerError", {}, {} };
    }
}

Json hostAccess(const ApiScope &scope, const std::string &type, const std::string &path,
    const std::string &token)
{
    std::string url = scope.origin + path;
    url.replace(0, 4, "ws"); // http -> ws, https -> wss
    return { { "type", type }, { "links", Json::object() }, { "actions", Json::object() },
        { "url", url }, { "token", token } };
}

Response errorAnswer(const ApiError &error)
{
    Json body{ { "id", randomUuid() }, { "type", "error" }, { "baseType", "error" },
        { "links", Json::object() }, { "actions", Json::object() }, { "status", error.status },
        { "code", error.code }, { "message", error.message.empty() ? error.code : error.message },
        { "detail", nullptr } };
    if (!error.fieldName.empty())
        body["fieldName"] = error.fieldName;
    Response response;
    response.status = error.status;
    response.contentType = "application/json; charset=utf-8";
    response.body = dumped(body);
    return response;
}

} // namespace faultline::lab
