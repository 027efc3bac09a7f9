// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/api_trace.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace faultline::lab {

namespace {

struct ByteRange
{
    std::int64_t first = 0;
    std::int64_t last = 0; ///< inclusive
};

enum class RangeKind { none, satisfiable, beyond };

std::optional<std::int64_t> numberOf(std::string_view text)
{
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < 0)
        return std::nullopt;
    return value;
}

// RFC 9110 §14: what can't be read, and several ranges at once, count as no range at all.
std::pair<RangeKind, ByteRange> rangeOf(std::string_view header, std::int64_t size)
{
    if (!header.starts_with("bytes=") || header.find(',') != std::string_view::npos)
        return { RangeKind::none, {} };
    header.remove_prefix(6);
    const std::size_t dash = header.find('-');
    if (dash == std::string_view::npos)
        return { RangeKind::none, {} };
    const auto first = numberOf(header.substr(0, dash));
    const auto last = numberOf(header.substr(dash + 1));
    ByteRange range{ first.value_or(0), size - 1 };
    if (!first && !last)
        return { RangeKind::none, {} };
    if (!first)
        range.first = std::max<std::int64_t>(0, size - *last);
    else if (last)
        range.last = std::min(*last, size - 1);
    return { range.first >= size || range.first > range.last ? RangeKind::beyond
                                                             : RangeKind::satisfiable,
        range };
}

// A log only grows, and a retried job has another id: job and size name its bytes.
std::string etagOf(const JobRecord &job, std::int64_t size)
{
    return "\"" + std::to_string(job.id) + "-" + std::to_string(job.erased) + "-"
        + std::to_string(size) + "\"";
}

void traceAnswer(const ApiCall &call)
{
    const JobRecord job = call.job();
    const TraceStore &traces = call.context().traces;
    const std::int64_t size = traces.size(job.id);
    const std::string etag = etagOf(job, size);
    Response response;
    response.contentType = "text/plain";
    response.headers = { { "Accept-Ranges", "bytes" }, { "ETag", etag },
        { "Content-Disposition", "infile; filename=\"" + std::to_string(job.id) + ".log\"" },
        { "Cache-Control", "max-age=0, private, must-revalidate" } };
    if (call.request().header("if-none-match") == etag) {
        response.status = 304;
        return call.reply(std::move(response));
    }
    const auto [kind, asked] = rangeOf(call.request().header("range"), size);
    if (kind == RangeKind::beyond) {
        response.status = 416;
        response.headers.emplace_back("Content-Range", "bytes */" + std::to_string(size));
        return call.reply(std::move(response));
    }
    const ByteRange range = kind == RangeKind::none ? ByteRange{ 0, size - 1 } : asked;
    if (kind == RangeKind::satisfiable) {
        response.status = 206;
        response.headers.emplace_back("Content-Range",
            "bytes " + std::to_string(range.first) + "-" + std::to_string(range.last) + "/"
                + std::to_string(size));
    }
    auto bytes = traces.read(job.id, range.first, range.last - range.first + 1);
    if (!bytes)
        throw ApiFailure::message(500, "500 " + bytes.error());
    response.body = std::move(*bytes);
    call.reply(std::move(response));
}

} // namespace

void addTraceRoutes(ApiRoutes &routes)
{
    routes.addToProject("GET", "/jobs/:job/trace", traceAnswer);
}

} // namespace faultline::lab
