// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/body_parameters.h"

#include <algorithm>
#include <cctype>

#include "services/lab/http/url_parts.h"

namespace faultline::lab {

namespace {

using nlohmann::json;

constexpr std::size_t deepestKey = 8;

// "a[b][][c]" -> a, b, "", c
std::vector<std::string> keyPath(const std::string &key)
{
    std::vector<std::string> path = { key.substr(0, key.find('[')) };
    for (std::size_t at = path.front().size(); at < key.size() && key[at] == '[';) {
        const std::size_t end = key.find(']', at);
        if (end == std::string::npos || path.size() == deepestKey)
            return { key };
        path.push_back(key.substr(at + 1, end - at - 1));
        at = end + 1;
    }
    return path;
}

void put(
    json &target, const std::vector<std::string> &path, std::size_t level, const std::string &value)
{
    if (level == path.size()) {
        target = value;
        return;
    }
    const std::string &step = path[level];
    if (!step.empty()) {
        if (!target.is_object())
            target = json::object();
        put(target[step], path, level + 1, value);
        return;
    }
    if (!target.is_array())
        target = json::array();
    // The next key of the same element goes into it; a key that it has already begins the next
    // element.
    const bool intoLast = level + 1 < path.size() && !target.empty() && target.back().is_object()
        && !target.back().contains(path[level + 1]);
    if (!intoLast)
        target.push_back(nullptr);
    put(target.back(), path, level + 1, value);
}

void putAll(json &target, const std::vector<std::pair<std::string, std::string>> &pairs)
{
    for (const auto &[key, value] : pairs)
        put(target, keyPath(key), 0, value);
}

std::string lowered(std::string_view text)
{
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
        [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

// The value of name="…" or name=… in a header line.
std::string attribute(std::string_view line, std::string_view name)
{
    const std::string lower = lowered(line);
    for (std::size_t at = 0; (at = lower.find(name, at)) != std::string::npos; at += name.size()) {
        const char before = at == 0 ? ';' : lower[at - 1];
        std::size_t start = at + name.size();
        if ((before != ';' && before != ' ') || start >= line.size() || line[start] != '=')
            continue;
        ++start;
        const bool quoted = start < line.size() && line[start] == '"';
        start += quoted ? 1 : 0;
        const std::size_t end
            = quoted ? line.find('"', start) : line.find_first_of("; \r\n", start);
        return std::string(line.substr(start, end == std::string_view::npos ? end : end - start));
    }
    return {};
}

BodyPart partOf(std::string_view text)
{
    BodyPart part;
    const std::size_t headEnd = text.find("\r\n\r\n");
    if (headEnd == std::string_view::npos)
        return part;
    std::string_view head = text.substr(0, headEnd);
    while (!head.empty()) {
        const std::size_t end = std::min(head.find("\r\n"), head.size());
        const std::string_view line = head.substr(0, end);
        if (lowered(line).starts_with("content-disposition:")) {
            part.name = attribute(line, "name");
            part.fileName = attribute(line, "filename");
        }
        head.remove_prefix(std::min(head.size(), end + 2));
    }
    part.content = text.substr(headEnd + 4);
    return part;
}

} // namespace

std::vector<BodyPart> bodyParts(const Request &request)
{
    std::vector<BodyPart> parts;
    const std::string_view type = request.header("content-type");
    const std::string boundary = attribute(type, "boundary");
    if (!lowered(type).starts_with("multipart/form-data") || boundary.empty())
        return parts;
    const std::string delimiter = "--" + boundary;
    std::string_view body = request.body;
    std::size_t at = body.find(delimiter);
    while (at != std::string_view::npos) {
        at += delimiter.size();
        if (body.substr(at, 2) == "--")
            break;
        const std::size_t start = body.find("\r\n", at);
        const std::size_t end
            = start == std::string_view::npos ? start : body.find("\r\n" + delimiter, start);
        if (end == std::string_view::npos)
            break;
        if (end >= start + 2)
            parts.push_back(partOf(body.substr(start + 2, end - start - 2)));
        at = end + 2;
    }
    return parts;
}

json requestParameters(const Request &request)
{
    json parameters = json::object();
    putAll(parameters, request.query);
    const std::string type = lowered(request.header("content-type"));
    if (type.starts_with("application/x-www-form-urlencoded")) {
        if (const auto pairs = parsedQuery(request.body))
            putAll(parameters, *pairs);
    } else if (type.starts_with("multipart/form-data")) {
        for (const BodyPart &part : bodyParts(request))
            if (part.fileName.empty() && !part.name.empty())
                put(parameters, keyPath(part.name), 0, std::string(part.content));
    } else if (!request.body.empty()) {
        const json body = json::parse(request.body, nullptr, false);
        if (body.is_object())
            for (const auto &[key, value] : body.items())
                parameters[key] = value;
    }
    return parameters;
}

std::string textParameter(const json &parameters, std::string_view key)
{
    const auto found = parameters.find(std::string(key));
    if (found == parameters.end() || found->is_structured() || found->is_null())
        return {};
    return found->is_string() ? found->get<std::string>() : found->dump();
}

bool flagParameter(const json &parameters, std::string_view key)
{
    const std::string value = textParameter(parameters, key);
    return value == "true" || value == "1" || value == "t" || value == "yes" || value == "on";
}

std::vector<std::string> listParameter(const json &parameters, std::string_view key)
{
    const auto found = parameters.find(std::string(key));
    std::vector<std::string> list;
    if (found != parameters.end() && found->is_array()) {
        for (const json &item : *found)
            if (item.is_string())
                list.push_back(item.get<std::string>());
    } else if (const std::string one = textParameter(parameters, key); !one.empty()) {
        list.push_back(one);
    }
    return list;
}

} // namespace faultline::lab
