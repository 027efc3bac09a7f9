// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/net/http_client.h"

namespace faultline::net {

/// What the server says for itself in an error answer, at most 4 KiB of one-paragraph text without
/// control characters: `message`, `error`, `error_description`, `detail` of JSON (GitLab: facts
/// gitlab.md §1, also nested messages by field; Rancher: facts rancher.md §6), the title of HTML,
/// or the plain text. Empty when there is none.
[[nodiscard]] QString serverWords(const HttpResponse &response);

/// True when the body is HTML, by its content type or its first characters.
[[nodiscard]] bool isHtml(const HttpResponse &response);

/// True when an HTML page asks for a name and password or belongs to a single sign-on.
[[nodiscard]] bool looksLikeSignIn(const HttpResponse &response);

/// `text` without control characters and runs of blanks, cut to 4 KiB of UTF-8.
[[nodiscard]] QString tidied(const QString &text);

/// `text` with every secret of `headers` (values, and the part after "Bearer " or "Basic ")
/// replaced by ***.
[[nodiscard]] QString withoutSecrets(QString text, const QList<Header> &headers);

} // namespace faultline::net
