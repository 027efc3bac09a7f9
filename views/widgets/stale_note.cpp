// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/stale_note.h"

#include <QDateTime>
#include <QLocale>

namespace faultline::views {

StaleNote::StaleNote(QWidget *parent)
    : PlainLabel({}, "strong", parent)
{
    setTone("warning");
    hide();
}

void StaleNote::setHealth(const domain::FeedHealth &health)
{
    using Kind = domain::FeedHealth::Kind;
    const bool isStale = health.kind == Kind::Stale || health.kind == Kind::Refused;
    // Without a time nothing was ever received, and the page says so itself.
    setVisible(isStale && health.since.isValid());
    if (!isVisibleTo(parentWidget()))
        return;
    const QDateTime since = health.since.toLocalTime();
    const QString time = since.date() == QDate::currentDate()
        ? since.toString(QStringLiteral("HH:mm:ss"))
        : QLocale().toString(since, QStringLiteral("d MMM HH:mm"));
    setPlainText(tr("last known at %1").arg(time));
    setToolTip(tr("The connection is lost: these rows may have changed since. The pill in the top "
                  "bar says why, and when it is tried again."));
}

} // namespace faultline::views
