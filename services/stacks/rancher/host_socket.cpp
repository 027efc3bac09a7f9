// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/stacks/rancher/host_socket.h"

#include "services/stacks/rancher/rancher_parse.h"
#include "services/stacks/rancher/rancher_paths.h"

#include <QCoreApplication>

namespace faultline::stacks::rancher {

domain::Result<QString> socketPathIn(
    const domain::Result<QByteArray> &answer, const RancherClient &client, const QString &where)
{
    if (!answer)
        return domain::failure(answer.error());
    const domain::Result<HostAccess> access = parseHostAccess(*answer, where);
    if (!access)
        return domain::failure(access.error());
    const domain::Result<QString> path = pathOfLink(access->url, client.settings().origin);
    if (!path)
        return path;
    const QString token = QString::fromLatin1(access->token.toPercentEncoding());
    return withoutQuery(*path) + QStringLiteral("?token=") + token;
}

domain::Error errorOfAccess(domain::Error error, const QString &where)
{
    error.where = where;
    if (error.status == 401) {
        error.kind = domain::ErrorKind::Auth;
        error.mayRetry = true;
        error.message = QCoreApplication::translate("rancher",
            "The server does not accept the token of this connection any more: it expired (it "
            "lives for 5 minutes), or the host's agent is not connected. Open it again.");
    }
    return error;
}

} // namespace faultline::stacks::rancher
