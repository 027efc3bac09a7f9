// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "services/lab/gitlab/pipeline_store.h"
#include "services/lab/http/router.h"

namespace faultline::lab {

/// `page` and `per_page` of a request: 1 and 20 when absent, at most 100 a page.
struct Page
{
    std::int64_t number = 1;
    std::int64_t size = 20;

    [[nodiscard]] static Page of(const Request &request);
    [[nodiscard]] Slice slice() const { return { (number - 1) * size, size }; }
    /// One more than fits, to know whether there is a next page.
    [[nodiscard]] Slice sliceAndOne() const { return { (number - 1) * size, size + 1 }; }
};

/// Adds Link and X-* headers. Without a total (or above 10,000 rows) there is no X-Total,
/// X-Total-Pages, rel=last.
void addPageHeaders(Response &response, const Request &request, Page page, bool hasNext,
    std::optional<std::int64_t> total);

/// Adds the only Link of keyset paging: rel=next, with `cursorKey`=`cursor` in place.
void addKeysetHeader(
    Response &response, const Request &request, const std::string &cursorKey, std::int64_t cursor);

} // namespace faultline::lab
