// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/net/http_client.h"

namespace faultline::ci::gitlab {

/// Address of the page after this one: `Link: <…>; rel="next"`, else `X-Next-Page` put into `path`
/// (facts: gitlab.md §8); empty at the end. As the server wrote it: anchor it before use.
[[nodiscard]] QByteArray nextPage(const net::HttpResponse &response, const QString &path);

} // namespace faultline::ci::gitlab
