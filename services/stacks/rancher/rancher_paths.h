// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/result.h"

#include <QUrl>

/// Paths of Rancher's v2-beta API (facts: rancher.md §0, §1, §3). Absolute on the origin,
/// percent-encoded.
namespace faultline::stacks::rancher {

/// "/v2-beta/projects/1a5"
[[nodiscard]] QString projectPath(const QString &projectId);
/// Everything of a collection in as few pages as the server allows.
[[nodiscard]] QString listPath(const QString &project, const QString &collection);
[[nodiscard]] QString resourcePath(
    const QString &project, const QString &collection, const QString &id);
[[nodiscard]] QString subscribePath(const QString &project);

/// Path and query of a link that the server wrote, for the configured origin: behind a proxy, links
/// may carry another scheme, port or host, and whatever they say, only our origin is spoken to.
/// ErrorKind::Server when it isn't an address of Rancher's API.
[[nodiscard]] domain::Result<QString> pathOfLink(const QString &link, const QUrl &origin);

/// The path of a link without its query, which may hold a token: for errors and logs.
[[nodiscard]] QString withoutQuery(const QString &path);

} // namespace faultline::stacks::rancher
