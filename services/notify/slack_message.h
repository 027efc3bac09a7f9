// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/notify/run_notice.h"

#include <QByteArray>

namespace faultline::notify {

/// The JSON of an incoming webhook (api.slack.com/messaging/webhooks) with Block Kit blocks, within
/// Slack's bounds: 50 blocks, 150 characters of a header, 3000 of a section, 10 fields of 2000.
/// What comes from a case, a server or a log can't make a mention, a link or a format of it.
[[nodiscard]] QByteArray slackMessage(const RunNotice &notice);

/// The same webhook's message about a scene whose time is nearly over.
[[nodiscard]] QByteArray slackExpiryWarning(const RunNotice &notice);

/// Text for mrkdwn: "&", "<" and ">" as entities (api.slack.com/reference/surfaces/formatting),
/// control characters as spaces, at most `longest` characters of the result.
[[nodiscard]] QString slackText(const QString &text, qsizetype longest);

} // namespace faultline::notify
