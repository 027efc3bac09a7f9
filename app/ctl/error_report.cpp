// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/error_report.h"

#include "app/ctl/printable.h"
#include "app/ctl/text.h"

namespace faultline::ctl {

namespace {

QString nextStep(const domain::Error &error)
{
    using domain::ErrorKind;
    switch (error.kind) {
    case ErrorKind::Network:
        return Text::tr("Check that the server runs and that the URL in the workspace is right.");
    case ErrorKind::Tls:
        return Text::tr(
            "If the server has a certificate of a private authority, name that authority's file as "
            "\"caFile\" in the workspace. Only when you have compared the fingerprint with the "
            "server's "
            "own, put it there as \"trustedFingerprint\".");
    case ErrorKind::Auth:
        return Text::tr("Put a valid token where the workspace's secret reference points to.");
    case ErrorKind::Forbidden:
        return Text::tr("Use a token with the needed scope, or ask for the permission.");
    case ErrorKind::NotFound:
        return error.where.isEmpty() || error.status != 0
            ? Text::tr("Check the name; \"faultlinectl inspect\" lists the stacks.")
            : Text::tr("Check the name.");
    case ErrorKind::Conflict:
        return Text::tr("Look at its state with \"faultlinectl inspect\" and try again.");
    case ErrorKind::RateLimited:
        return error.retryAt
            ? Text::tr("Try again after %1.").arg(error.retryAt->toUTC().toString(Qt::ISODate))
            : Text::tr("Wait a minute and try again.");
    case ErrorKind::Server:
        return Text::tr("Look into the server's log; try again when it is well.");
    case ErrorKind::Timeout:
        return Text::tr("Try again, or give more time with --timeout.");
    case ErrorKind::Invalid:
        return Text::tr(
            "\"faultlinectl --help\" and \"faultlinectl COMMAND --help\" show the usage.");
    case ErrorKind::Cancelled:
    case ErrorKind::Local:
        return {};
    }
    return {};
}

} // namespace

QString errorReport(const domain::Error &error)
{
    QString out = QStringLiteral("faultlinectl: %1\n").arg(error.message);
    if (!error.where.isEmpty())
        out += QStringLiteral("  ") + Text::tr("where: %1").arg(error.where) + u'\n';
    if (!error.serverWords.isEmpty())
        out += QStringLiteral("  ")
            + Text::tr("the server said: %1").arg(error.serverWords.trimmed()) + u'\n';
    const QString next = nextStep(error);
    if (!next.isEmpty())
        out += QStringLiteral("  ") + Text::tr("next: %1").arg(next) + u'\n';
    return printable(out);
}

} // namespace faultline::ctl
