// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QUrl>

namespace faultline::settings {

/// A server's origin as people paste it: without the API path that Rancher's and GitLab's own tools
/// append
/// ("http://host:8080/v2-beta/projects/1a5"), and the Rancher environment that such a path named.
struct ServerAddress
{
    QUrl origin; ///< invalid when the text is no http or https URL
    QString rancherProject; ///< may be empty
    bool hasCredentials
        = false; ///< "user:password@": must not be used, secrets don't belong into URLs
};

[[nodiscard]] ServerAddress serverAddress(const QString &text);

} // namespace faultline::settings
